# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module that talks to Airflow's REST API has in common: arguments, client, and how an error ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible_collections.airfield.airflow.plugins.module_utils._api_client import ApiClient, ApiSettings
from ansible_collections.airfield.airflow.plugins.module_utils._api_errors import ApiError

# Credentials are named api_*, so that a default of the action group cannot be taken for a connection's own password.
API_ARGUMENTS: dict[str, dict[str, Any]] = {
    "api_url": {"type": "str", "required": True, "fallback": (env_fallback, ["AIRFLOW_API_URL"])},
    "api_username": {"type": "str", "fallback": (env_fallback, ["AIRFLOW_API_USERNAME"])},
    "api_password": {"type": "str", "no_log": True, "fallback": (env_fallback, ["AIRFLOW_API_PASSWORD"])},
    "api_token": {"type": "str", "no_log": True, "fallback": (env_fallback, ["AIRFLOW_API_TOKEN"])},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "int", "default": 30},
}
API_REQUIRED_TOGETHER = [["api_username", "api_password"]]
API_REQUIRED_ONE_OF = [["api_token", "api_username"]]


def client_of(module: AnsibleModule) -> ApiClient:
    params = module.params
    return ApiClient(
        ApiSettings(
            url=params["api_url"],
            username=params["api_username"],
            password=params["api_password"],
            token=params["api_token"],
            validate_certs=params["validate_certs"],
            ca_path=params["ca_path"],
            timeout=params["timeout"],
        )
    )


def run(module: AnsibleModule, sync: Callable[[AnsibleModule, ApiClient], dict[str, Any]]) -> None:
    """End the module with what ``sync`` returns, or with the sentence of the error that it raised."""
    try:
        result = sync(module, client_of(module))
    except ApiError as error:
        facts = {"changed": False, **error.facts}
        module.fail_json(msg=str(error), status=error.status, error=type(error).__name__, **facts)
    module.exit_json(**result)

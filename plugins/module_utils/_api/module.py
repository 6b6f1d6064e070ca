# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module for Airflow's REST API has in common: arguments, client, and error handling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, ApiSettings
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError

# The newest Airflow version that these modules were tested with.
TESTED = (3, 3)
# Credentials are named api_*, so that a default of the action group is not mistaken for a connection's own password.
API_ARGUMENTS: dict[str, dict[str, Any]] = {
    "api_url": {"type": "str", "required": True, "fallback": (env_fallback, ["AIRFLOW_API_URL"])},
    "api_username": {"type": "str", "fallback": (env_fallback, ["AIRFLOW_API_USERNAME"])},
    "api_password": {"type": "str", "no_log": True, "fallback": (env_fallback, ["AIRFLOW_API_PASSWORD"])},
    "api_token": {"type": "str", "no_log": True, "fallback": (env_fallback, ["AIRFLOW_API_TOKEN"])},
    "client_cert": {"type": "path", "fallback": (env_fallback, ["AIRFLOW_API_CLIENT_CERT"])},
    "client_key": {"type": "path", "no_log": False, "fallback": (env_fallback, ["AIRFLOW_API_CLIENT_KEY"])},
    "validate_certs": {
        "type": "bool",
        "default": True,
        "fallback": (env_fallback, ["AIRFLOW_API_VALIDATE_CERTS"]),
    },
    "ca_path": {"type": "path", "fallback": (env_fallback, ["AIRFLOW_API_CA_PATH"])},
    "timeout": {"type": "int", "default": 30, "fallback": (env_fallback, ["AIRFLOW_API_TIMEOUT"])},
}

# Numeric options of several modules. Lower values would be a crash or a loop without a pause.
LEAST = {
    "timeout": 1,
    "wait_timeout": 0,
    "poll_interval": 1,
    "import_error_grace": 0,
    "limit": 0,
    "events": 0,
    "log_lines": 0,
    "task_log_lines": 0,
    "max_age": 0,
    "tail": 0,
    "try_number": 1,
}


def api_module(argument_spec: dict[str, dict[str, Any]], credentials: bool = True, **rules: Any) -> AnsibleModule:
    """An AnsibleModule with the options of the API and check mode; ``rules`` are its further arguments.

    ``credentials``: whether they are required; Airflow returns a few facts to everybody.
    """
    one_of = [["api_token", "api_username", "client_cert"]] if credentials else []
    module = AnsibleModule(
        argument_spec={**API_ARGUMENTS, **argument_spec},
        required_together=[["api_username", "api_password"], *rules.pop("required_together", [])],
        required_one_of=[*one_of, *rules.pop("required_one_of", [])],
        required_by={"client_key": ["client_cert"], **rules.pop("required_by", {})},
        supports_check_mode=True,
        **rules,
    )
    for name, least in LEAST.items():
        value = module.params.get(name)
        if value is not None and value < least:
            module.fail_json(msg=f"{name} must be {least} or more.")
    return module


def client_of(module: AnsibleModule) -> ApiClient:
    return ApiClient(ApiSettings.of(module.params.__getitem__))


def run(module: AnsibleModule, sync: Callable[[AnsibleModule, ApiClient], dict[str, Any]]) -> None:
    """End the module with what ``sync`` returns, or with the message of the error that it raised."""
    try:
        client = client_of(module)
        result = sync(module, client)
        warn_of_newer(module, client)
    except ApiError as error:
        facts = {"changed": False, **error.facts}
        module.fail_json(msg=str(error), status=error.status, error=type(error).__name__, **facts)
    module.exit_json(**result)


def warn_of_newer(module: AnsibleModule, client: ApiClient) -> None:
    """Warn if Airflow is newer than what was tested: its API grows, and seldom breaks."""
    try:
        with client.single_attempts():
            newer = client.version[: len(TESTED)] > TESTED
    except ApiError:
        return  # the module has done its work: an API that went down since then is no reason to fail
    if newer:
        tested = ".".join(str(number) for number in TESTED)
        module.warn(
            f"Airflow {client.airflow} is newer than {tested}, the newest that this module was tested with. "
            "If something does not work, look for a newer version of airfield.airflow."
        )

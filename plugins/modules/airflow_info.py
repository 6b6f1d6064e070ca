#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: airflow_info
short_description: Show the version, the health and the executor of Airflow
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Asks Airflow's REST API for its version, for the health of each component and for the configured executor.
  - Can wait until Airflow answers and its components are healthy.
  - Version and health need no user. Only the executor needs O(api_username) with O(api_password), or O(api_token).
options:
  wait:
    description: Whether to wait until the API answers and every one of O(components) is healthy.
    type: bool
    default: false
  wait_timeout:
    description: How many seconds to wait at most.
    type: int
    default: 300
  poll_interval:
    description: How many seconds lie between two looks.
    type: int
    default: 2
  components:
    description: The components whose health counts. Leave V(triggerer) out for an Airflow without one.
    type: list
    elements: str
    choices: [metadatabase, scheduler, dag_processor, triggerer]
    default: [metadatabase, scheduler, dag_processor, triggerer]
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
  - airfield.airflow.attributes.action_group
"""

EXAMPLES = r"""
- name: Wait until Airflow is healthy
  airfield.airflow.airflow_info:
    api_url: http://127.0.0.1:32080
    api_username: admin
    api_password: "{{ airflow_admin_password }}"
    wait: true
    wait_timeout: 300
  register: airflow

- name: Show what runs there
  ansible.builtin.debug:
    msg: "Airflow {{ airflow.version }} with {{ airflow.executor }}"
"""

RETURN = r"""
version:
  description: The version of Airflow.
  type: str
  returned: success
  sample: 3.3.2
healthy:
  description: Whether every one of O(components) is healthy.
  type: bool
  returned: success
  sample: true
health:
  description:
    - The health of each component that Airflow reports.
    - C(status) is V(null) for a component that has never run, C(latest_heartbeat) for one without a heartbeat.
  type: dict
  returned: success
  sample:
    metadatabase:
      status: healthy
      latest_heartbeat: null
    scheduler:
      status: healthy
      latest_heartbeat: "2026-11-21T12:00:03.481516+00:00"
    dag_processor:
      status: healthy
      latest_heartbeat: "2026-11-21T12:00:01.200311+00:00"
    triggerer:
      status: healthy
      latest_heartbeat: "2026-11-21T12:00:02.915620+00:00"
executor:
  description:
    - The option C([core] executor), V(null) when Airflow does not tell it.
    - Airflow tells it to users who may read the configuration, and only with C([api] expose_config) set.
  type: str
  returned: success
  sample: KubernetesExecutor
executor_unknown_because:
  description: Why RV(executor) is V(null), else V(null).
  type: str
  returned: success
  sample: null
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api_client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api_errors import Forbidden, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._api_module import (
    API_ARGUMENTS,
    API_REQUIRED_TOGETHER,
    run,
)
from ansible_collections.airfield.airflow.plugins.module_utils._polling import wait_for

COMPONENTS = ["metadatabase", "scheduler", "dag_processor", "triggerer"]


def health_of(client: ApiClient) -> JsonObject:
    """Each component's status and latest heartbeat; the answer is 200 even when none is healthy, so read its body."""
    answer = client.get("monitor", "health", anonymous=True)
    return {
        name: {"status": told.get("status"), "latest_heartbeat": told.get(f"latest_{name}_heartbeat")}
        for name, told in answer.items()
        if isinstance(told, dict)
    }


def unhealthy(health: JsonObject, components: list[str]) -> dict[str, str]:
    """The components that are not healthy, with their status."""
    found = {name: (health.get(name) or {}).get("status") for name in components}
    return {name: status or "not running" for name, status in found.items() if status != "healthy"}


def executor_of(client: ApiClient) -> tuple[str | None, str | None]:
    """The executor and None, or None and why it is not known."""
    if not client.has_credentials:
        return None, "No user and no token were given, and Airflow tells its configuration to users only."
    try:
        answer = client.get("config", "section", "core", "option", "executor")
    except (Forbidden, NotFound) as error:
        return None, str(error)
    values = [option.get("value") for section in answer.get("sections", ()) for option in section.get("options", ())]
    if not values:
        return None, "Airflow's answer holds no option [core] executor."
    return (values[0][0] if isinstance(values[0], list) else str(values[0])), None


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params

    def look() -> tuple[JsonObject | None, str]:
        health = health_of(client)
        missing = unhealthy(health, params["components"])
        told = ", ".join(f"{name} is {status}" for name, status in missing.items())
        return (None if missing else health), told

    if params["wait"]:
        timeout, interval = params["wait_timeout"], params["poll_interval"]
        health = wait_for(client, "Airflow to be healthy", look, timeout=timeout, interval=interval)
    else:
        health = health_of(client)
    executor, reason = executor_of(client)
    return {
        "changed": False,
        "version": client.get("version", anonymous=True).get("version"),
        "healthy": not unhealthy(health, params["components"]),
        "health": health,
        "executor": executor,
        "executor_unknown_because": reason,
    }


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **API_ARGUMENTS,
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 300},
            "poll_interval": {"type": "int", "default": 2},
            "components": {"type": "list", "elements": "str", "choices": COMPONENTS, "default": COMPONENTS},
        },
        required_together=API_REQUIRED_TOGETHER,
        supports_check_mode=True,
    )
    run(module, sync)


if __name__ == "__main__":
    main()

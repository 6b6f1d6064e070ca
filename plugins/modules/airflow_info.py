#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: airflow_info
short_description: Show the version, health and installation of Airflow
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Queries Airflow's REST API for its version, the health of each component and the configured executor.
  - Can also show the configuration, providers, plugins, import errors, job heartbeats and pool slots.
  - Can wait until Airflow answers and its components are healthy.
  - Version and health require no credentials. Everything else does, see O(api_username), O(api_token) and
    O(client_cert).
options:
  gather:
    description:
      - What to show. Everything except V(version) and V(health) takes at least one additional request.
      - V(config) is the configuration of Airflow's API server, if O(gather=executor) is not enough.
      - V(jobs) are the processes with a heartbeat, such as schedulers and DAG processors.
    type: list
    elements: str
    choices: [version, health, executor, config, providers, plugins, import_errors, jobs, pools]
    default: [version, health, executor]
  wait:
    description: Whether to wait until the API answers and every one of O(components) is healthy.
    type: bool
    default: false
  wait_timeout:
    description: The maximum number of seconds to wait.
    type: int
    default: 300
  poll_interval:
    description: The number of seconds between two polls.
    type: int
    default: 2
  components:
    description: The components that must be healthy. Leave out V(triggerer) if Airflow has none.
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
    components:
      - metadatabase
      - scheduler
      - dag_processor
    wait: true
    wait_timeout: 300
  register: airflow

- name: Show version and executor
  ansible.builtin.debug:
    msg: "Airflow {{ airflow.version }} with {{ airflow.executor or 'an unknown executor' }}"

- name: Show details of the installation
  airfield.airflow.airflow_info:
    gather:
      - config
      - providers
      - import_errors
      - jobs
      - pools
  register: installation

- name: Check that a scheduler has sent a heartbeat in the last minute
  ansible.builtin.assert:
    that: schedulers | selectattr('heartbeat_age', 'lt', 60) | length > 0
  vars:
    schedulers: "{{ installation.jobs | selectattr('job_type', 'eq', 'SchedulerJob') }}"
"""

RETURN = r"""
version:
  description: The version of Airflow.
  type: str
  returned: when V(version) is in O(gather)
  sample: 3.3.2
healthy:
  description: Whether every one of O(components) is healthy.
  type: bool
  returned: when V(health) is in O(gather), and with O(wait)
  sample: true
health:
  description:
    - The health of each component that Airflow reports.
    - C(status) is V(null) for a component that has never run, C(latest_heartbeat) for one without a heartbeat.
  type: dict
  returned: when V(health) is in O(gather), and with O(wait)
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
    - The option C([core] executor), V(null) when Airflow does not return it.
    - Airflow returns it to users who may read the configuration, and only if C([api] expose_config) is set.
  type: str
  returned: when V(executor) is in O(gather)
  sample: KubernetesExecutor
executor_unknown_because:
  description: Why RV(executor) is V(null), else V(null).
  type: str
  returned: when V(executor) is in O(gather)
  sample: null
config:
  description:
    - The options of each section of the configuration, as strings. Empty when Airflow does not return it.
    - Secrets are replaced by V(< hidden >), even where Airflow would show them.
  type: dict
  returned: when V(config) is in O(gather)
  sample:
    core:
      executor: LocalExecutor
      fernet_key: < hidden >
      parallelism: "4"
    scheduler:
      job_heartbeat_sec: "2"
config_exposed:
  description: Whether Airflow returns its configuration, which it does for users who may read it, if
    C([api] expose_config) is set. In Airflow 3.0 that option is in the section C([webserver]).
  type: bool
  returned: when V(config) is in O(gather)
  sample: true
config_hidden_because:
  description: Why RV(config_exposed) is V(false), else V(null).
  type: str
  returned: when V(config) is in O(gather)
  sample: null
providers:
  description: The installed provider packages.
  type: list
  elements: dict
  returned: when V(providers) is in O(gather)
  sample:
    - package_name: apache-airflow-providers-standard
      version: 1.21.0
      description: Airflow Standard Provider
      documentation_url: https://airflow.apache.org/docs/apache-airflow-providers-standard/1.21.0
plugins:
  description: The plugins that Airflow's API server has loaded, as Airflow's API describes them.
  type: list
  elements: dict
  returned: when V(plugins) is in O(gather)
  sample: []
plugin_import_errors:
  description: The plugins that Airflow's API server could not load. Always empty with Airflow 3.0, which does not
    return them.
  type: list
  elements: dict
  returned: when V(plugins) is in O(gather)
  sample: []
import_errors:
  description: The DAG files that could not be imported. Airflow 3.0 returns their full paths.
  type: list
  elements: dict
  returned: when V(import_errors) is in O(gather)
  sample:
    - import_error_id: 1
      bundle_name: dags-folder
      filename: broken.py
      timestamp: "2026-11-21T19:18:18.352844Z"
      stack_trace: |
        Traceback (most recent call last):
          File "/opt/airflow/dags/broken.py", line 11, in <module>
            import nothing_like_this
        ModuleNotFoundError: No module named 'nothing_like_this'
jobs:
  description:
    - The processes that have not ended, each with C(heartbeat_age), the seconds since its last heartbeat.
    - The age is measured with the clock of the machine on which the module runs.
    - A process that was killed stays in the list until Airflow notices, and its age increases.
  type: list
  elements: dict
  returned: when V(jobs) is in O(gather)
  sample:
    - id: 1
      job_type: SchedulerJob
      state: running
      hostname: airflow-scheduler-0
      start_date: "2026-11-21T19:10:43.140435Z"
      latest_heartbeat: "2026-11-21T19:18:25.746693Z"
      heartbeat_age: 1.5
pools:
  description: The pools with their slots, as Airflow's API describes them.
  type: list
  elements: dict
  returned: when V(pools) is in O(gather)
  sample:
    - name: default_pool
      slots: 128
      open_slots: 126
      occupied_slots: 2
      running_slots: 1
      queued_slots: 1
      scheduled_slots: 0
      deferred_slots: 0
      include_deferred: false
      description: Default pool
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._admin.details import gather_details
from ansible_collections.airfield.airflow.plugins.module_utils._admin.health import COMPONENTS, gather_health
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run

FACTS = ["version", "health", "executor", "config", "providers", "plugins", "import_errors", "jobs", "pools"]


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    gather = module.params["gather"]
    result: dict[str, Any] = {"changed": False}
    if "health" in gather or module.params["wait"]:
        result |= gather_health(client, module.params)
    result |= gather_details(client, gather)
    if "version" in gather:
        result["version"] = client.airflow
    return result


def main() -> None:
    module = api_module(
        argument_spec={
            "gather": {
                "type": "list",
                "elements": "str",
                "choices": FACTS,
                "default": ["version", "health", "executor"],
            },
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 300},
            "poll_interval": {"type": "int", "default": 2},
            "components": {"type": "list", "elements": "str", "choices": COMPONENTS, "default": COMPONENTS},
        },
        credentials=False,
    )
    run(module, sync)


if __name__ == "__main__":
    main()

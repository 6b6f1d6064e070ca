#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dag_run
short_description: Trigger a run of a DAG and wait for it
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Triggers a run of a DAG under an id of your own, unless that run exists already.
  - Can wait until the run has finished, through outages of Airflow's API, and fails when the run has failed.
  - Can delete a run.
options:
  dag_id:
    description: The id of the DAG.
    type: str
    required: true
  run_id:
    description:
      - The id of the run. It makes the module idempotent. A run of that id is triggered once only.
      - Letters, digits, dashes, underscores and dots, 63 at most, are also safe as a label of a Kubernetes pod.
    type: str
    required: true
  state:
    description: Whether the run shall exist. Airflow deletes no run that is running.
    type: str
    choices: [present, absent]
    default: present
  conf:
    description:
      - The parameters of the run, empty by default.
      - A run that exists with others makes the module fail, for a run cannot be changed.
    type: dict
  logical_date:
    description:
      - The logical date of the run, with a time zone, as V(2026-11-21T00:00:00Z). A DAG has one run for each such date.
      - Without it, the run has none, and templates of its tasks have neither C(logical_date) nor C(ds).
    type: str
  note:
    description: A note on the run. It is changed when the run exists with another. An empty text removes it.
    type: str
  wait:
    description: Whether to wait until the run has finished. In check mode nothing is waited for.
    type: bool
    default: false
  wait_timeout:
    description: How many seconds to wait at most.
    type: int
    default: 600
  poll_interval:
    description: How many seconds lie between two looks.
    type: int
    default: 2
  log_lines:
    description: How many of the last lines of a failed task's log to show. V(0) shows none.
    type: int
    default: 20
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.dag
  - module: airfield.airflow.dag_run_info
"""

EXAMPLES = r"""
- name: Run the DAG and wait for it
  airfield.airflow.dag_run:
    api_url: http://127.0.0.1:32080
    api_username: admin
    api_password: "{{ airflow_admin_password }}"
    dag_id: poc_test
    run_id: "release-{{ release }}"
    conf:
      message: hello
    wait: true
    wait_timeout: 300
  register: result

- name: Show on which pods its tasks ran
  ansible.builtin.debug:
    msg: "{{ result.task_instances | map(attribute='hostname') }}"
"""

RETURN = r"""
dag_run:
  description: The run as Airflow's API describes it, in check mode as far as it is known. V(null) when it is absent.
  type: dict
  returned: success, and when the run has failed
  sample:
    dag_run_id: release-7
    dag_id: poc_test
    state: success
    conf:
      message: hello
    logical_date: null
    note: null
    run_type: manual
    triggered_by: rest_api
    triggering_user_name: admin
    queued_at: "2026-11-21T12:00:03.481516Z"
    start_date: "2026-11-21T12:00:04.102233Z"
    end_date: "2026-11-21T12:00:25.877001Z"
    duration: 21.774768
task_instances:
  description: The task instances of the run, in the order in which they started. None of a run that was just triggered.
  type: list
  elements: dict
  returned: success, and when the run has failed
  sample:
    - task_id: echo
      map_index: -1
      state: success
      hostname: poc-test-echo-7k2hqv0x
      try_number: 1
      start_date: "2026-11-21T12:00:09.002411Z"
      end_date: "2026-11-21T12:00:11.310900Z"
      duration: 2.308489
      operator: BashOperator
      executor: null
      queue: default
      pool: default_pool
failed_tasks:
  description: The first five failed task instances, as in RV(task_instances), with the last lines of their logs.
  type: list
  elements: dict
  returned: when the run has failed
  sample:
    - task_id: echo
      map_index: -1
      state: failed
      hostname: poc-test-echo-7k2hqv0x
      try_number: 1
      start_date: "2026-11-21T12:00:09.002411Z"
      end_date: "2026-11-21T12:00:11.310900Z"
      duration: 2.308489
      operator: BashOperator
      executor: null
      queue: default
      pool: default_pool
      log:
        - "2026-11-21T12:00:11.301022Z error Task failed with exception"
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api_client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api_module import (
    API_ARGUMENTS,
    API_REQUIRED_ONE_OF,
    API_REQUIRED_TOGETHER,
    run,
)
from ansible_collections.airfield.airflow.plugins.module_utils._dag_run_sync import absent, present


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    if module.params["state"] == "absent":
        return absent(client, module.params, check_mode=module.check_mode)
    return present(client, module.params, check_mode=module.check_mode, warn=module.warn)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **API_ARGUMENTS,
            "dag_id": {"type": "str", "required": True},
            "run_id": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "conf": {"type": "dict"},
            "logical_date": {"type": "str"},
            "note": {"type": "str"},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 600},
            "poll_interval": {"type": "int", "default": 2},
            "log_lines": {"type": "int", "default": 20},
        },
        required_together=API_REQUIRED_TOGETHER,
        required_one_of=API_REQUIRED_ONE_OF,
        supports_check_mode=True,
    )
    run(module, sync)


if __name__ == "__main__":
    main()

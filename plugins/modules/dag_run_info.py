#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dag_run_info
short_description: Show runs of a DAG, their task instances and logs
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Lists runs of a DAG, the one created last first, or shows one of them.
  - Can show each run's task instances, and their logs as Airflow's API reads them.
options:
  dag_id:
    description: The id of the DAG.
    type: str
    required: true
  run_id:
    description: Show this run only. The result is empty when there is none.
    type: str
  run_id_prefix:
    description: Show only runs whose id starts with this text.
    type: str
  state:
    description: Show only runs in one of these states.
    type: list
    elements: str
    choices: [queued, running, success, failed]
    default: []
  limit:
    description: How many runs to show at most, the newest ones.
    type: int
    default: 25
  task_instances:
    description: Whether to show each run's task instances. This takes a request more for every run.
    type: bool
    default: false
  logs:
    description:
      - Whether to show the log of each task instance's last try. It implies O(task_instances).
      - This takes a request more for every task instance.
    type: bool
    default: false
  log_lines:
    description: How many of the last lines of a log to show. V(0) shows all.
    type: int
    default: 200
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.dag_run
"""

EXAMPLES = r"""
- name: Read the newest run of a release, with the logs of its tasks
  airfield.airflow.dag_run_info:
    api_url: http://127.0.0.1:32080
    api_username: admin
    api_password: "{{ airflow_admin_password }}"
    dag_id: poc_test
    run_id_prefix: release-
    state:
      - success
    limit: 1
    logs: true
  register: newest
"""

RETURN = r"""
dag_runs:
  description: The runs, the one created last first, as Airflow's API describes them. Empty when there is no such DAG.
  type: list
  elements: dict
  returned: success
  contains:
    dag_run_id:
      description: The id of the run.
      type: str
      sample: release-7
    dag_id:
      description: The id of the DAG.
      type: str
      sample: poc_test
    state:
      description: One of V(queued), V(running), V(success) and V(failed).
      type: str
      sample: success
    conf:
      description: The parameters of the run.
      type: dict
      sample:
        message: hello
    start_date:
      description: When the run started.
      type: str
      sample: "2026-11-21T12:00:04.102233Z"
    end_date:
      description: When the run finished.
      type: str
      sample: "2026-11-21T12:00:25.877001Z"
    task_instances:
      description:
        - Each task instance of the run, in the order in which they started.
        - With O(logs=true) each has C(log), the text of its last try, empty when it did not run or no log is left, and
          C(log_sources), where Airflow read the log or why it could not.
      type: list
      elements: dict
      returned: when O(task_instances=true) or O(logs=true)
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
          log: "2026-11-21T12:00:10.144002Z info hello"
          log_sources:
            - /opt/airflow/logs/dag_id=poc_test/run_id=release-7/task_id=echo/attempt=1.log
"""

from itertools import islice
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api_client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api_errors import NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._api_module import (
    API_ARGUMENTS,
    API_REQUIRED_ONE_OF,
    API_REQUIRED_TOGETHER,
    run,
)
from ansible_collections.airfield.airflow.plugins.module_utils._dag_runs import (
    get_run,
    newest_runs,
    summary,
    task_instances,
)
from ansible_collections.airfield.airflow.plugins.module_utils._progress import report_progress
from ansible_collections.airfield.airflow.plugins.module_utils._task_logs import read_log


def find_runs(client: ApiClient, params: dict[str, Any]) -> list[JsonObject]:
    if params["run_id"]:
        found = get_run(client, params["dag_id"], params["run_id"])
        return [found] if found and (not params["state"] or found["state"] in params["state"]) else []
    try:
        return list(
            islice(newest_runs(client, params["dag_id"], params["run_id_prefix"], params["state"]), params["limit"])
        )
    except NotFound:
        return []


def with_tasks(client: ApiClient, dag_run: JsonObject, params: dict[str, Any]) -> JsonObject:
    """The run with its task instances, and their logs if these are asked for."""
    tasks = []
    for task in task_instances(client, dag_run["dag_id"], dag_run["dag_run_id"]):
        logged: JsonObject = {}
        if params["logs"]:
            report_progress(f"reading the log of {task['task_id']} of the run {dag_run['dag_run_id']}")
            log = read_log(client, task, params["log_lines"])
            logged = {"log": "\n".join(log.lines), "log_sources": log.sources}
        tasks.append({**summary(task), **logged})
    return {**dag_run, "task_instances": tasks}


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    runs = find_runs(client, module.params)
    if module.params["task_instances"] or module.params["logs"]:
        runs = [with_tasks(client, dag_run, module.params) for dag_run in runs]
    return {"changed": False, "dag_runs": runs}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **API_ARGUMENTS,
            "dag_id": {"type": "str", "required": True},
            "run_id": {"type": "str"},
            "run_id_prefix": {"type": "str"},
            "state": {
                "type": "list",
                "elements": "str",
                "choices": ["queued", "running", "success", "failed"],
                "default": [],
            },
            "limit": {"type": "int", "default": 25},
            "task_instances": {"type": "bool", "default": False},
            "logs": {"type": "bool", "default": False},
            "log_lines": {"type": "int", "default": 200},
        },
        mutually_exclusive=[("run_id", "run_id_prefix")],
        required_together=API_REQUIRED_TOGETHER,
        required_one_of=API_REQUIRED_ONE_OF,
        supports_check_mode=True,
    )
    run(module, sync)


if __name__ == "__main__":
    main()

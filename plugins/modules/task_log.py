#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: task_log
short_description: Show the log of a task
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Reads the log of any try of a task instance through Airflow's REST API, as a list of lines.
  - If Airflow returns the log in pages, all pages are read.
options:
  dag_id:
    description: The id of the DAG.
    type: str
    required: true
  run_id:
    description: The id of the run.
    type: str
    required: true
  task_id:
    description: The id of the task.
    type: str
    required: true
  map_index:
    description: The index of an instance of a mapped task, from V(0). Required for a mapped task, not allowed for
      others.
    type: int
  try_number:
    description: The number of the try, from V(1). The last one by default.
    type: int
  tail:
    description: The number of lines at the end of the log to show. V(0) shows all.
    type: int
    default: 0
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.task_instance_info
  - module: airfield.airflow.dag_run_info
"""

EXAMPLES = r"""
- name: Get the log of the last try of a task
  airfield.airflow.task_log:
    dag_id: hello
    run_id: log-example
    task_id: say
  register: said

- name: Check that it contains the greeting
  ansible.builtin.assert:
    that: "'hello from log-example' in said.lines | join('\n')"

- name: Show the end of the first try of one instance of a mapped task
  airfield.airflow.task_log:
    dag_id: mapped
    run_id: log-example
    task_id: square
    map_index: 2
    try_number: 1
    tail: 5
"""

RETURN = r"""
lines:
  description:
    - The lines, each with time and level if Airflow knows them. With O(tail) only the last ones.
    - Empty for a task that has not run, and if Airflow cannot read the log; RV(sources) then contains the reason.
  type: list
  elements: str
  returned: success
  sample:
    - "2026-11-21T19:11:29.825593Z info Output:"
    - 2026-11-21T19:11:29.832090Z info hello from log-example
    - 2026-11-21T19:11:29.832395Z info Command exited with return code 0
total_lines:
  description: The number of lines, shown or not.
  type: int
  returned: success
  sample: 9
complete:
  description: Whether the try has ended and its log was read to the end. V(false) as long as the task may log more.
  type: bool
  returned: success
  sample: true
sources:
  description: Where Airflow has read the log, as paths or URLs, or why it could not.
  type: list
  elements: str
  returned: success
  sample:
    - /opt/airflow/logs/dag_id=hello/run_id=log-example/task_id=say/attempt=1.log
try_number:
  description: The try that the log belongs to. V(0) for a task that has not run.
  type: int
  returned: success
  sample: 1
task_instance:
  description: The current state of the task instance.
  type: dict
  returned: success
  sample:
    task_id: say
    map_index: -1
    state: success
    hostname: worker-1
    try_number: 1
    start_date: "2026-11-21T19:11:17.065270Z"
    end_date: "2026-11-21T19:11:29.928707Z"
    duration: 12.863437
    operator: BashOperator
    executor: null
    queue: default
    pool: default_pool
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_instances import FINISHED_TASK, summary
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_logs import TaskLog, read_try

# When a task waits for its next try, the previous one has ended.
ENDS_A_TRY = (*FINISHED_TASK, "up_for_retry")


def find_task(client: ApiClient, params: dict[str, Any]) -> JsonObject:
    path = ["dags", params["dag_id"], "dagRuns", params["run_id"], "taskInstances", params["task_id"]]
    if params["map_index"] is not None:
        path.append(str(params["map_index"]))
    try:
        return client.get(*path)
    except NotFound as error:
        if "is mapped" in str(error):
            raise NotFound(
                f"The task {params['task_id']} is mapped: set map_index to one of its instances, from 0.", status=404
            ) from error
        raise


def chosen_try(task: JsonObject, wanted: int | None) -> int:
    """The number of the try to read; 0 when the task has not run."""
    tries = int(task.get("try_number") or 0)
    if wanted is not None and wanted > tries:
        ran = "has not run yet" if tries == 0 else f"has had {tries} {'try' if tries == 1 else 'tries'}"
        raise ApiError(
            f"The task {task['task_id']} of the run {task['dag_run_id']} of the DAG {task['dag_id']} {ran}: "
            f"there is no try {wanted}."
        )
    return wanted or tries


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    task = find_task(client, params)
    try_number = chosen_try(task, params["try_number"])
    log = read_try(client, task, try_number, params["tail"]) if try_number else TaskLog([], [])
    over = try_number < task["try_number"] or task["state"] in ENDS_A_TRY
    return {
        "changed": False,
        "lines": log.lines,
        "total_lines": log.total,
        "complete": log.ended and over,
        "sources": log.sources,
        "try_number": try_number,
        "task_instance": summary(task),
    }


def main() -> None:
    module = api_module(
        argument_spec={
            "dag_id": {"type": "str", "required": True},
            "run_id": {"type": "str", "required": True},
            "task_id": {"type": "str", "required": True},
            "map_index": {"type": "int"},
            "try_number": {"type": "int"},
            "tail": {"type": "int", "default": 0},
        },
    )
    run(module, sync)


if __name__ == "__main__":
    main()

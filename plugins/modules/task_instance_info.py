#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: task_instance_info
short_description: Show task instances of one or many DAG runs
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Shows the state, the times, the host and everything else that Airflow knows about task instances.
  - Without O(run_id), it shows those of all runs of a DAG, without O(dag_id) those of all DAGs.
  - Can show every try of a task instance, not only the last one.
options:
  dag_id:
    description: Show only task instances of this DAG.
    type: str
  run_id:
    description: Show only task instances of this run. It requires O(dag_id), because every DAG has its own runs.
    type: str
  task_id:
    description: Show only instances of the task with this id.
    type: str
  state:
    description:
      - Show only task instances in one of these states. V(none) is the state of one that is not scheduled yet.
      - V(awaiting_input) requires Airflow 3.3 or later.
    type: list
    elements: str
    choices:
      - none
      - scheduled
      - queued
      - running
      - restarting
      - deferred
      - awaiting_input
      - up_for_reschedule
      - up_for_retry
      - success
      - failed
      - upstream_failed
      - skipped
      - removed
    default: []
  pool:
    description: Show only task instances in one of these pools.
    type: list
    elements: str
    default: []
  started_after:
    description:
      - Show only task instances that started at this time or later, such as V(2026-11-21T12:00:00Z).
      - The time must have a time zone, or Z for UTC.
    type: str
  limit:
    description: The maximum number of task instances to show, starting with the newest. V(0) shows all.
    type: int
    default: 1000
  tries:
    description: Whether to show all tries of each task instance. This takes one more request for each that has run.
    type: bool
    default: false
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.task_log
  - module: airfield.airflow.dag_run_info
"""

EXAMPLES = r"""
- name: Get the task instances of a run, with every try
  airfield.airflow.task_instance_info:
    dag_id: fails_once
    run_id: tasks-example
    tries: true
  register: tasks

- name: Show where each try ran, and how long
  ansible.builtin.debug:
    msg: "Try {{ item.1.try_number }} of {{ item.0.task_id }}: {{ item.1.duration }} s on {{ item.1.hostname }}"
  loop: "{{ tasks.task_instances | subelements('tries') }}"
  loop_control:
    label: "{{ item.0.task_id }}"

- name: List tasks that failed today, in any DAG
  airfield.airflow.task_instance_info:
    state:
      - failed
      - upstream_failed
    started_after: "{{ now(utc=true).strftime('%Y-%m-%dT00:00:00Z') }}"
    limit: 20
"""

RETURN = r"""
task_instances:
  description:
    - The task instances as Airflow's API describes them, in the order in which they started. Those that have not
      started come last.
    - Empty if the DAG or run does not exist.
  type: list
  elements: dict
  returned: success
  contains:
    dag_id:
      description: The id of the DAG.
      type: str
      sample: fails_once
    dag_run_id:
      description: The id of the run.
      type: str
      sample: tasks-example
    task_id:
      description: The id of the task.
      type: str
      sample: flaky
    map_index:
      description: The index of an instance of a mapped task, V(-1) for a task that is not mapped.
      type: int
      sample: -1
    state:
      description: The state, one of the choices of O(state). V(null) for one that is not scheduled yet.
      type: str
      sample: failed
    try_number:
      description: The number of the last try. V(0) for a task that has not run.
      type: int
      sample: 1
    start_date:
      description: When the last try started.
      type: str
      sample: "2026-11-21T19:11:59.110815Z"
    end_date:
      description: When the last try ended.
      type: str
      sample: "2026-11-21T19:12:06.216543Z"
    duration:
      description: How many seconds the last try took.
      type: float
      sample: 7.105728
    hostname:
      description: Where the last try ran, with KubernetesExecutor the name of the pod.
      type: str
      sample: worker-1
    operator:
      description: The class of the task.
      type: str
      sample: _PythonDecoratedOperator
    pool:
      description: The pool whose slots the task occupies.
      type: str
      sample: default_pool
    queue:
      description: The queue of the executor.
      type: str
      sample: default
    tries:
      description:
        - Every try, the first one first, with the same keys. Empty for a task that has not run.
        - Only with O(tries).
      type: list
      elements: dict
      sample:
        - try_number: 1
          state: failed
          start_date: "2026-11-21T19:11:59.110815Z"
          end_date: "2026-11-21T19:12:06.216543Z"
          duration: 7.105728
          hostname: worker-1
truncated:
  description: Whether there are more than O(limit).
  type: bool
  returned: success
  sample: false
"""

from itertools import islice
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.dates import parse_datetime
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._progress import report_progress
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_instances import (
    find_tasks,
    in_order,
    tries_of,
)

STATES = [
    "none",
    "scheduled",
    "queued",
    "running",
    "restarting",
    "deferred",
    "awaiting_input",
    "up_for_reschedule",
    "up_for_retry",
    "success",
    "failed",
    "upstream_failed",
    "skipped",
    "removed",
]


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    limit = params["limit"]
    # Airflow answers a time without a zone with an internal error.
    since = parse_datetime("started_after", params["started_after"]) if params["started_after"] else None
    instances = find_tasks(client, {**params, "started_after": since})
    tasks: list[JsonObject] = list(islice(instances, limit + 1 if limit else None))
    truncated = bool(limit) and len(tasks) > limit
    tasks = tasks[:limit] if truncated else tasks
    if params["tries"]:
        for number, task in enumerate(tasks, start=1):
            report_progress(f"reading the tries of {task['task_id']} ({number} of {len(tasks)} task instances)")
            task["tries"] = tries_of(client, task)
    return {"changed": False, "task_instances": in_order(tasks), "truncated": truncated}


def main() -> None:
    module = api_module(
        argument_spec={
            "dag_id": {"type": "str"},
            "run_id": {"type": "str"},
            "task_id": {"type": "str"},
            "state": {"type": "list", "elements": "str", "choices": STATES, "default": []},
            "pool": {"type": "list", "elements": "str", "default": []},
            "started_after": {"type": "str"},
            "limit": {"type": "int", "default": 1000},
            "tries": {"type": "bool", "default": False},
        },
        required_by={"run_id": ["dag_id"]},
    )
    run(module, sync)


if __name__ == "__main__":
    main()

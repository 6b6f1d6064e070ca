#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dag_run_info
short_description: Show DAG runs, their task instances and logs
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Lists runs of a DAG or of all DAGs, newest first, or shows one of them.
  - Can show each run's task instances, and their logs as returned by Airflow's API.
options:
  dag_id:
    description: The id of the DAG. By default, the runs of all DAGs are shown.
    type: str
  run_id:
    description: Show only this run. The result is empty if it does not exist. Requires O(dag_id).
    type: str
  runs:
    description:
      - Show only these runs, of one DAG or several. Those that do not exist are left out.
      - Among the other options, only those for task instances and logs apply to them.
    type: list
    elements: dict
    suboptions:
      dag_id:
        description: The id of the DAG. O(dag_id) by default.
        type: str
      run_id:
        description: The id of the run.
        type: str
        required: true
  run_id_prefix:
    description: Show only runs whose id starts with this string.
    type: str
  state:
    description: Show only runs in one of these states.
    type: list
    elements: str
    choices: [queued, running, success, failed]
    default: []
  run_type:
    description:
      - Show only runs of one of these types, such as V(manual), V(scheduled), V(backfill) or V(asset_triggered).
      - Later versions of Airflow have more types. The module fails if Airflow does not know a type.
    type: list
    elements: str
    default: []
  started_after:
    description: Show only runs that started at this time or later, with a time zone, such as V(2026-11-21T00:00:00Z).
    type: str
  started_before:
    description: Show only runs that started at this time or earlier.
    type: str
  logical_date_from:
    description: Show only runs with this logical date or a later one.
    type: str
  logical_date_to:
    description: Show only runs with this logical date or an earlier one.
    type: str
  limit:
    description: The maximum number of runs to show, newest first.
    type: int
    default: 25
  task_instances:
    description: Whether to show each run's task instances. This takes one more request for each run.
    type: bool
    default: false
  logs:
    description:
      - Whether to show the log of each task instance's last try. It implies O(task_instances).
      - This takes one more request for each task instance.
    type: bool
    default: false
  log_lines:
    description: The number of lines at the end of a log to show. V(0) shows all.
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
- name: Get the newest successful run of a release, with the logs of its tasks
  airfield.airflow.dag_run_info:
    dag_id: hello
    run_id_prefix: release-
    state:
      - success
    limit: 1
    logs: true
  register: newest

- name: Show the log of its first task
  ansible.builtin.debug:
    msg: "{{ newest.dag_runs[0].task_instances[0].log.splitlines() }}"

- name: Get two runs with their task instances
  airfield.airflow.dag_run_info:
    runs:
      - dag_id: hello
        run_id: release-7
      - dag_id: daily
        run_id: release-7
    task_instances: true

- name: Find the runs of all DAGs that failed this year
  airfield.airflow.dag_run_info:
    state:
      - failed
    started_after: "2026-01-01T00:00:00Z"
  register: failed

- name: Get a run by its logical date
  airfield.airflow.dag_run_info:
    dag_id: daily
    logical_date_from: "2026-06-02T00:00:00Z"
    logical_date_to: "2026-06-02T00:00:00Z"
    task_instances: true
"""

RETURN = r"""
dag_runs:
  description: The runs, newest first or in the order of O(runs), as Airflow's API describes them. Empty if the DAG
    does not exist.
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
      sample: hello
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
      sample: "2026-11-21T19:39:58.734591Z"
    end_date:
      description: When the run finished.
      type: str
      sample: "2026-11-21T19:40:01.093801Z"
    task_instances:
      description:
        - Each task instance of the run, in the order in which they started.
        - With O(logs=true), each has C(log), the log of its last try, empty if it did not run or there is no log any
          more, and C(log_sources), where Airflow read the log or why it could not.
      type: list
      elements: dict
      returned: when O(task_instances=true) or O(logs=true)
      sample:
        - task_id: say
          map_index: -1
          state: success
          hostname: worker-1
          try_number: 1
          start_date: "2026-11-21T19:39:58.906125Z"
          end_date: "2026-11-21T19:39:59.412286Z"
          duration: 0.506161
          operator: BashOperator
          executor: null
          queue: default
          pool: default_pool
          log: "2026-11-21T19:39:59.088910Z info hello from release-7"
          log_sources:
            - /opt/airflow/logs/dag_id=hello/run_id=release-7/task_id=say/attempt=1.log
"""

from itertools import islice
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.dates import in_utc, parse_datetime
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._runs.records import get_run, newest_runs
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_instances import summary, task_instances
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_logs import logged_summary

# The options that Airflow's API filters by, and its names for them.
FILTERS = {
    "state": "state",
    "run_type": "run_type",
    "started_after": "start_date_gte",
    "started_before": "start_date_lte",
    "logical_date_from": "logical_date_gte",
    "logical_date_to": "logical_date_lte",
}
DATES = ("started_after", "started_before", "logical_date_from", "logical_date_to")


class RunsInvalid(ApiError):
    """The options do not name runs."""


def find_runs(client: ApiClient, params: dict[str, Any]) -> list[JsonObject]:
    if params["runs"] is not None:
        named = [(item["dag_id"] or params["dag_id"], item["run_id"]) for item in params["runs"]]
        if not all(dag_id for dag_id, _run_id in named):
            raise RunsInvalid("A run in runs has no dag_id. Set it there, or set dag_id for all runs.")
        return [run for dag_id, run_id in named if (run := get_run(client, dag_id, run_id))]
    if params["run_id"]:
        dag_run = get_run(client, params["dag_id"], params["run_id"])
        return [dag_run] if dag_run and (not params["state"] or dag_run["state"] in params["state"]) else []
    dates = {name: in_utc(parse_datetime(name, params[name])) for name in DATES if params[name]}
    filters = {field: dates.get(name, params[name]) for name, field in FILTERS.items()}
    try:
        runs = newest_runs(client, params["dag_id"] or "~", params["run_id_prefix"], filters)
        return list(islice(runs, params["limit"]))
    except NotFound:
        return []


def with_tasks(client: ApiClient, dag_run: JsonObject, params: dict[str, Any]) -> JsonObject:
    """The run with its task instances, and their logs if requested."""
    tasks = task_instances(client, dag_run["dag_id"], dag_run["dag_run_id"])
    if params["logs"]:
        return {**dag_run, "task_instances": [logged_summary(client, task, params["log_lines"]) for task in tasks]}
    return {**dag_run, "task_instances": [summary(task) for task in tasks]}


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    runs = find_runs(client, module.params)
    if module.params["task_instances"] or module.params["logs"]:
        runs = [with_tasks(client, dag_run, module.params) for dag_run in runs]
    return {"changed": False, "dag_runs": runs}


def main() -> None:
    module = api_module(
        argument_spec={
            "dag_id": {"type": "str"},
            "run_id": {"type": "str"},
            "runs": {
                "type": "list",
                "elements": "dict",
                "options": {"dag_id": {"type": "str"}, "run_id": {"type": "str", "required": True}},
            },
            "run_id_prefix": {"type": "str"},
            "state": {
                "type": "list",
                "elements": "str",
                "choices": ["queued", "running", "success", "failed"],
                "default": [],
            },
            "run_type": {"type": "list", "elements": "str", "default": []},
            **{name: {"type": "str"} for name in DATES},
            "limit": {"type": "int", "default": 25},
            "task_instances": {"type": "bool", "default": False},
            "logs": {"type": "bool", "default": False},
            "log_lines": {"type": "int", "default": 200},
        },
        mutually_exclusive=[
            ("runs", "run_id"),
            *[(one, name) for one in ("run_id", "runs") for name in ("run_id_prefix", "run_type", *DATES)],
        ],
        required_by={"run_id": ["dag_id"]},
    )
    run(module, sync)


if __name__ == "__main__":
    main()

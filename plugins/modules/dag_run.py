#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dag_run
short_description: Trigger, cancel, rerun and delete DAG runs, and wait for them
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Triggers a DAG run with an id of your choice, unless that run exists, cancels it, runs it again or deletes it.
  - Can wait until the run has finished, whoever started it, through outages of Airflow's API, and fails if it failed.
  - For many runs, changes nothing unless everything requested is possible, and starts all of them before it waits.
options:
  dag_id:
    description: The id of the DAG. With O(runs), the default for runs without one.
    type: str
  run_id:
    description:
      - The id of the run. It makes the module idempotent, because a run with that id is triggered only once.
      - An id of letters, digits, dashes, underscores and dots, at most 63, is also a valid label of a Kubernetes pod.
      - One of O(run_id), O(run_id_prefix), O(logical_date), O(newest) and O(runs) is required.
    type: str
  run_id_prefix:
    description:
      - The beginning of the run's id. The rest is the time at which the module triggers the run, in UTC, such as
        C(nightly-20261121T120000Z).
      - Instead of a new run, the newest one with such an id is used, unless it has failed or is older than O(max_age).
      - Only with O(state=present).
    type: str
  max_age:
    description:
      - How many seconds old a run of O(run_id_prefix) may be according to its id, at most 3153600000 (100 years).
      - V(0) requires a new run. If this second is taken by another run, the id has the next free one.
    type: int
    default: 0
  logical_date:
    description:
      - The logical date of the run, with a time zone, such as V(2026-11-21T00:00:00Z). A DAG has one run for each date.
      - Identifies the run when O(run_id) is not given. Airflow chooses the id of a run that is triggered.
      - Without it, a triggered run has none, and templates of its tasks have neither C(logical_date) nor C(ds).
      - With O(run_id), it is used only by O(state=present).
    type: str
  newest:
    description:
      - Whether to use the run of O(dag_id) that was created last, by a schedule, an asset or anybody.
      - Never triggers a run. With O(wait), the module waits for the first run if there is none.
      - Not with O(state=absent), which would delete another run each time.
    type: bool
    default: false
  runs:
    description: Many runs at once, of one DAG or several. O(state) and the options for waiting apply to all of them.
    type: list
    elements: dict
    suboptions:
      dag_id:
        description: The id of the DAG. O(dag_id) by default.
        type: str
      run_id:
        description: Same as O(run_id). This, O(runs[].run_id_prefix) or O(runs[].logical_date) is required.
        type: str
      run_id_prefix:
        description: Same as O(run_id_prefix).
        type: str
      logical_date:
        description: Same as O(logical_date).
        type: str
      conf:
        description: Same as O(conf).
        type: dict
      note:
        description: Same as O(note).
        type: str
  state:
    description:
      - V(present) means that the run exists. It is triggered if it does not.
      - V(cancelled) means that the run is not active. A queued or running run is marked as failed, and Airflow stops
        its tasks and skips those that have not started. A run that has ended or does not exist is not changed.
      - V(rerun) runs the tasks of O(rerun_tasks) again, in the same run. A queued or running run is not changed. The
        run must exist.
      - V(absent) means that the run does not exist. A running run must be cancelled first.
    type: str
    choices: [present, absent, cancelled, rerun]
    default: present
  trigger:
    description:
      - Whether O(state=present) triggers a run that does not exist.
      - With V(false) and O(wait), the module waits until somebody else starts the run and it has finished.
    type: bool
    default: true
  rerun_tasks:
    description:
      - The tasks that O(state=rerun) runs again.
      - V(failed) are those that failed and those that did not run because of them, if the run has failed. A successful
        run is not changed. Tasks that were skipped by a cancellation are not included.
      - V(all) are all tasks of a run that has ended, each time the module is called.
    type: str
    choices: [failed, all]
    default: failed
  dag_version:
    description:
      - The version of the DAG with which O(state=rerun) runs the tasks, either the original version of the run or the
        latest one.
      - Requires Airflow 3.1 or later. By default, Airflow decides according to its configuration and the DAG.
    type: str
    choices: [original, latest]
  conf:
    description:
      - The parameters of the run, empty by default. Only used by O(state=present).
      - The module fails if the run exists with other parameters, because they cannot be changed.
      - Values whose keys sound like a secret (such as password, secret, token, api_key and private_key) are removed
        from the module's output. Airflow shows them to everybody who may read runs.
    type: dict
  note:
    description: A note on the run. It is updated if the run exists with another one. An empty string removes it.
    type: str
  wait:
    description: Whether to wait until the run has finished. Check mode does not wait.
    type: bool
    default: false
  wait_timeout:
    description: The maximum number of seconds to wait, for all runs together.
    type: int
    default: 600
  poll_interval:
    description: The number of seconds between two polls.
    type: int
    default: 2
  log_lines:
    description: The number of lines at the end of a failed task's log to show. V(0) shows none.
    type: int
    default: 20
  task_log_lines:
    description:
      - The number of lines at the end of each task instance's log to show in RV(task_instances). V(0) shows all.
      - By default, no log is shown. This takes one more request for each task instance.
    type: int
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(state=rerun) with O(rerun_tasks=all) runs a finished run again each time.
      - With O(rerun_tasks=failed), a run that has succeeded in the meantime is not changed, one that failed again is
        run again.
      - O(newest=true) selects the newest run at the time of each call.
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
    dag_id: hello
    run_id: "release-{{ release }}"
    conf:
      message: hello
    wait: true
    wait_timeout: 300

- name: Run two DAGs and wait for both runs
  airfield.airflow.dag_run:
    runs:
      - dag_id: hello
        run_id: "release-{{ release }}-first"
        note: The first one of this release
      - dag_id: daily
        logical_date: "2026-06-01T00:00:00Z"
    wait: true

- name: Run the DAG unless it ran within the last hour, and show its logs
  airfield.airflow.dag_run:
    dag_id: hello
    run_id_prefix: hourly-
    max_age: 3600
    wait: true
    task_log_lines: 100

- name: Start a long run
  airfield.airflow.dag_run:
    dag_id: slow
    run_id: "release-{{ release }}"
    conf:
      seconds: 300

- name: Cancel it
  airfield.airflow.dag_run:
    dag_id: slow
    run_id: "release-{{ release }}"
    state: cancelled
    note: Stopped by the operator

- name: Run the failed tasks of a run again, and wait for its end
  airfield.airflow.dag_run:
    dag_id: fails_once
    run_id: "release-{{ release }}"
    state: rerun
    wait: true

- name: Run all tasks again with the latest version of the DAG
  airfield.airflow.dag_run:
    dag_id: fails_once
    run_id: "release-{{ release }}"
    state: rerun
    rerun_tasks: all
    dag_version: latest
    wait: true
  when: airflow_version is version('3.1', '>=')

- name: Wait for the newest run, whoever started it
  airfield.airflow.dag_run:
    dag_id: consumer
    newest: true
    wait: true

- name: Wait for the run that the schedule starts for a day
  airfield.airflow.dag_run:
    dag_id: daily
    logical_date: "2026-06-01T00:00:00Z"
    trigger: false
    wait: true
    wait_timeout: 3600

- name: Delete the run
  airfield.airflow.dag_run:
    dag_id: slow
    run_id: "release-{{ release }}"
    state: absent
"""

RETURN = r"""
dag_run:
  description: The run as Airflow's API describes it, in check mode as far as known. V(null) if it is absent.
  type: dict
  returned: without O(runs), on success and when the run has failed
  sample:
    dag_run_id: release-7
    dag_id: hello
    state: success
    conf:
      message: hello
    logical_date: null
    note: null
    run_type: manual
    start_date: "2026-11-21T19:39:58.734591Z"
    end_date: "2026-11-21T19:40:01.093801Z"
    duration: 2.35921
task_instances:
  description:
    - The task instances of the run, in the order in which they started. Empty for a run that was just triggered.
    - With O(task_log_lines), each has C(log), the log of its last try, empty if it did not run or there is no log any
      more, and C(log_sources), where Airflow read the log or why it could not. If the API does not return a log,
      C(log_error) says why, and the module goes on with the others.
  type: list
  elements: dict
  returned: without O(runs), on success and when the run has failed
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
failed_tasks:
  description: The first five failed task instances, as in RV(task_instances), with the last lines of their logs.
  type: list
  elements: dict
  returned: without O(runs), when the run has failed
  sample:
    - task_id: flaky
      state: failed
      try_number: 1
      log:
        - "RuntimeError: not fixed yet: set fix in the run's conf, or the variable fixed to yes"
dag_runs:
  description:
    - The runs in the order of O(runs), without those that are absent, each like RV(dag_run) with its RV(task_instances)
      and, if it has failed and was waited for, its RV(failed_tasks) and the C(error) message. There is also an
      C(error) message if its task instances cannot be read.
    - C(changed) says whether the module changed or triggered the run, or would in check mode.
  type: list
  elements: dict
  returned: with O(runs), on success and when runs have failed
  sample:
    - dag_run_id: release-7-first
      dag_id: hello
      state: success
      changed: true
      task_instances:
        - task_id: say
          state: success
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import secrets_in
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._runs import sync as dag_run_sync

OF_A_RUN: dict[str, dict[str, Any]] = {
    "dag_id": {"type": "str"},
    "run_id": {"type": "str"},
    "run_id_prefix": {"type": "str"},
    "logical_date": {"type": "str"},
    "conf": {"type": "dict"},
    "note": {"type": "str"},
}
ARGUMENTS: dict[str, dict[str, Any]] = {
    **OF_A_RUN,
    "newest": {"type": "bool", "default": False},
    "runs": {"type": "list", "elements": "dict", "options": OF_A_RUN},
    "state": {"type": "str", "choices": ["present", "absent", "cancelled", "rerun"], "default": "present"},
    "max_age": {"type": "int", "default": 0},
    "trigger": {"type": "bool", "default": True},
    "rerun_tasks": {"type": "str", "choices": ["failed", "all"], "default": "failed"},
    "dag_version": {"type": "str", "choices": ["original", "latest"]},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": 600},
    "poll_interval": {"type": "int", "default": 2},
    "log_lines": {"type": "int", "default": 20},
    "task_log_lines": {"type": "int"},
}
MUTUALLY_EXCLUSIVE = [
    *[("runs", name) for name in ("run_id", "run_id_prefix", "logical_date", "newest", "conf", "note")],
    ("newest", "run_id", "run_id_prefix"),
    ("newest", "logical_date"),
]
REQUIRED_ONE_OF = [["dag_id", "runs"]]


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    for item in (module.params, *(module.params["runs"] or [])):
        module.no_log_values.update(secrets_in(item["conf"]))
    return dag_run_sync.sync(client, module.params, check_mode=module.check_mode, warn=module.warn)


def main() -> None:
    module = api_module(ARGUMENTS, mutually_exclusive=MUTUALLY_EXCLUSIVE, required_one_of=REQUIRED_ONE_OF)
    run(module, sync)


if __name__ == "__main__":
    main()

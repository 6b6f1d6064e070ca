#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: backfill
short_description: Backfill a DAG over a range of dates
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates a backfill of a DAG, which is a run for each date of its schedule in a range, unless that backfill exists.
  - Can wait until every run has finished, through outages of Airflow's API, and fails if one of them has failed.
  - Pauses, resumes or cancels a backfill.
  - Airflow runs one backfill of a DAG at a time. The module fails if there is another active one.
  - In check mode, Airflow's own dry run determines what would run.
options:
  dag_id:
    description: The id of the DAG. It must have a schedule with dates.
    type: str
    required: true
  from_date:
    description:
      - The first logical date, such as V(2026-11-21), which is midnight in UTC, or with a time zone, such as
        V(2026-11-21T06:00:00Z).
      - Required unless O(state=cancelled).
    type: str
  to_date:
    description:
      - The last logical date, in the format of O(from_date). It is included in the range.
      - Runs whose interval has not ended yet are left out.
      - Required unless O(state=cancelled).
    type: str
  state:
    description:
      - V(present) means that the backfill is active or has completed.
      - V(paused) means that none of its runs is started, unless it has completed. Runs that are already running
        continue. A backfill that is created with V(paused) may start its first runs before it is paused.
      - V(cancelled) means that the backfill of the DAG is not active. Its queued runs fail, its running runs continue.
        Without O(from_date) and O(to_date), any active backfill is cancelled.
      - A cancelled backfill cannot be resumed. With V(present), a new one is created.
    type: str
    choices: [present, paused, cancelled]
    default: present
  run_backwards:
    description: Whether to start with the last date. By default, Airflow starts with the first one.
    type: bool
  max_active_runs:
    description: The maximum number of concurrent runs of the backfill. Airflow's default is 10.
    type: int
  reprocess_behavior:
    description:
      - Which existing runs are run again. By default V(none), so that only missing dates are run.
      - V(failed) runs failed runs again, V(completed) failed and successful ones.
      - In Airflow 3.0, this also turns the runs of other DAGs for the same dates into runs of the backfill.
    type: str
    choices: [none, failed, completed]
  dag_run_conf:
    description:
      - The parameters of the runs.
      - Values whose keys sound like a secret (such as password, secret, token, api_key and private_key) are removed
        from the module's output.
    type: dict
  dag_version:
    description:
      - The version of the DAG with which runs are run again, either their original version or the latest one.
      - Airflow decides by default. Requires Airflow 3.2.
    type: str
    choices: [original, latest]
  force:
    description:
      - Whether to create a backfill even if one with the same O(dag_id), O(from_date), O(to_date),
        O(reprocess_behavior) and O(dag_run_conf) has completed. An option that is not given matches any value.
      - An active backfill is never created a second time.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until every run has finished, with O(state=present). Check mode does not wait.
      - It fails if a run has failed, even if the backfill had already completed.
    type: bool
    default: false
  wait_timeout:
    description: The maximum number of seconds to wait.
    type: int
    default: 600
  poll_interval:
    description: The number of seconds between two polls.
    type: int
    default: 2
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With O(force=true), every run creates a backfill, unless one is active or there is no run left to create.
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
notes:
  - Airflow creates all runs of a backfill before it answers. Raise O(timeout) for many hundreds of runs.
  - Before Airflow 3.3, its scheduler may mark a backfill as completed while its runs are still being created. The
    module can wait for such a backfill, but Airflow refuses to pause or cancel it.
seealso:
  - module: airfield.airflow.dag
  - module: airfield.airflow.dag_run_info
"""

EXAMPLES = r"""
- name: Unpause the DAG, because a paused DAG runs no backfill
  airfield.airflow.dag:
    dag_id: daily
    paused: false

- name: Run the missing dates of three days and wait for them
  airfield.airflow.backfill:
    dag_id: daily
    from_date: "2026-01-01"
    to_date: "2026-01-03"
    max_active_runs: 3
    wait: true
    wait_timeout: 300
  register: backfill

- name: Show the state of each day
  ansible.builtin.debug:
    msg: "{{ item.logical_date }} {{ item.state }}"
  loop: "{{ backfill.dag_runs }}"
  loop_control:
    label: "{{ item.dag_run_id }}"

- name: Run the days again, with other parameters and the last day first
  airfield.airflow.backfill:
    dag_id: daily
    from_date: "2026-01-01"
    to_date: "2026-01-03"
    reprocess_behavior: completed
    run_backwards: true
    dag_run_conf:
      source: archive

- name: Pause the backfill
  airfield.airflow.backfill:
    dag_id: daily
    from_date: "2026-01-01"
    to_date: "2026-01-03"
    reprocess_behavior: completed
    state: paused

- name: Cancel the active backfill of the DAG
  airfield.airflow.backfill:
    dag_id: daily
    state: cancelled
"""

RETURN = r"""
backfill:
  description:
    - The backfill as Airflow's API describes it, in check mode as far as known.
    - V(null) if there is nothing to cancel or nothing to run.
    - Its C(state) is V(running), V(paused), V(completed) or V(cancelled). Airflow notices with a delay of up to half a
      minute that it has completed.
  type: dict
  returned: success, and when a run has failed
  sample:
    id: 1
    dag_id: daily
    dag_display_name: daily
    from_date: "2026-01-01T00:00:00Z"
    to_date: "2026-01-03T00:00:00Z"
    dag_run_conf: null
    is_paused: false
    reprocess_behavior: none
    max_active_runs: 10
    created_at: "2026-11-21T19:19:39.961658Z"
    updated_at: "2026-11-21T19:19:45.271326Z"
    completed_at: "2026-11-21T19:19:45.260549Z"
    state: completed
planned:
  description: The logical dates for which a backfill was created, or would be in check mode.
  type: list
  elements: str
  returned: when the backfill did not exist
  sample:
    - "2026-01-01T00:00:00Z"
    - "2026-01-02T00:00:00Z"
    - "2026-01-03T00:00:00Z"
dag_runs:
  description:
    - The runs that the backfill created, in the order of their logical dates.
    - These are the DAG's runs of the type C(backfill) in its range that were queued after it was created.
  type: list
  elements: dict
  returned: when O(wait=true), also when a run has failed
  sample:
    - dag_run_id: backfill__2026-01-01T00:00:00+00:00
      logical_date: "2026-01-01T00:00:00Z"
      state: success
      queued_at: "2026-11-21T19:19:40.011081Z"
      start_date: "2026-11-21T19:19:40.326881Z"
      end_date: "2026-11-21T19:19:40.973814Z"
failed_runs:
  description: Those of RV(dag_runs) that have failed.
  type: list
  elements: dict
  returned: when a run has failed
  sample:
    - dag_run_id: backfill__2026-01-02T00:00:00+00:00
      logical_date: "2026-01-02T00:00:00Z"
      state: failed
      queued_at: "2026-11-21T19:20:15.834878Z"
      start_date: "2026-11-21T19:20:16.353990Z"
      end_date: "2026-11-21T19:20:23.023955Z"
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import secrets_in
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._backfills.sync import cancelled, present


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    module.no_log_values.update(secrets_in(params["dag_run_conf"]))
    if params["wait"] and params["state"] != "present":
        raise ApiError("wait requires state: present, because a backfill that is not active never ends.")
    if params["state"] == "cancelled":
        return cancelled(client, params, check_mode=module.check_mode)
    return present(client, params, check_mode=module.check_mode, warn=module.warn)


def main() -> None:
    dates = ["from_date", "to_date"]
    module = api_module(
        {
            "dag_id": {"type": "str", "required": True},
            "from_date": {"type": "str"},
            "to_date": {"type": "str"},
            "state": {"type": "str", "choices": ["present", "paused", "cancelled"], "default": "present"},
            "run_backwards": {"type": "bool"},
            "max_active_runs": {"type": "int"},
            "reprocess_behavior": {"type": "str", "choices": ["none", "failed", "completed"]},
            "dag_run_conf": {"type": "dict"},
            "dag_version": {"type": "str", "choices": ["original", "latest"]},
            "force": {"type": "bool", "default": False},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 600},
            "poll_interval": {"type": "int", "default": 2},
        },
        required_together=[dates],
        required_if=[("state", "present", dates), ("state", "paused", dates)],
    )
    run(module, sync)


if __name__ == "__main__":
    main()

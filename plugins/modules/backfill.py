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
  - Creates a backfill of a DAG, that is a run for each date of its schedule in a range, unless that backfill is there.
  - Can wait until every run has finished, through outages of Airflow's API, and fails when one of them has failed.
  - Pauses a backfill, lets it go on, or cancels it.
  - Airflow works at one backfill of a DAG at a time. The module fails when there is another one at work.
  - In check mode, Airflow's own dry run tells what would run.
options:
  dag_id:
    description: The id of the DAG. It must have a schedule of dates.
    type: str
    required: true
  from_date:
    description:
      - The first logical date, as V(2026-11-21), which is midnight in UTC, or with a time zone, as
        V(2026-11-21T06:00:00Z).
      - Required unless O(state=cancelled).
    type: str
  to_date:
    description:
      - The last logical date, in the notation of O(from_date). It is part of the range.
      - Runs whose interval has not ended yet are left out.
      - Required unless O(state=cancelled).
    type: str
  state:
    description:
      - V(present) means that the backfill is at work, or has completed.
      - V(paused) means that no run of it is started, unless it has completed. Runs that are running go on. One that is
        created so may start its first runs in the moment before it is paused.
      - V(cancelled) means that the backfill of the DAG is not at work. Its queued runs fail, its running runs go on.
        Without O(from_date) and O(to_date), whichever backfill is at work is cancelled.
      - A cancelled backfill cannot go on. With V(present), a new one is created.
    type: str
    choices: [present, paused, cancelled]
    default: present
  run_backwards:
    description: Whether to start with the last date. Airflow starts with the first one by default.
    type: bool
  max_active_runs:
    description: How many runs of the backfill run at the same time. Airflow's default is 10.
    type: int
  reprocess_behavior:
    description:
      - Which runs that are there already are made again. By default V(none), so that only missing dates are run.
      - V(failed) makes failed runs again, V(completed) failed and successful ones.
      - In Airflow 3.0, this also turns the runs that other DAGs have of the same dates into runs of the backfill.
    type: str
    choices: [none, failed, completed]
  dag_run_conf:
    description:
      - The parameters of the runs.
      - Values whose keys sound like a secret (password, secret, token, api_key, private_key and the like) are kept out
        of the module's output.
    type: dict
  dag_version:
    description:
      - In which version of the DAG runs are made again, the one that they had or the newest.
      - Airflow decides by default. Needs Airflow 3.2.
    type: str
    choices: [original, latest]
  force:
    description:
      - Whether to create a backfill although one with the same O(dag_id), O(from_date), O(to_date),
        O(reprocess_behavior) and O(dag_run_conf) has completed. An option that is not given equals any.
      - A backfill at work is never created a second time.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until every run has finished, with O(state=present). In check mode nothing is waited for.
      - It fails when a run has failed, also when the backfill had completed before.
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
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With O(force=true) every run creates a backfill, unless one is at work or no run is left to make.
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
notes:
  - Airflow creates all the runs of a backfill before it answers. Raise O(timeout) for one of many hundred runs.
  - Before Airflow 3.3, its scheduler may call a backfill completed whose runs are still being created. Such a backfill
    can be waited for, but Airflow refuses to pause or cancel it.
seealso:
  - module: airfield.airflow.dag
  - module: airfield.airflow.dag_run_info
"""

EXAMPLES = r"""
- name: Unpause the DAG, for a paused one runs no backfill
  airfield.airflow.dag:
    dag_id: daily
    paused: false

- name: Run what is missing of three days and wait for it
  airfield.airflow.backfill:
    dag_id: daily
    from_date: "2026-01-01"
    to_date: "2026-01-03"
    max_active_runs: 3
    wait: true
    wait_timeout: 300
  register: backfill

- name: Show how each day went
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

- name: Let no further run start
  airfield.airflow.backfill:
    dag_id: daily
    from_date: "2026-01-01"
    to_date: "2026-01-03"
    reprocess_behavior: completed
    state: paused

- name: Cancel whichever backfill of the DAG is at work
  airfield.airflow.backfill:
    dag_id: daily
    state: cancelled
"""

RETURN = r"""
backfill:
  description:
    - The backfill as Airflow's API describes it, in check mode as far as it is known.
    - V(null) when there is nothing to cancel or nothing to run.
    - Its C(state) is V(running), V(paused), V(completed) or V(cancelled). Airflow notices up to half a minute late
      that one has completed.
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
  returned: when the backfill was not there
  sample:
    - "2026-01-01T00:00:00Z"
    - "2026-01-02T00:00:00Z"
    - "2026-01-03T00:00:00Z"
dag_runs:
  description:
    - The runs that the backfill made, in the order of their logical dates.
    - These are the DAG's runs of the type C(backfill) in its range that were queued since it was created.
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
        raise ApiError("wait needs state: present, for a backfill that is not at work never ends.")
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

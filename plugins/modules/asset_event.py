#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: asset_event
short_description: Create an asset event, or materialize an asset
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates an event that says that an asset was updated, which triggers the DAGs that are scheduled on it. A paused DAG
    misses the event.
  - Alternatively runs the DAG that produces the asset, and can wait until that run has finished, through outages of
    Airflow's API.
options:
  asset:
    description: The name of the asset, or its URI.
    type: str
    required: true
  extra:
    description:
      - Additional data of the event, for the runs that it triggers.
      - Values whose keys sound like a secret (such as password, secret, token, api_key and private_key) are removed
        from the module's output.
    type: dict
  once:
    description:
      - Whether to do nothing if the asset already has an event with the same O(extra) and O(partition_key). With a
        value in O(extra) that is unique for each occasion, this makes the module idempotent.
      - Airflow hides values whose keys sound like a secret, so an event with such a value is never recognized.
    type: bool
    default: false
  materialize:
    description:
      - Whether to run the DAG that produces the asset, instead of creating an event. The run creates its own.
      - Exactly one DAG must produce it. If several have the asset as an outlet, use M(airfield.airflow.dag_run).
    type: bool
    default: false
  run_id:
    description:
      - The id of the run with O(materialize=true). It makes the module idempotent, because a run with that id is
        triggered only once.
      - Requires Airflow 3.3. Before that, use M(airfield.airflow.dag_run) to trigger the producing DAG with your own
        id.
    type: str
  conf:
    description:
      - The parameters of the run with O(materialize=true). Requires Airflow 3.3.
      - Values whose keys sound like a secret are removed from the module's output, as in O(extra).
    type: dict
  partition_key:
    description: The updated partition of the asset. Requires Airflow 3.2, with O(materialize=true) Airflow 3.3.
    type: str
  wait:
    description:
      - Whether to wait until the run has finished, with O(materialize=true), and to fail if it has failed.
      - Check mode does not wait.
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
  log_lines:
    description: The number of lines at the end of a failed task's log to show. V(0) shows none.
    type: int
    default: 20
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Without O(once=true), every run creates an event.
      - With O(materialize=true) and without O(run_id), every run triggers a DAG run.
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.asset_info
  - module: airfield.airflow.dag_run
"""

EXAMPLES = r"""
- name: Announce the orders of a day to the DAGs that wait for them
  airfield.airflow.asset_event:
    asset: s3://bucket/orders
    extra:
      day: "2026-11-21"
    once: true

- name: Unpause the DAG that produces the orders
  airfield.airflow.dag:
    dag_id: producer
    paused: false

- name: Update the orders with a run of that DAG and wait for it
  airfield.airflow.asset_event:
    asset: orders
    materialize: true
    wait: true
    wait_timeout: 300
  register: materialized

- name: Show the run
  ansible.builtin.debug:
    msg: "{{ materialized.dag_run.dag_run_id }} {{ materialized.dag_run.state }}"
"""

RETURN = r"""
asset_event:
  description:
    - The event as Airflow's API describes it, in check mode as far as known.
    - Airflow adds a marker to its C(extra) that it came from the API.
  type: dict
  returned: success, when O(materialize=false)
  sample:
    id: 2
    asset_id: 2
    name: orders
    uri: s3://bucket/orders
    group: asset
    extra:
      day: "2026-11-21"
      from_rest_api: true
    partition_key: null
    source_dag_id: null
    source_task_id: null
    source_run_id: null
    source_map_index: -1
    created_dagruns: []
    timestamp: "2026-11-21T19:27:27.605955Z"
dag_run:
  description: The run as Airflow's API describes it, in check mode as far as known.
  type: dict
  returned: when O(materialize=true), also when the run has failed
  sample:
    dag_run_id: asset_materialization__2026-11-21T19:28:21.380784+00:00
    dag_id: producer
    state: success
    conf: {}
    logical_date: null
    note: null
    partition_key: null
    run_type: asset_materialization
    triggered_by: rest_api
    triggering_user_name: admin
    queued_at: "2026-11-21T19:28:21.404613Z"
    start_date: "2026-11-21T19:28:22.121728Z"
    end_date: "2026-11-21T19:28:27.523397Z"
    duration: 5.401669
failed_tasks:
  description: The first five failed task instances of the run, with the last lines of their logs.
  type: list
  elements: dict
  returned: when the run has failed
  sample:
    - task_id: produce
      map_index: -1
      state: failed
      hostname: airflow-worker
      try_number: 1
      start_date: "2026-11-21T19:28:58.981528Z"
      end_date: "2026-11-21T19:29:05.638617Z"
      duration: 6.657089
      operator: BashOperator
      executor: null
      queue: default
      pool: default_pool
      log:
        - "2026-11-21T19:29:00.512865Z error Task failed with exception"
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import secrets_in
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._assets.records import demand_asset
from ansible_collections.airfield.airflow.plugins.module_utils._assets.sync import materialize, send_event

OF_EVENTS = ("extra", "once")
OF_RUNS = ("run_id", "conf", "wait")


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    module.no_log_values.update(secrets_in([params["extra"], params["conf"]]))
    misplaced = [name for name in (OF_EVENTS if params["materialize"] else OF_RUNS) if params[name]]
    if misplaced:
        needed = "false" if params["materialize"] else "true"
        raise ApiError(f"{', '.join(misplaced)} requires materialize: {needed}.")
    asset = demand_asset(client, params["asset"])
    if params["materialize"]:
        return materialize(client, asset, params, check_mode=module.check_mode, warn=module.warn)
    return send_event(client, asset, params, check_mode=module.check_mode)


def main() -> None:
    module = api_module(
        {
            "asset": {"type": "str", "required": True},
            "extra": {"type": "dict"},
            "once": {"type": "bool", "default": False},
            "materialize": {"type": "bool", "default": False},
            "run_id": {"type": "str"},
            "conf": {"type": "dict"},
            "partition_key": {"type": "str", "no_log": False},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 600},
            "poll_interval": {"type": "int", "default": 2},
            "log_lines": {"type": "int", "default": 20},
        }
    )
    run(module, sync)


if __name__ == "__main__":
    main()

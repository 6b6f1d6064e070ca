#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: asset_info
short_description: Show assets, what produces them and what they trigger
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Lists assets with the tasks that produce them, the DAGs that are scheduled on them, and their last event.
  - Can show the newest events of each asset, and the events queued for DAGs that wait for further assets.
options:
  asset:
    description: Show only the asset with this name, or else with this URI. The result is empty if it does not exist.
    type: str
  name_pattern:
    description: Show only assets whose name contains this string, case-insensitively. V(%) matches any string.
    type: str
  uri_pattern:
    description: Show only assets whose URI contains this string, case-insensitively. V(%) matches any string.
    type: str
  dag_ids:
    description: Show only assets that one of these DAGs produces or is scheduled on or, since Airflow 3.1, reads.
    type: list
    elements: str
    default: []
  only_active:
    description: Whether to leave out assets that no DAG uses any more.
    type: bool
    default: true
  events:
    description:
      - The maximum number of events of each asset to show, newest first.
      - This takes one more request for each asset.
    type: int
    default: 0
  queued_events:
    description:
      - Whether to show the events that wait until the other assets of a DAG's schedule are updated.
      - This takes one more request for each asset.
    type: bool
    default: false
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.asset_event
"""

EXAMPLES = r"""
- name: Find out which DAGs new orders start
  airfield.airflow.asset_info:
    asset: s3://bucket/orders
    events: 5
  register: orders

- name: Show them
  ansible.builtin.debug:
    msg: "{{ orders.assets | map(attribute='scheduled_dags') | flatten | map(attribute='dag_id') }}"

- name: List everything in the bucket
  airfield.airflow.asset_info:
    uri_pattern: s3://bucket/
    queued_events: true

- name: List what a DAG produces or waits for
  airfield.airflow.asset_info:
    dag_ids:
      - consumer
"""

RETURN = r"""
assets:
  description: The assets as Airflow's API describes them, in the order in which they were registered.
  type: list
  elements: dict
  returned: success
  contains:
    id:
      description: The id of the asset in the API.
      type: int
      sample: 7
    name:
      description: The name of the asset.
      type: str
      sample: orders
    uri:
      description: The URI of the asset.
      type: str
      sample: s3://bucket/orders
    group:
      description: The group of the asset.
      type: str
      sample: asset
    producing_tasks:
      description: The tasks that have the asset as an outlet.
      type: list
      elements: dict
      sample:
        - dag_id: producer
          task_id: produce
          created_at: "2026-11-21T19:19:03.272344Z"
          updated_at: "2026-11-21T19:19:03.272358Z"
    scheduled_dags:
      description: The DAGs that are scheduled on the asset.
      type: list
      elements: dict
      sample:
        - dag_id: consumer
          created_at: "2026-11-21T19:19:03.201618Z"
          updated_at: "2026-11-21T19:19:03.201625Z"
    consuming_tasks:
      description: The tasks that have the asset as an inlet.
      type: list
      elements: dict
      returned: since Airflow 3.1
      sample:
        - dag_id: consumer
          task_id: consume
          created_at: "2026-11-21T19:19:03.237730Z"
          updated_at: "2026-11-21T19:19:03.237742Z"
    aliases:
      description: The aliases under which events of the asset were created.
      type: list
      elements: dict
      sample: []
    last_asset_event:
      description: The newest event of the asset. V(null) if there is none.
      type: dict
      sample:
        id: 5
        timestamp: "2026-11-21T19:28:41.097362Z"
    events:
      description: The newest events, newest first, each with the runs that it triggered.
      type: list
      elements: dict
      returned: when O(events) is greater than 0
      sample:
        - id: 5
          asset_id: 2
          name: orders
          uri: s3://bucket/orders
          group: asset
          extra: {}
          partition_key: null
          source_dag_id: producer
          source_task_id: produce
          source_run_id: release-7
          source_map_index: -1
          timestamp: "2026-11-21T19:28:41.097362Z"
          created_dagruns:
            - dag_id: consumer
              run_id: asset_triggered__2026-11-21T19:28:41.200111+00:00_VcxkMhtI
              state: success
              triggering: true
              logical_date: null
              start_date: "2026-11-21T19:28:42.743806Z"
              end_date: "2026-11-21T19:28:45.313845Z"
    queued_events:
      description: The DAGs that have an event of the asset and wait for those of further assets.
      type: list
      elements: dict
      returned: when O(queued_events=true)
      sample:
        - dag_id: bills_and_orders
          dag_display_name: bills_and_orders
          asset_id: 2
          created_at: "2026-11-21T19:27:27.638363Z"
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._assets.records import (
    completed,
    find_asset,
    list_assets,
    newest_events,
    queued_events,
)


def described(client: ApiClient, asset: JsonObject, params: dict[str, Any]) -> JsonObject:
    asset = completed(client, asset)
    if params["events"] > 0:
        asset["events"] = newest_events(client, asset["id"], params["events"])
    if params["queued_events"]:
        asset["queued_events"] = queued_events(client, asset["id"])
    return asset


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    if params["asset"]:
        asset = find_asset(client, params["asset"], only_active=params["only_active"])
        assets = [asset] if asset else []
    else:
        assets = list(list_assets(client, params))
    return {"changed": False, "assets": [described(client, asset, params) for asset in assets]}


def main() -> None:
    module = api_module(
        {
            "asset": {"type": "str"},
            "name_pattern": {"type": "str"},
            "uri_pattern": {"type": "str"},
            "dag_ids": {"type": "list", "elements": "str", "default": []},
            "only_active": {"type": "bool", "default": True},
            "events": {"type": "int", "default": 0},
            "queued_events": {"type": "bool", "default": False},
        },
        mutually_exclusive=[("asset", name) for name in ("name_pattern", "uri_pattern", "dag_ids")],
    )
    run(module, sync)


if __name__ == "__main__":
    main()

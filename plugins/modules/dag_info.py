#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dag_info
short_description: Show Airflow DAGs and their problems
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Lists the DAGs that are named, or that a pattern, tags and O(paused) select. By default it lists all DAGs.
  - Can show each DAG's newest version, parameters, import errors and warnings.
options:
  paused:
    description: Show only DAGs that are paused, or only those that are not. Mutually exclusive with O(dag_id) and
      O(dag_ids).
    type: bool
  include_stale:
    description:
      - Whether to list stale DAGs as well, whose file is gone or cannot be parsed.
      - DAGs that are given by id are always shown.
    type: bool
    default: false
  details:
    description:
      - Whether to show everything that Airflow returns about each DAG, its newest version, import errors and warnings.
      - This takes one more request for each DAG, and two for all.
    type: bool
    default: false
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.dag_selection
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.dag
  - module: airfield.airflow.dag_run_info
"""

EXAMPLES = r"""
- name: Show two DAGs
  airfield.airflow.dag_info:
    dag_ids:
      - hello
      - last_year
  register: release

- name: Show which of them Airflow does not know
  ansible.builtin.debug:
    var: release.missing

- name: List the paused DAGs of a team
  airfield.airflow.dag_info:
    tags:
      - example
    paused: true

- name: Show the details of DAGs whose id contains one of two words
  airfield.airflow.dag_info:
    dag_id_pattern: daily|hello
    details: true
  register: about

- name: Show their next runs
  ansible.builtin.debug:
    msg: "{{ item.dag_id }} ({{ item.timetable_description }}): {{ item.next_dagrun_run_after }}"
  loop: "{{ about.dags }}"
  loop_control:
    label: "{{ item.dag_id }}"
"""

RETURN = r"""
dags:
  description:
    - The DAGs as Airflow's API describes them, in the order of O(dag_ids) or else of their ids.
    - Airflow 3.0 returns fewer fields than later versions.
  type: list
  elements: dict
  returned: success
  contains:
    dag_id:
      description: The id of the DAG.
      type: str
      sample: daily
    is_paused:
      description: Whether the DAG is paused.
      type: bool
      sample: false
    is_stale:
      description: Whether its file is gone or can no longer be parsed.
      type: bool
      sample: false
    has_import_errors:
      description: Whether Airflow failed to parse its file the last time.
      type: bool
      sample: false
    timetable_summary:
      description: The schedule. V(null) for a DAG without one.
      type: str
      sample: 0 0 * * *
    timetable_description:
      description: The schedule in words.
      type: str
      sample: At 00:00
    next_dagrun_run_after:
      description: When the next run is due, V(null) if there is none.
      type: str
      sample: "2026-11-22T00:00:00Z"
    next_dagrun_logical_date:
      description: The logical date of the next run.
      type: str
      sample: "2026-11-22T00:00:00Z"
    tags:
      description: The tags, each with its C(name).
      type: list
      elements: dict
      sample:
        - name: example
          dag_id: daily
          dag_display_name: daily
    owners:
      description: The owners.
      type: list
      elements: str
      sample:
        - airflow
    bundle_name:
      description: The bundle that the DAG comes from.
      type: str
      sample: dags-folder
    bundle_version:
      description: The commit of the bundle. V(null) where the bundle has no commits.
      type: str
      sample: null
    relative_fileloc:
      description: The file of the DAG, relative to the bundle.
      type: str
      sample: daily.py
    last_parsed_time:
      description: When Airflow last parsed the file.
      type: str
      sample: "2026-11-21T12:00:03.481516Z"
    dag_version:
      description: The newest version of the DAG, V(null) if it has none.
      type: dict
      returned: with O(details=true)
      sample:
        id: 01a1ff84-abde-71cf-9aa3-310b9fd56a25
        dag_id: daily
        version_number: 1
        bundle_name: dags-folder
        bundle_version: null
        bundle_url: null
        created_at: "2026-11-21T12:00:03.481516Z"
    import_errors:
      description: Why Airflow cannot parse the file of the DAG. Empty if it can.
      type: list
      elements: dict
      returned: with O(details=true)
      sample: []
    dag_warnings:
      description: Airflow's warnings, each with C(warning_type), such as V(asset conflict), C(message) and
        C(timestamp).
      type: list
      elements: dict
      returned: with O(details=true)
      sample: []
missing:
  description: The ids in O(dag_id) or O(dag_ids) that Airflow does not know.
  type: list
  elements: str
  returned: success
  sample:
    - last_year
import_errors:
  description:
    - All files that Airflow cannot parse. Those that it could never parse belong to no DAG.
    - Airflow 3.0 returns their full paths, later versions their paths in the bundle.
  type: list
  elements: dict
  returned: success, with O(details=true)
  sample:
    - import_error_id: 1
      timestamp: "2026-11-21T12:00:03.481516Z"
      filename: broken.py
      bundle_name: dags-folder
      stack_trace: |
        Traceback (most recent call last):
          File "/opt/airflow/dags/broken.py", line 9, in <module>
            import nothing_like_this
        ModuleNotFoundError: No module named 'nothing_like_this'
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._dags.details import with_details
from ansible_collections.airfield.airflow.plugins.module_utils._dags.selection import (
    SELECTION_ARGUMENTS,
    SELECTION_EXCLUSIVE,
    named_ids,
    recorded_dags,
    selected_dags,
)


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    ids = named_ids(params)
    if ids is None:
        dags = selected_dags(client, params, include_stale=params["include_stale"], paused=params["paused"])
    else:
        dags = list(recorded_dags(client, ids).values())
    known = {dag["dag_id"] for dag in dags}
    missing = [dag_id for dag_id in ids or () if dag_id not in known]
    result: dict[str, Any] = {"changed": False, "dags": dags, "missing": missing}
    return {**result, **with_details(client, dags)} if params["details"] else result


def main() -> None:
    module = api_module(
        argument_spec={
            **SELECTION_ARGUMENTS,
            "paused": {"type": "bool"},
            "include_stale": {"type": "bool", "default": False},
            "details": {"type": "bool", "default": False},
        },
        mutually_exclusive=[*SELECTION_EXCLUSIVE, ("dag_id", "dag_ids", "paused")],
    )
    run(module, sync)


if __name__ == "__main__":
    main()

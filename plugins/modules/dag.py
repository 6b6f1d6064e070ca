#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dag
short_description: Wait for a DAG of Airflow and pause or unpause it
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Waits until Airflow has read a DAG's file and knows the DAG, and fails at once with the import error's text when
    Airflow cannot read it.
  - Pauses or unpauses the DAG.
options:
  dag_id:
    description: The id of the DAG.
    type: str
    required: true
  paused:
    description: Whether the DAG shall be paused. Left as it is by default. Airflow pauses new DAGs.
    type: bool
  file:
    description:
      - The file in which the DAG is expected, relative to the DAG folder. It tells which import error is about the DAG.
      - An import error in the file from which Airflow knew the DAG before is about the DAG as well.
      - Without this option, so is one in a file that is named like the DAG (a suffix C(_dag) may be missing or added),
        and one that quotes the DAG's id.
    type: str
  bundle_version:
    description:
      - The commit from which the newest version of the DAG shall come, where Airflow reads its DAGs from Git.
      - It is waited for like the DAG itself, so that the next run is of this commit.
    type: str
  show_version:
    description: Whether to show the newest version of the DAG. O(bundle_version) implies it.
    type: bool
    default: false
  wait:
    description: Whether to wait for a DAG that Airflow does not know yet. In check mode nothing is waited for.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait at most. Airflow looks for new files every 300 s unless told otherwise.
    type: int
    default: 360
  poll_interval:
    description: How many seconds lie between two looks.
    type: int
    default: 2
  import_error_grace:
    description:
      - Airflow keeps an import error until it reads the file again, also when the file has been mended meanwhile.
      - An import error that was there before the module started counts only when it is still there after this many
        seconds, or when Airflow has recorded it anew. One that appears while the module waits counts at once.
      - Set it to more than C([dag_processor] min_file_process_interval), as V(45), after a broken file was mended.
    type: int
    default: 1
attributes:
  check_mode:
    support: full
    details:
      - A DAG that Airflow does not know yet is a warning in check mode, since its file may not have been copied. So is
        one whose newest version is not of O(bundle_version).
  diff_mode:
    support: full
  idempotent:
    support: full
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.dag_run
"""

EXAMPLES = r"""
- name: Wait until Airflow knows the DAG, and let it run
  airfield.airflow.dag:
    api_url: http://127.0.0.1:32080
    api_username: admin
    api_password: "{{ airflow_admin_password }}"
    dag_id: poc_test
    paused: false
    file: poc_test.py
    wait_timeout: 120

- name: Wait until the DAG is that of a commit
  airfield.airflow.dag:
    api_url: http://127.0.0.1:32080
    api_username: admin
    api_password: "{{ airflow_admin_password }}"
    dag_id: example_user_dag
    bundle_version: 0b1c5a3f6f1d4f1c9e6f7f6a3c1d2e4b5a697887
"""

RETURN = r"""
dag:
  description: The DAG as Airflow's API describes it. V(null) in check mode when Airflow does not know it yet.
  type: dict
  returned: success
  sample:
    dag_id: poc_test
    dag_display_name: poc_test
    is_paused: false
    is_stale: false
    has_import_errors: false
    bundle_name: dags-folder
    relative_fileloc: poc_test.py
    fileloc: /opt/airflow/dags/poc_test.py
    last_parsed_time: "2026-11-21T12:00:03.481516Z"
    timetable_summary: null
    tags: []
    owners:
      - airflow
dag_version:
  description: The newest version of the DAG, V(null) when it has none. Without commits C(bundle_version) is V(null).
  type: dict
  returned: success, with O(show_version=true) or O(bundle_version)
  sample:
    version_number: 3
    bundle_name: dags
    bundle_version: 0b1c5a3f6f1d4f1c9e6f7f6a3c1d2e4b5a697887
    created_at: "2026-11-21T12:00:03.481516Z"
import_errors:
  description: What Airflow cannot read, when the DAG did not appear.
  type: list
  elements: dict
  returned: failure
  sample:
    - import_error_id: 1
      timestamp: "2026-11-21T12:00:03.481516Z"
      filename: poc_test.py
      bundle_name: dags-folder
      stack_trace: |
        Traceback (most recent call last):
          File "/opt/airflow/dags/poc_test.py", line 3
        SyntaxError: '(' was never closed
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api_client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api_errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api_module import (
    API_ARGUMENTS,
    API_REQUIRED_ONE_OF,
    API_REQUIRED_TOGETHER,
    run,
)
from ansible_collections.airfield.airflow.plugins.module_utils._dag_arrival import await_dag, lateness
from ansible_collections.airfield.airflow.plugins.module_utils._dag_runs import newest_version


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    wanted = params["bundle_version"]
    try:
        arriving = {**params, "bundle_version": None if module.check_mode else wanted}
        dag = await_dag(client, arriving, once=module.check_mode or not params["wait"])
    except ApiError as error:
        if not (module.check_mode and "import_errors" in error.facts):
            raise
        module.warn(f"{error}\nOutside check mode this is waited for, or fails.")
        unknown = {"dag": None, "dag_version": None} if wanted or params["show_version"] else {"dag": None}
        return {"changed": params["paused"] is not None, "diff": {"before": {}, "after": {}}, **unknown}
    shown: dict[str, Any] = {}
    if wanted or params["show_version"]:
        shown["dag_version"] = newest_version(client, params["dag_id"])
        late = lateness(shown["dag_version"], wanted) if wanted else ""
        if late:  # only in check mode
            module.warn(f"The DAG {params['dag_id']} is not up to date: {late}. Outside check mode this is waited for.")
    before = {"dag_id": dag["dag_id"], "is_paused": dag["is_paused"]}
    paused = dag["is_paused"] if params["paused"] is None else params["paused"]
    changed = paused != dag["is_paused"]
    if changed and not module.check_mode:
        # Setting a value twice is the same as setting it once.
        dag = client.request("PATCH", "dags", params["dag_id"], body={"is_paused": paused}, repeatable=True)
    after = {**before, "is_paused": paused}
    diff = {"before": before, "after": after}
    return {"changed": changed, "dag": {**dag, "is_paused": paused}, "diff": diff, **shown}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **API_ARGUMENTS,
            "dag_id": {"type": "str", "required": True},
            "paused": {"type": "bool"},
            "file": {"type": "str"},
            "bundle_version": {"type": "str"},
            "show_version": {"type": "bool", "default": False},
            "wait": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 360},
            "poll_interval": {"type": "int", "default": 2},
            "import_error_grace": {"type": "int", "default": 1},
        },
        required_together=API_REQUIRED_TOGETHER,
        required_one_of=API_REQUIRED_ONE_OF,
        supports_check_mode=True,
    )
    run(module, sync)


if __name__ == "__main__":
    main()

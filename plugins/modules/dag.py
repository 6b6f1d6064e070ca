#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dag
short_description: Wait for DAGs of Airflow, pause, unpause or delete them
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Waits until Airflow has read the files of the DAGs that O(dag_id) or O(dag_ids) names and knows the DAGs, and fails
    at once with the import error's text when Airflow cannot read one of them.
  - Pauses or unpauses these DAGs, or those that O(dag_id_pattern) and O(tags) select among the DAGs that Airflow knows.
    For the latter nothing is waited for.
  - Deletes DAGs from Airflow's database, with their runs and all that Airflow has recorded of them.
options:
  state:
    description:
      - V(present) waits for DAGs and pauses or unpauses them. V(absent) deletes them.
      - A pattern or tags select stale DAGs, of which the file is gone or cannot be read, only with V(absent).
      - Airflow adds a deleted DAG again when it next reads its file, so remove the file before.
    type: str
    choices: [present, absent]
    default: present
  paused:
    description: Whether the DAGs shall be paused. Left as they are by default. Airflow pauses new DAGs.
    type: bool
  file:
    description:
      - The file in which the DAG O(dag_id) is expected, relative to the DAG folder. It tells which import error is
        about the DAG.
      - An import error in the file from which Airflow knew the DAG before is about the DAG as well.
      - Without this option, so is one in a file that is named like the DAG (a suffix C(_dag) may be missing or added),
        and one that quotes the DAG's id.
    type: str
  bundle_version:
    description:
      - The commit from which the newest versions of the DAGs shall come, where Airflow reads its DAGs from Git.
      - It is waited for like the DAGs themselves, so that the next runs are of this commit.
      - Only with O(dag_id) or O(dag_ids).
    type: str
  show_version:
    description: Whether to show the newest version of each DAG. O(bundle_version) implies it.
    type: bool
    default: false
  wait:
    description: Whether to wait for a DAG that Airflow does not know yet. In check mode nothing is waited for.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait at most, for all DAGs together.
      - Airflow looks for new files every 300 s unless told otherwise.
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
      - Whether a DAG can be deleted shows only when it is tried, see O(state).
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - With O(state=absent) only as long as the file of a DAG is not there, see O(state).
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.dag_selection
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
notes:
  - Airflow refuses to delete a DAG of which a task is running. The module deletes the others and then fails.
seealso:
  - module: airfield.airflow.dag_info
  - module: airfield.airflow.dag_run
"""

EXAMPLES = r"""
- name: Wait until Airflow knows the DAG, and let it run
  airfield.airflow.dag:
    dag_id: hello
    paused: false
    file: hello.py
    wait_timeout: 120

- name: Wait until Airflow knows all DAGs of a release
  airfield.airflow.dag:
    dag_ids:
      - producer
      - consumer
    show_version: true

- name: Pause all DAGs of a team for maintenance
  airfield.airflow.dag:
    tags:
      - example
    paused: true
  register: maintenance

- name: Unpause those that were not paused before
  airfield.airflow.dag:
    dag_ids: "{{ maintenance.updated }}"
    paused: false

- name: Forget a DAG whose file was removed
  airfield.airflow.dag:
    dag_id: last_year
    state: absent
"""

RETURN = r"""
dag:
  description: The DAG as Airflow's API describes it. V(null) when it was deleted, or not known yet in check mode.
  type: dict
  returned: success, with O(dag_id)
  sample:
    dag_id: hello
    dag_display_name: hello
    is_paused: false
    is_stale: false
    has_import_errors: false
    bundle_name: dags-folder
    relative_fileloc: hello.py
    fileloc: /opt/airflow/dags/hello.py
    last_parsed_time: "2026-11-21T12:00:03.481516Z"
    timetable_summary: null
    tags:
      - name: example
        dag_id: hello
        dag_display_name: hello
    owners:
      - airflow
dags:
  description:
    - The DAGs, each like RV(dag). With O(show_version=true) or O(bundle_version) each has RV(dag_version).
    - The deleted ones, and in check mode those that Airflow does not know yet, are not in it.
  type: list
  elements: dict
  returned: success, without O(dag_id)
  sample:
    - dag_id: producer
      is_paused: true
      dag_version:
        version_number: 1
        bundle_name: dags-folder
        bundle_version: null
        created_at: "2026-11-21T12:00:03.481516Z"
dag_version:
  description: The newest version of the DAG, V(null) when it has none. Without commits C(bundle_version) is V(null).
  type: dict
  returned: success, with O(dag_id) and O(show_version=true) or O(bundle_version)
  sample:
    version_number: 3
    bundle_name: dags
    bundle_version: 0b1c5a3f6f1d4f1c9e6f7f6a3c1d2e4b5a697887
    created_at: "2026-11-21T12:00:03.481516Z"
updated:
  description: The ids of the DAGs that were paused or unpaused.
  type: list
  elements: str
  returned: success or failure, with O(state=present)
  sample:
    - hello
deleted:
  description: The ids of the DAGs that were deleted.
  type: list
  elements: str
  returned: success or failure, with O(state=absent)
  sample:
    - last_year
import_errors:
  description: What Airflow cannot read, when a DAG did not appear.
  type: list
  elements: dict
  returned: failure
  sample:
    - import_error_id: 1
      timestamp: "2026-11-21T12:00:03.481516Z"
      filename: hello.py
      bundle_name: dags-folder
      stack_trace: |
        Traceback (most recent call last):
          File "/opt/airflow/dags/hello.py", line 3
        SyntaxError: '(' was never closed
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._dags.selection import (
    SELECTION_ARGUMENTS,
    SELECTION_EXCLUSIVE,
)
from ansible_collections.airfield.airflow.plugins.module_utils._dags.sync import absent, present


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    if module.params["state"] == "absent":
        return absent(client, module.params, check_mode=module.check_mode)
    return present(client, module.params, check_mode=module.check_mode, warn=module.warn)


def main() -> None:
    module = api_module(
        argument_spec={
            **SELECTION_ARGUMENTS,
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "paused": {"type": "bool"},
            "file": {"type": "str"},
            "bundle_version": {"type": "str"},
            "show_version": {"type": "bool", "default": False},
            "wait": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 360},
            "poll_interval": {"type": "int", "default": 2},
            "import_error_grace": {"type": "int", "default": 1},
        },
        required_one_of=[("dag_id", "dag_ids", "dag_id_pattern", "tags")],
        mutually_exclusive=[
            *SELECTION_EXCLUSIVE,
            ("file", "dag_ids", "dag_id_pattern"),
            ("file", "dag_ids", "tags"),
            ("bundle_version", "dag_id_pattern"),
            ("bundle_version", "tags"),
        ],
    )
    run(module, sync)


if __name__ == "__main__":
    main()

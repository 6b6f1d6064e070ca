#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: dag
short_description: Wait for Airflow DAGs, pause, unpause or delete them
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Waits until Airflow has parsed the files of the DAGs in O(dag_id) or O(dag_ids), and fails at once with the import
    error if Airflow cannot parse one of them.
  - Pauses or unpauses these DAGs, or those that O(dag_id_pattern) and O(tags) select among the DAGs that Airflow knows.
    The module does not wait for the latter.
  - Deletes DAGs from Airflow's database, with their runs and everything else that Airflow has recorded about them.
options:
  state:
    description:
      - V(present) waits for DAGs and pauses or unpauses them. V(absent) deletes them.
      - A pattern or tags select stale DAGs, whose file is gone or cannot be parsed, only with V(absent).
      - Airflow adds a deleted DAG again when it next parses its file, so remove the file first.
    type: str
    choices: [present, absent]
    default: present
  paused:
    description: Whether the DAGs should be paused. Not changed by default. Airflow pauses new DAGs.
    type: bool
  file:
    description:
      - The file in which the DAG O(dag_id) is expected, relative to the DAG directory. It determines which import error
        concerns the DAG.
      - An import error in the file that the DAG came from before also concerns the DAG.
      - Without this option, so does one in a file that is named like the DAG (with or without a suffix C(_dag)), and
        one that quotes the DAG's id.
    type: str
  bundle_version:
    description:
      - The expected commit of the newest versions of the DAGs, if Airflow reads its DAGs from Git.
      - The module waits for it like for the DAGs themselves, so that the next runs use this commit.
      - Only with O(dag_id) or O(dag_ids).
    type: str
  show_version:
    description: Whether to show the newest version of each DAG. O(bundle_version) implies it.
    type: bool
    default: false
  wait:
    description: Whether to wait for a DAG that Airflow does not know yet. Check mode does not wait.
    type: bool
    default: true
  wait_timeout:
    description:
      - The maximum number of seconds to wait, for all DAGs together.
      - By default, Airflow looks for new files every 300 s.
    type: int
    default: 360
  poll_interval:
    description: The number of seconds between two polls.
    type: int
    default: 2
  import_error_grace:
    description:
      - Airflow keeps an import error until it parses the file again, even if the file has been fixed in the meantime.
      - An import error that existed before the module started counts only if it still exists after this many seconds,
        or if Airflow has recorded it again. One that appears while the module waits counts at once.
      - After fixing a broken file, set it to more than C([dag_processor] min_file_process_interval), such as V(45).
    type: int
    default: 1
attributes:
  check_mode:
    support: full
    details:
      - In check mode, a DAG that Airflow does not know yet causes a warning, since its file may not have been copied.
        So does one whose newest version is not from O(bundle_version).
      - Check mode cannot predict whether a DAG can be deleted, see O(state).
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - With O(state=absent), only as long as the file of a DAG does not exist, see O(state).
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.dag_selection
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
notes:
  - Airflow refuses to delete a DAG with running tasks. The module deletes the others and then fails.
seealso:
  - module: airfield.airflow.dag_info
  - module: airfield.airflow.dag_run
"""

EXAMPLES = r"""
- name: Wait until Airflow knows the DAG, and unpause it
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

- name: Delete a DAG whose file was removed
  airfield.airflow.dag:
    dag_id: last_year
    state: absent
"""

RETURN = r"""
dag:
  description: The DAG as Airflow's API describes it. V(null) if it was deleted, or is not known yet in check mode.
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
    - Deleted DAGs, and in check mode those that Airflow does not know yet, are not included.
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
  description: The newest version of the DAG, V(null) if it has none. Without commits, C(bundle_version) is V(null).
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
  description: The files that Airflow cannot parse, when a DAG did not appear.
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

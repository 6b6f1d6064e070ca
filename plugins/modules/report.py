#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: report
short_description: Compare the evidence of DAG runs with the expectations, and write a report
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates a list of checks from the results of other modules, and writes it as JSON and as JUnit XML.
  - Missing evidence is a failed check.
  - The callback plugin P(airfield.airflow.progress#callback) shows the checks as a table at the end of the playbook.
  - A failed check does not make this module fail, so that there is always a report. Check RV(airfield_report.passed).
options:
  path:
    description: Where to write the report, without the suffix. C(.json) and C(.xml) are added. The directory must
      exist.
    type: path
    required: true
  versions:
    description: The installed versions, for the report.
    type: dict
    default: {}
  notes:
    description: Lines to show after the checks.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - airfield.airflow.attributes
  - airfield.airflow.evidence
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
    details:
      - The files contain no timestamps. The same evidence results in the same files.
      - For a pod that is gone by now, the details of the earlier report are kept.
"""

EXAMPLES = r"""
- name: Judge a run
  airfield.airflow.report:
    path: /tmp/airfield/report
    airflow: "{{ airflow }}"
    airflow_version: 3.3.2
    runs:
      - dag_id: poc_test
        run_id: release-7
        dag_run: "{{ newest.dag_runs | first }}"
    log_folder: /tmp/airfield/logs
    log_files: "{{ logs.files }}"
    log_lines:
      - dag_id: poc_test
        task_id: echo
        contains: Hello from {hostname}
  register: result
"""

RETURN = r"""
airfield_report:
  description: The report.
  returned: always
  type: dict
  contains:
    passed:
      description: Whether every check passed.
      type: bool
    checks:
      description: The checks. Each has C(name), C(expected), C(found), C(passed) and C(evidence).
      type: list
      elements: dict
    run_ids:
      description: The id of the judged run of each DAG.
      type: dict
    versions:
      description: The installed versions.
      type: dict
    notes:
      description: Lines to show after the checks.
      type: list
      elements: str
  sample:
    passed: true
    checks:
      - name: poc_test succeeded
        expected: success, each of its tasks at its first try
        found: success in 22 s, 2 tasks
        passed: true
        evidence:
          run_id: release-7
          tasks: []
    run_ids:
      poc_test: release-7
    versions:
      airflow: 3.3.2
    notes:
      - "UI: http://127.0.0.1:32080"
failures:
  description: A sentence for each check that did not pass.
  returned: always
  type: list
  elements: str
  sample: []
files:
  description: The files of the report.
  returned: always
  type: list
  elements: str
  sample:
    - /tmp/airfield/report.json
    - /tmp/airfield/report.xml
"""

import os
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._proof.arguments import EVIDENCE_ARGUMENTS
from ansible_collections.airfield.airflow.plugins.module_utils._proof.report import (
    as_json,
    as_junit,
    failure_sentences,
    read_report,
    report_of,
)


def write(module: AnsibleModule, path: str, content: str) -> dict[str, str] | None:
    """Write a file if its content differs; return the difference, or None."""
    try:
        before = Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
        if before == content:
            return None
        if not module.check_mode:
            beside = Path(f"{path}.{os.getpid()}")
            beside.write_text(content, encoding="utf-8")
            module.atomic_move(str(beside), path)
    except OSError as error:
        module.fail_json(
            msg=f"The report {path} cannot be written: {error.strerror}. Create its directory, or change `path`."
        )
    return {"before_header": path, "after_header": path, "before": before, "after": content}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            **EVIDENCE_ARGUMENTS,
            "versions": {"type": "dict", "default": {}},
            "notes": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    earlier = read_report(f"{module.params['path']}.json")
    report: dict[str, Any] = report_of(module.params, earlier)
    contents = {
        f"{module.params['path']}.json": as_json(report),
        f"{module.params['path']}.xml": as_junit(report),
    }
    differences = [write(module, path, content) for path, content in contents.items()]
    changes = [difference for difference in differences if difference]
    module.exit_json(
        changed=bool(changes),
        diff=changes,
        airfield_report=report,
        failures=failure_sentences(report),
        files=list(contents),
    )


if __name__ == "__main__":
    main()

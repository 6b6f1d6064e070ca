#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: proof
short_description: Compare the evidence of DAG runs with the expectations, and write a report
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates a list of checks from the results of other modules, and writes it as JSON and as JUnit XML.
  - Missing evidence is a failed check.
  - A failed check does not make this action fail, so that its result stays short. Check RV(failures).
  - This action judges the evidence on the controller. It connects to the host only to read and write the report.
  - The callback plugin P(airfield.airflow.progress#callback) shows the checks as a table at the end of the playbook.
options:
  path:
    description: Where to write the report on the host, without the suffix. C(.json) and C(.xml) are added. The
      directory is created if it does not exist. C(~) is the home directory of the user on the host.
    type: str
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
  airflow:
    description: What M(airfield.airflow.airflow_info) returned.
    type: dict
    required: true
  airflow_version:
    description: The expected version of Airflow. Any version by default.
    type: str
  application:
    description: What M(airfield.airflow.argocd_application) returned, on success or failure. Without it the report does
      not mention Argo CD.
    type: dict
    default: {}
  application_revision:
    description: The commit, or a prefix of it, that one of the Application's sources must be at. Any commit by default.
    type: str
  airflow_cfg:
    description: The content of the deployed file C(airflow.cfg).
    type: str
  settings:
    description: The settings that O(airflow_cfg) must contain.
    type: list
    elements: dict
    default: []
    suboptions:
      section:
        description: The section of the file.
        type: str
        required: true
      option:
        description: The option of the section.
        type: str
        required: true
      value:
        description: The exact value. Only boolean values are compared case-insensitively.
        type: str
        required: true
  dags:
    description:
      - The DAGs with their newest versions, as M(airfield.airflow.dag) returns them with
        O(airfield.airflow.dag#module:show_version=true).
      - Airflow must know the DAG of each run. Without this option there are no checks of DAGs.
    type: list
    elements: dict
  dags_commit:
    description: The expected commit of the newest versions of the DAGs and of their runs. Any commit by default.
    type: str
  steady_pods:
    description:
      - The pods that always run, as expectations with C(count). M(airfield.airflow.placement) checked them before the
        runs started. There is one check for each.
    type: list
    elements: dict
    default: []
  idle_pods:
    description:
      - Expectations for task pods, of which there must be none except those of active runs.
      - There is one check for each.
    type: list
    elements: dict
    default: []
  steady_placement:
    description: What M(airfield.airflow.placement) returned for O(steady_pods) and O(idle_pods), with C(pod_details).
    type: dict
    default: {}
  pod_runs:
    description: The runs of the pods found for O(idle_pods), as returned by M(airfield.airflow.dag_run_info).
    type: list
    elements: dict
    default: []
  runs:
    description: The runs to judge.
    type: list
    elements: dict
    required: true
    suboptions:
      dag_id:
        description: The id of the DAG.
        type: str
        required: true
      run_id:
        description: The id of the run.
        type: str
        required: true
  dag_runs:
    description: Those of O(runs) that exist, with their task instances and logs, as returned by
      M(airfield.airflow.dag_run) or M(airfield.airflow.dag_run_info).
    type: list
    elements: dict
    default: []
  run_error:
    description: The error message of M(airfield.airflow.dag_run), if it failed. It is shown with each run that has not
      ended. A run that has failed is explained by its own C(error) in O(dag_runs).
    type: str
  expectations:
    description: The expectations that were passed to M(airfield.airflow.placement). There is one check for each.
    type: list
    elements: dict
    default: []
  placement:
    description: What M(airfield.airflow.placement) returned.
    type: dict
    default: {}
  log_files:
    description: The log files on the shared volume with C(path) and C(size), as M(ansible.builtin.find) returns them.
    type: list
    elements: dict
    default: []
  log_directory:
    description: The directory of the log files, to name in the report.
    type: str
    required: true
  log_lines:
    description: Strings that the logs of some tasks must contain when they are read through Airflow's API.
    type: list
    elements: dict
    default: []
    suboptions:
      dag_id:
        description: The id of the DAG.
        type: str
        required: true
      task_id:
        description: The id of the task.
        type: str
        required: true
      contains:
        description: The string. C({hostname}) is replaced by the name of the task's pod.
        type: str
        required: true
  host_worker_dags:
    description: The ids of the DAGs that call a host worker.
    type: list
    elements: str
    default: []
  host_workers:
    description: The host workers' answers to the query for their records.
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: The name of the host.
        type: str
        required: true
      status:
        description: The HTTP status of the answer.
        type: int
      error:
        description: Why there was no answer.
        type: str
      requests:
        description: The requests in the host worker's record.
        type: list
        elements: dict
        default: []
extends_documentation_fragment:
  - airfield.airflow.attributes
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
  airfield.airflow.proof:
    path: /tmp/airfield/report
    airflow: "{{ airflow }}"
    airflow_version: 3.3.2
    runs:
      - dag_id: poc_test
        run_id: release-7
    dag_runs: "{{ newest.dag_runs }}"
    log_directory: /tmp/airfield/logs
    log_files: "{{ logs.files }}"
    log_lines:
      - dag_id: poc_test
        task_id: echo
        contains: Hello from {hostname}
  register: proof

- name: Require that every check passed
  ansible.builtin.fail:
    msg: "{{ proof.msg }}"
  when: proof.failures | length > 0
"""

RETURN = r"""
airfield_report:
  description: The report.
  returned: success and failure
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
  returned: success and failure
  type: list
  elements: str
  sample: []
files:
  description: The files of the report.
  returned: success and failure
  type: list
  elements: str
  sample:
    - /tmp/airfield/report.json
    - /tmp/airfield/report.xml
msg:
  description: A sentence for each check that did not pass, or how many checks passed.
  returned: success and failure
  type: str
  sample: 15 checks passed.
"""

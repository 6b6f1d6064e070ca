# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """What a report is made of: what other modules have found, and what was expected."""

    DOCUMENTATION = r"""
options:
  airflow:
    description: What M(airfield.airflow.airflow_info) returned.
    type: dict
    required: true
  airflow_version:
    description: The version of Airflow that is expected. Any by default.
    type: str
  application:
    description: What M(airfield.airflow.argocd_application) returned, be it a success or a failure. Without it nothing
      is said of Argo CD.
    type: dict
    default: {}
  application_revision:
    description: The commit that one of the Application's sources must be at, or the start of it. Any by default.
    type: str
  airflow_cfg:
    description: The file C(airflow.cfg) as it is deployed.
    type: str
  settings:
    description: What must stand in O(airflow_cfg).
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
        description: The value to the letter. Only truth values are compared regardless of the case.
        type: str
        required: true
  dags:
    description: The DAGs that Airflow must know, as M(airfield.airflow.dag) returned them.
    type: list
    elements: dict
    default: []
    suboptions:
      dag_id:
        description: The id of the DAG.
        type: str
        required: true
      dag:
        description: The DAG.
        type: dict
      dag_version:
        description: The newest version of the DAG.
        type: dict
  dags_commit:
    description: The commit that the newest versions of O(dags) and their runs must be of. Any by default.
    type: str
  steady_pods:
    description:
      - The pods that are always there, as expectations with C(count). M(airfield.airflow.placement) was asked for them
        before the runs started. There is one check for each.
    type: list
    elements: dict
    default: []
  idle_pods:
    description:
      - Expectations on the pods of tasks, of which there must be none but those of runs at work.
      - There is one check for each.
    type: list
    elements: dict
    default: []
  steady_placement:
    description: What M(airfield.airflow.placement) returned for O(steady_pods) and O(idle_pods), with C(pod_details).
    type: dict
    default: {}
  pod_runs:
    description: The runs of the pods that were found for O(idle_pods), as M(airfield.airflow.dag_run_info) shows them.
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
      dag_run:
        description: The run with its task instances and their logs, as M(airfield.airflow.dag_run_info) shows it.
        type: dict
      error:
        description: What M(airfield.airflow.dag_run) said when it failed.
        type: str
  expectations:
    description: What M(airfield.airflow.placement) was asked. There is one check for each.
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
  log_folder:
    description: The folder of the log files, for the words of the report.
    type: str
    required: true
  log_lines:
    description: What the logs of some tasks must contain when Airflow's API shows them.
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
        description: The text. C({hostname}) stands for the name of the task's pod.
        type: str
        required: true
  host_worker_dags:
    description: The ids of the DAGs that ask a host worker to do something.
    type: list
    elements: str
    default: []
  host_workers:
    description: What the host workers answered when they were asked for their records.
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: The name of the host.
        type: str
        required: true
      status:
        description: The status of the HTTP answer.
        type: int
      error:
        description: Why there was no answer.
        type: str
      requests:
        description: The requests in the record.
        type: list
        elements: dict
        default: []
"""

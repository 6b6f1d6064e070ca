# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """What a report is based on: the results of other modules, and what was expected."""

    DOCUMENTATION = r"""
options:
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
    description: The expected commit of the newest versions of O(dags) and of their runs. Any commit by default.
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
      dag_run:
        description: The run with its task instances and their logs, as M(airfield.airflow.dag_run_info) returns it.
        type: dict
      error:
        description: The error message of M(airfield.airflow.dag_run), if it failed.
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
  log_folder:
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
"""

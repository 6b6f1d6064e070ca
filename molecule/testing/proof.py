# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of the role verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario


def read_report(scenario: Scenario, directory: Path | None = None) -> dict[str, Any]:
    directory = directory or scenario.path("state_dir") / "reports"
    report: dict[str, Any] = json.loads((directory / "report.json").read_text())
    return report


def failed_checks(report: dict[str, Any]) -> list[str]:
    return [check["name"] for check in report["checks"] if check["passed"] is not True]


def nodes_of_tasks(report: dict[str, Any], airflow: AirflowApi, cluster: Cluster) -> dict[str, str]:
    """The node of every task of the proved runs: Airflow names the pod, the scheduler's event that pod's node."""
    scheduled = cluster.scheduled()
    return {
        f"{dag_id}.{task['task_id']}": scheduled.get(task["hostname"], f"no event of {task['hostname']}")
        for dag_id, run_id in report["run_ids"].items()
        for task in airflow.task_instances(dag_id, run_id)
    }

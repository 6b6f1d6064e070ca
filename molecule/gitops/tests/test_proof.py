# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof that the role verify wrote down, and the same seen without our modules."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.proof import failed_checks
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario

NODE = "airfield-gitops-test-control-plane"
NAMESPACES = {"example_cron_dag": "airflow-cron", "example_user_dag": "airflow-user"}
TASKS = {"example_cron_dag": "say_hi", "example_user_dag": "ad_hoc"}


def test_every_check_passed(report: dict[str, Any]) -> None:
    assert report["passed"] is True
    assert failed_checks(report) == []


def test_the_checks_are_those_that_were_promised(report: dict[str, Any]) -> None:
    promised = {
        "Argo CD's Application",
        "Airflow answers",
        "[core] executor as deployed",
        "[kubernetes_executor] multi_namespace_mode as deployed",
        "[kubernetes_executor] multi_namespace_mode_namespace_list as deployed",
    }
    for component in ("api-server", "scheduler", "dag-processor", "triggerer", "database"):
        promised |= {f"{component} is on a control node", f"Steady state: {component}"}
    for dag_id, namespace in NAMESPACES.items():
        promised |= {
            f"{dag_id} is known to Airflow",
            f"{dag_id} succeeded",
            f"{dag_id}: tasks ran on a worker node",
            f"{dag_id}: log files on the shared volume",
            f"{dag_id}: logs readable through Airflow's API",
            f"no idle task pod in {namespace}",
        }
    assert promised <= {check["name"] for check in report["checks"]}


def test_the_same_stands_in_the_junit_file(scenario: Scenario, report: dict[str, Any]) -> None:
    root = ElementTree.parse(scenario.path("state_dir") / "reports/report.xml").getroot()
    assert root.get("failures") == "0"
    assert len(root.findall(".//testcase")) == len(report["checks"])


@pytest.mark.parametrize("dag_id", NAMESPACES)
def test_each_dag_ran_in_its_own_namespace(
    report: dict[str, Any], airflow: AirflowApi, cluster: Cluster, namespaces: list[str], dag_id: str
) -> None:
    (task,) = airflow.task_instances(dag_id, report["run_ids"][dag_id])
    assert (task["task_id"], task["state"], task["try_number"]) == (TASKS[dag_id], "success", 1)
    # The scheduler's own events say where that pod was.
    placed = {namespace: cluster.scheduled(namespace).get(task["hostname"]) for namespace in namespaces}
    assert placed == {namespace: NODE if namespace == NAMESPACES[dag_id] else None for namespace in namespaces}


@pytest.mark.parametrize("dag_id", NAMESPACES)
def test_its_log_has_the_line_that_only_this_pod_writes(
    scenario: Scenario, report: dict[str, Any], airflow: AirflowApi, dag_id: str
) -> None:
    run_id = report["run_ids"][dag_id]
    (task,) = airflow.task_instances(dag_id, run_id)
    directory = scenario.path("data_dir") / f"logs/dag_id={dag_id}/run_id={run_id}/task_id={TASKS[dag_id]}"
    line = f"Hello from namespace {NAMESPACES[dag_id]}, pod {task['hostname']}"
    assert line in (directory / "attempt=1.log").read_text()

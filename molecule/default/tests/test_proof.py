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
from ansible_collections.airfield.airflow.molecule.testing.proof import failed_checks, nodes_of_tasks, read_report
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario

TASKS = {"poc_test.echo", "poc_test.sleep", "external_trigger_dag.run_on_host_worker"}


@pytest.fixture(scope="module")
def report(scenario: Scenario) -> dict[str, Any]:
    return read_report(scenario)


def test_every_check_passed(report: dict[str, Any]) -> None:
    assert report["passed"] is True
    assert failed_checks(report) == []


def test_the_checks_are_those_that_were_promised(report: dict[str, Any]) -> None:
    names = {check["name"] for check in report["checks"]}
    for component in ("api-server", "scheduler", "dag-processor", "triggerer", "database"):
        assert f"{component} is on a control node" in names
    for dag_id in ("poc_test", "external_trigger_dag"):
        assert f"{dag_id} succeeded" in names
        assert f"{dag_id}: tasks ran on a worker node" in names
        assert f"{dag_id}: log files on the shared volume" in names
        assert f"{dag_id}: logs readable through Airflow's API" in names
    assert "external_trigger_dag: executed by a host worker" in names


def test_the_same_stands_in_the_junit_file(scenario: Scenario, report: dict[str, Any]) -> None:
    root = ElementTree.parse(scenario.path("state_dir") / "reports/report.xml").getroot()
    assert root.get("failures") == "0"
    assert len(root.findall(".//testcase")) == len(report["checks"])


def test_the_scheduler_put_every_task_on_the_worker_node(
    report: dict[str, Any], airflow: AirflowApi, cluster: Cluster
) -> None:
    assert nodes_of_tasks(report, airflow, cluster) == dict.fromkeys(TASKS, "airfield-test-worker")


def test_the_logs_of_the_tasks_are_on_the_shared_volume(scenario: Scenario, report: dict[str, Any]) -> None:
    directory = scenario.path("data_dir") / "logs/dag_id=poc_test" / f"run_id={report['run_ids']['poc_test']}"
    assert "Hello from " in (directory / "task_id=echo/attempt=1.log").read_text()

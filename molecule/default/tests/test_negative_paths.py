# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails, fails soon and in words that help."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.patience import wait_until
from ansible_collections.airfield.airflow.molecule.testing.proof import failed_checks, read_report
from ansible_collections.airfield.airflow.molecule.testing.scenario import PROJECT, Finished, Scenario, finish

PINNED = "pinned_to_control"
API_SERVER = "airflow-api-server"
BROKEN = """\
from airflow.sdk import DAG

with DAG(dag_id="broken"):
    this line is not Python
"""


@pytest.fixture(scope="module")
def dags_folder(scenario: Scenario) -> Path:
    """The directory that every pod mounts."""
    return scenario.path("data_dir") / "dags"


@pytest.fixture(scope="module")
def pinned_dag(scenario: Scenario, dags_folder: Path) -> Iterator[str]:
    """A DAG whose task asks for the wrong node."""
    file = dags_folder / f"{PINNED}.py"
    shutil.copyfile(scenario.directory / f"dags/{PINNED}.py", file)
    file.chmod(0o644)
    yield PINNED
    file.unlink()


@pytest.fixture
def broken_file(dags_folder: Path) -> Iterator[str]:
    file = dags_folder / "broken.py"
    file.write_text(BROKEN)
    file.chmod(0o644)
    yield file.name
    file.unlink()


@pytest.fixture(scope="module")
def violation(scenario: Scenario, pinned_dag: str) -> Finished:
    """The modules dag, dag_run and placement, one after the other."""
    return scenario.run(
        scenario.directory / "playbooks/pinned.yml", f"--extra-vars=dag_id={pinned_dag} run_id=wrong-node"
    )


def demand_the_violation(words: str, pod: str) -> None:
    """Pod, node, expected and found."""
    assert (
        f"pod airflow/{pod}: expected a node with role=airflow-worker (airfield-test-worker), "
        "found node airfield-test-control-plane with role=airflow-control" in words
    )


def test_placement_names_the_pod_on_the_wrong_node(violation: Finished, airflow: AirflowApi, cluster: Cluster) -> None:
    assert violation.return_code != 0
    for name in ("Wait until Airflow knows the DAG", "Run the DAG"):
        assert f"TASK [{name}]" in violation.output
    (task,) = airflow.task_instances(PINNED, "wrong-node")
    assert task["state"] == "success", "the DAG itself must have run"
    assert cluster.scheduled()[task["hostname"]] == "airfield-test-control-plane"
    assert "TASK [Prove that its tasks were on the workers' nodes]" in violation.output
    demand_the_violation(violation.words, task["hostname"])


def test_the_playbook_verify_fails_with_the_same_words(
    scenario: Scenario, airflow: AirflowApi, pinned_dag: str, tmp_path: Path
) -> None:
    failed = scenario.run(
        PROJECT / "playbooks/verify.yml",
        f'--extra-vars={{"verify_dags": ["{pinned_dag}"], "verify_report_dir": "{tmp_path}"}}',
    )
    assert failed.return_code != 0
    report = read_report(scenario, tmp_path)
    assert report["passed"] is False
    assert failed_checks(report) == [f"{pinned_dag}: tasks ran on a worker node"]
    (task,) = airflow.task_instances(pinned_dag, report["run_ids"][pinned_dag])
    demand_the_violation(failed.words, task["hostname"])


def test_a_syntax_error_is_told_before_the_wait_has_timed_out(scenario: Scenario, broken_file: str) -> None:
    failed = scenario.run(scenario.directory / "playbooks/broken.yml", f"--extra-vars=dag_file={broken_file}")
    assert failed.return_code != 0
    assert "Timed out" not in failed.words
    assert "SyntaxError" in failed.words
    assert "this line is not Python" in failed.words
    assert broken_file in failed.words


@pytest.fixture
def replicas(cluster: Cluster, airflow: AirflowApi) -> Iterator[int]:
    """The API server's number of pods, which is restored afterwards."""
    number = int(cluster.apps.read_namespaced_deployment_scale(API_SERVER, cluster.namespace).spec.replicas)
    yield number
    scale(cluster, number)
    airflow.wait_until_healthy(timeout=600)


def scale(cluster: Cluster, number: int) -> None:
    cluster.apps.patch_namespaced_deployment_scale(API_SERVER, cluster.namespace, {"spec": {"replicas": number}})


def test_an_api_that_is_away_during_the_wait_is_told(
    scenario: Scenario, cluster: Cluster, airflow: AirflowApi, replicas: int
) -> None:
    assert replicas > 0
    run_id = f"api-away-{int(time.time())}"
    log = scenario.logs / "api-away.log"
    process = scenario.start(scenario.directory / "playbooks/wait.yml", f"--extra-vars=run_id={run_id}", log=log)
    try:

        def triggered() -> tuple[Any, str]:
            if process.poll() is not None:
                raise AssertionError(f"The playbook ended before it could wait:\n{log.read_text()}")
            answer = airflow.get("dags", "poc_test", "dagRuns", run_id)
            return (True, "") if answer.status == 200 else (None, f"answer {answer.status}")

        wait_until("the run", triggered, timeout=120, interval=0.2)
        scale(cluster, 0)
        for pod in cluster.pods("component=api-server"):
            cluster.core.delete_namespaced_pod(pod.metadata.name, cluster.namespace, grace_period_seconds=0)
        failed = finish(process, log, "wait.yml")
    finally:
        process.kill()
    assert failed.return_code != 0
    assert "Timed out after 25 s waiting for" in failed.words
    assert "Airflow's API has not answered for the last " in failed.words
    assert "The last error: " in failed.words


def test_airflow_is_healthy_after_all_of_this(airflow: AirflowApi) -> None:
    airflow.wait_until_healthy(timeout=60)

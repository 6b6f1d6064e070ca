# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each namespace's tasks are on its own nodes, as the report says and as the cluster itself says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.default.tests.with_pools.expected import (
    CONTROL_NODE,
    CORE,
    CRON,
    CRON_NODE,
    NAMESPACES,
    SELECTORS,
    TAINT,
    USER,
    USER_NODE,
)
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.proof import failed_checks
from ansible_collections.airfield.airflow.molecule.testing.scenario import PROJECT, Finished, Scenario

# The DAG, its only task, where that must be.
WORK = [("example_cron_dag", "say_hi", CRON, CRON_NODE), ("example_user_dag", "ad_hoc", USER, USER_NODE)]
work = pytest.mark.parametrize(("dag_id", "task_id", "namespace", "node"), WORK)


def check_of(report: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [check for check in report["checks"] if check["name"] == name]
    return dict(found)


def task_of(report: dict[str, Any], airflow: AirflowApi, dag_id: str) -> dict[str, Any]:
    """The only task of the run that was proved."""
    (task,) = airflow.task_instances(dag_id, report["run_ids"][dag_id])
    return task


def test_every_check_passed(report: dict[str, Any]) -> None:
    assert report["passed"] is True
    assert failed_checks(report) == []
    assert report["run_ids"].keys() == {"example_cron_dag", "example_user_dag"}


@work
def test_the_report_names_the_pool(
    report: dict[str, Any], airflow: AirflowApi, dag_id: str, task_id: str, namespace: str, node: str
) -> None:
    place = check_of(report, f"{dag_id}: tasks ran on a worker node")
    selector = ", ".join(f"{key}={value}" for key, value in SELECTORS[namespace].items())
    assert place["expected"] == f"nodes with {selector}, namespace {namespace}"
    pod = task_of(report, airflow, dag_id)["hostname"]
    assert [(one["namespace"], one["pod"], one["node"]) for one in place["evidence"]] == [(namespace, pod, node)]
    log = check_of(report, f"{dag_id}: logs readable through Airflow's API")
    assert log["evidence"] == [f"{task_id}: Hello from namespace {namespace}, pod {pod}"]


@work
def test_the_scheduler_put_the_task_there(
    report: dict[str, Any],
    airflow: AirflowApi,
    clusters: dict[str, Cluster],
    dag_id: str,
    task_id: str,
    namespace: str,
    node: str,
) -> None:
    task = task_of(report, airflow, dag_id)
    assert (task["task_id"], task["state"], task["try_number"]) == (task_id, "success", 1)
    found = {name: cluster.scheduled().get(task["hostname"]) for name, cluster in clusters.items()}
    assert found == {**dict.fromkeys(NAMESPACES), namespace: node}


def test_the_steady_state_has_one_sidecar(report: dict[str, Any]) -> None:
    found = {
        check["name"].removeprefix("Steady state: "): check["found"]
        for check in report["checks"]
        if check["name"].startswith("Steady state: ")
    }
    alone = dict.fromkeys(("api-server", "scheduler", "triggerer", "database"), "1 pod, 1 container")
    assert found == {**alone, "dag-processor and git-sync": "1 pod, 2 containers"}
    for namespace in NAMESPACES:
        assert check_of(report, f"no idle task pod in {namespace}")["passed"] is True


def test_airflow_knows_the_namespaces(report: dict[str, Any]) -> None:
    check = check_of(report, "[kubernetes_executor] multi_namespace_mode_namespace_list as deployed")
    assert check["found"] == ",".join(NAMESPACES)


def test_nothing_else_may_use_the_tainted_node(clusters: dict[str, Cluster]) -> None:
    nodes = clusters[CORE].nodes()
    assert [(taint.key, taint.value, taint.effect) for taint in nodes[CRON_NODE].spec.taints] == [TAINT]
    assert nodes[USER_NODE].spec.taints is None
    for namespace, node in ((CRON, CRON_NODE), (USER, USER_NODE)):
        fitting = [name for name, one in nodes.items() if SELECTORS[namespace].items() <= one.metadata.labels.items()]
        assert fitting == [node], f"pods of {namespace} have no other choice"


def test_airflow_and_its_database_are_on_the_control_node(clusters: dict[str, Cluster]) -> None:
    assert {pod.spec.node_name for pod in clusters[CORE].control_plane_pods()} == {CONTROL_NODE}
    for namespace in (CRON, USER):
        assert clusters[namespace].control_plane_pods() == []


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_the_scheduler_may_launch_pods_there(clusters: dict[str, Cluster], namespace: str) -> None:
    assert clusters[CORE].may("airflow-scheduler", "create", "pods", namespace)
    assert not clusters[CORE].may("airflow-scheduler", "get", "secrets", namespace)
    assert not clusters[namespace].may("airflow-worker", "create", "pods", namespace)


@pytest.fixture(scope="module")
def swapped(scenario: Scenario, airflow: AirflowApi, report: dict[str, Any]) -> Finished:
    """The module placement, which is told that each pool is where the other one is."""
    keys = ("dag_id", "task_id", "map_index", "hostname", "state", "try_number")
    instances = {
        dag_id: [{key: task_of(report, airflow, dag_id)[key] for key in keys} | {"run_id": run_id}]
        for dag_id, run_id in report["run_ids"].items()
    }
    told = json.dumps({"task_instances": instances})
    return scenario.run(scenario.directory / "playbooks/swapped.yml", f"--extra-vars={told}")


@work
def test_swapped_pools_are_told_with_both_nodes(
    swapped: Finished,
    report: dict[str, Any],
    airflow: AirflowApi,
    dag_id: str,
    task_id: str,
    namespace: str,
    node: str,
) -> None:
    assert swapped.return_code != 0
    assert "The placement is not as expected (2 differences):" in swapped.words
    pod = task_of(report, airflow, dag_id)["hostname"]
    own, other = ("cron", "user") if namespace == CRON else ("user", "cron")
    other_node = USER_NODE if node == CRON_NODE else CRON_NODE
    assert (
        f"task {dag_id}/{report['run_ids'][dag_id]}/{task_id} (try 1, success) in pod {namespace}/{pod}: "
        f"expected a node with pool={other} ({other_node}), found node {node} with pool={own}."
    ) in swapped.words


def test_a_pool_that_no_node_has_is_refused_before_anything_changes(
    scenario: Scenario, clusters: dict[str, Cluster]
) -> None:
    def generations() -> dict[str, int]:
        deployments = clusters[CORE].apps.list_namespaced_deployment(CORE).items
        return {one.metadata.name: one.metadata.generation for one in deployments}

    before = generations()
    pools = {CRON: {"pool": "gpu"}, USER: SELECTORS[USER]}
    refused = scenario.run(PROJECT / "site.yml", f"--extra-vars={json.dumps({'airfield_worker_node_groups': pools})}")
    assert refused.return_code != 0
    assert "has one problem. Nothing was changed." in refused.words
    assert "`airfield_worker_node_groups.airflow-cron` asks for a node with `pool=gpu`, but no host of" in refused.words
    assert f"{CRON_NODE} has `pool=cron`" in refused.words
    assert refused.changed == {"localhost": 0}
    assert "PLAY [Create the cluster and install Airflow]" not in refused.output
    assert generations() == before

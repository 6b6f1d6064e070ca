# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow on a cluster that this installation did not make, beside another Airflow."""

from __future__ import annotations

from ansible_collections.airfield.airflow.molecule.default.tests.with_second_installation.file_state import FileState
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.proof import failed_checks, nodes_of_tasks, read_report
from ansible_collections.airfield.airflow.molecule.testing.scenario import PROJECT, Scenario

NODE = "airfield-test-worker"
LABEL = "airfield.test/second"


def test_airflow_is_healthy(second_airflow: AirflowApi) -> None:
    second_airflow.wait_until_healthy(timeout=60)


def test_every_check_passed(second: Scenario) -> None:
    report = read_report(second)
    assert report["passed"] is True
    assert failed_checks(report) == []
    assert report["run_ids"].keys() == {"poc_test"}


def test_the_scheduler_placed_every_task(second: Scenario, second_airflow: AirflowApi, second_cluster: Cluster) -> None:
    found = nodes_of_tasks(read_report(second), second_airflow, second_cluster)
    assert found == {"poc_test.echo": NODE, "poc_test.sleep": NODE}


def test_the_volumes_are_of_the_cluster_s_own_storage_class(second_cluster: Cluster) -> None:
    claims = second_cluster.core.list_namespaced_persistent_volume_claim(second_cluster.namespace).items
    assert {claim.metadata.name for claim in claims} == {"airflow-dags", "airflow-logs", "airflow-postgres"}
    for claim in claims:
        assert claim.status.phase == "Bound", claim.metadata.name
        assert claim.spec.storage_class_name, claim.metadata.name


def test_the_node_has_the_label_of_the_inventory_and_keeps_those_of_others(second_cluster: Cluster) -> None:
    labels = second_cluster.nodes()[NODE].metadata.labels
    assert labels[LABEL] == "yes"
    assert labels["role"] == "airflow-worker"


def test_the_owner_s_kubeconfig_is_as_it_was(second: Scenario, kubeconfig: FileState) -> None:
    assert FileState.read(second.path("kubeconfig")) == kubeconfig


def test_the_first_installation_is_as_it_was(second: Scenario, cluster: Cluster, first: dict[str, int]) -> None:
    assert len(first) == 5
    assert cluster.restarts() == first


def test_a_further_run_changes_nothing(second: Scenario) -> None:
    again = second.run(PROJECT / "site.yml", log=second.logs / "again.log")
    assert again.return_code == 0, again.output[-5000:]
    assert again.changed_tasks == []
    assert again.changed == {"localhost": 0}


def test_its_teardown_leaves_the_cluster_and_the_first_installation(
    second: Scenario, second_cluster: Cluster, cluster: Cluster, airflow: AirflowApi, first: dict[str, int]
) -> None:
    nodes = {name: node.metadata.uid for name, node in cluster.nodes().items()}
    assert second_cluster.control_plane_pods()
    teardown = second.run(PROJECT / "playbooks/teardown.yml")
    assert teardown.return_code == 0, teardown.output[-5000:]
    assert {name: node.metadata.uid for name, node in cluster.nodes().items()} == nodes
    deployments = second_cluster.apps.list_namespaced_deployment(second_cluster.namespace).items
    assert [one.metadata.name for one in deployments] == []
    assert cluster.restarts() == first
    airflow.wait_until_healthy(timeout=60)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow on a cluster that the collection did not make."""

from __future__ import annotations

from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.proof import failed_checks, nodes_of_tasks, read_report
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario
from testinfra.host import Host

NODE = "airfield-foreign-control-plane"


def test_airflow_is_healthy(airflow: AirflowApi) -> None:
    airflow.wait_until_healthy(timeout=60)


def test_every_check_passed(scenario: Scenario) -> None:
    report = read_report(scenario)
    assert report["passed"] is True
    assert failed_checks(report) == []
    assert report["run_ids"].keys() == {"poc_test"}


def test_the_scheduler_placed_every_task(scenario: Scenario, airflow: AirflowApi, cluster: Cluster) -> None:
    found = nodes_of_tasks(read_report(scenario), airflow, cluster)
    assert found == {"poc_test.echo": NODE, "poc_test.sleep": NODE}


def test_the_volumes_are_of_the_cluster_s_own_storage_class(cluster: Cluster) -> None:
    claims = cluster.core.list_namespaced_persistent_volume_claim(cluster.namespace).items
    assert {claim.metadata.name for claim in claims} == {"airflow-dags", "airflow-logs", "airflow-postgres"}
    for claim in claims:
        assert claim.status.phase == "Bound", claim.metadata.name
        assert claim.spec.storage_class_name, claim.metadata.name


def test_the_node_has_the_label_of_the_inventory(cluster: Cluster) -> None:
    nodes = cluster.nodes()
    assert nodes.keys() == {NODE}
    assert nodes[NODE].metadata.labels["role"] == "airflow"


def test_the_owner_s_kubeconfig_is_as_it_was(host: Host, scenario: Scenario) -> None:
    checksum, mtime, mode = (scenario.path("kubeconfig").parent / "kubeconfig.before").read_text().split()
    now = host.file(str(scenario.path("kubeconfig")))
    assert now.sha256sum == checksum
    assert scenario.path("kubeconfig").stat().st_mtime == float(mtime)
    assert now.mode == int(mode, 8)

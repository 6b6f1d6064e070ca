# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MySQL: it is confined, and what it holds outlives its pod."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.patience import wait_until
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario
from testinfra.host import Host

NAME = "airflow-mysql"
POD = f"{NAME}-0"


def test_the_database_is_a_stateful_set_on_a_volume(cluster: Cluster, scenario: Scenario) -> None:
    stateful_set = cluster.apps.read_namespaced_stateful_set(NAME, cluster.namespace)
    assert stateful_set.status.ready_replicas == 1
    claims = [one.persistent_volume_claim for one in stateful_set.spec.template.spec.volumes]
    assert [one.claim_name for one in claims if one] == [NAME]
    claim = cluster.core.read_namespaced_persistent_volume_claim(NAME, cluster.namespace)
    assert claim.status.phase == "Bound"
    assert (scenario.path("data_dir") / "mysql/data/mysql.ibd").is_file(), "it is a directory of this machine"


def test_no_process_of_ours_is_root(host: Host, cluster: Cluster, kubectl: str) -> None:
    pods = cluster.control_plane_pods()
    assert len(pods) == 5
    for pod in pods:
        answer = host.run(f"{kubectl} exec {pod.metadata.name} -- id -u")
        assert answer.rc == 0, answer.stderr
        assert answer.stdout.strip() == ("999" if pod.metadata.name == POD else "50000"), pod.metadata.name


def test_they_can_do_nothing_that_root_could(cluster: Cluster) -> None:
    for pod in cluster.control_plane_pods():
        assert pod.spec.security_context.run_as_non_root is True
        for container in (pod.spec.init_containers or []) + pod.spec.containers:
            security = container.security_context
            assert security.allow_privilege_escalation is False, (pod.metadata.name, container.name)
            assert security.capabilities.drop == ["ALL"], (pod.metadata.name, container.name)


def test_what_it_holds_outlives_its_pod(cluster: Cluster, airflow: AirflowApi, own: dict[str, Any]) -> None:
    known = airflow.run("example_user_dag", own["scenario_run_before"])
    old = cluster.core.read_namespaced_pod(POD, cluster.namespace).metadata.uid
    cluster.core.delete_namespaced_pod(POD, cluster.namespace)

    def look() -> tuple[bool | None, str]:
        pods = cluster.pods(f"app.kubernetes.io/name={NAME}")
        ready = [
            pod.metadata.uid
            for pod in pods
            for one in pod.status.conditions or []
            if one.type == "Ready" and one.status == "True" and pod.metadata.uid != old
        ]
        return (True if ready else None), f"{len(pods)} pods, none of them new and ready"

    wait_until("another pod of the database", look, timeout=120)
    # What stopped for want of a database is started again after longer and longer pauses.
    airflow.wait_until_healthy(timeout=300, since=datetime.now(timezone.utc))
    assert airflow.run("example_user_dag", own["scenario_run_before"]) == known

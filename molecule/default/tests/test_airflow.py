# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Airflow that was installed, as Kubernetes and HTTP show it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi, ask
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario
from testinfra.host import Host

COMPONENTS = {"api-server", "scheduler", "dag-processor", "triggerer"}


def test_every_pod_of_the_control_plane_is_on_the_control_node(cluster: Cluster) -> None:
    pods = cluster.control_plane_pods()
    assert {pod.metadata.labels.get("component") for pod in pods if pod.metadata.labels.get("tier")} == COMPONENTS
    assert len(pods) == len(COMPONENTS) + 1, "and the database"
    assert {pod.spec.node_name for pod in pods} == {"airfield-test-control-plane"}


def test_no_process_of_them_is_root(host: Host, cluster: Cluster, scenario: Scenario) -> None:
    kubectl = f"{scenario.program('kubectl')} --kubeconfig={scenario.path('kubeconfig')} -n {cluster.namespace}"
    for pod in cluster.control_plane_pods():
        answer = host.run(f"{kubectl} exec {pod.metadata.name} -- id -u")
        assert answer.rc == 0, answer.stderr
        assert answer.stdout.strip() == ("999" if "postgres" in pod.metadata.name else "50000"), pod.metadata.name


def test_they_can_do_nothing_that_root_could(cluster: Cluster) -> None:
    for pod in cluster.control_plane_pods():
        assert pod.spec.security_context.seccomp_profile.type == "RuntimeDefault"
        for container in (pod.spec.init_containers or []) + pod.spec.containers:
            security = container.security_context
            assert security.allow_privilege_escalation is False, (pod.metadata.name, container.name)
            assert security.capabilities.drop == ["ALL"], (pod.metadata.name, container.name)


def test_no_right_holds_for_the_whole_cluster(cluster: Cluster) -> None:
    ours = [
        binding.metadata.name
        for binding in cluster.rbac.list_cluster_role_binding().items
        if any(subject.namespace == cluster.namespace for subject in binding.subjects or [])
    ]
    assert ours == []
    labels = [role.metadata.labels or {} for role in cluster.rbac.list_cluster_role().items]
    assert not [one for one in labels if one.get("release") == "airflow"]


def test_the_scheduler_launches_pods_in_its_namespace_only(cluster: Cluster) -> None:
    assert cluster.may("airflow-scheduler", "create", "pods", cluster.namespace)
    assert not cluster.may("airflow-scheduler", "create", "pods", "default")
    assert not cluster.may("airflow-scheduler", "get", "secrets", cluster.namespace)


@pytest.mark.parametrize("account", ["airflow-worker", "airflow-dag-processor", "airflow-triggerer", "default"])
def test_nobody_else_launches_pods(cluster: Cluster, account: str) -> None:
    assert not cluster.may(account, "create", "pods", cluster.namespace)
    assert not cluster.may(account, "get", "secrets", cluster.namespace)


def test_a_task_pod_gets_no_secret(cluster: Cluster, settings: dict[str, Any]) -> None:
    template = cluster.core.read_namespaced_config_map("airflow-config", cluster.namespace)
    pod = yaml.safe_load(template.data["pod_template_file.yaml"])
    assert pod["spec"]["nodeSelector"] == settings["worker_selector"]
    assert pod["spec"]["automountServiceAccountToken"] is False
    assert "secret" not in yaml.safe_dump(pod).lower()


def test_airflow_is_healthy_and_of_the_expected_version(airflow: AirflowApi, settings: dict[str, Any]) -> None:
    airflow.wait_until_healthy(timeout=60)
    assert ask(f"{airflow.url}/api/v2/version").json["version"] == settings["airflow_version"]


def test_the_user_interface_answers_on_the_node_port(airflow: AirflowApi) -> None:
    page = ask(f"{airflow.url}/")
    assert page.status == 200
    assert b"<html" in page.content.lower()


def test_a_guessed_password_is_refused(airflow: AirflowApi) -> None:
    guess = {"username": "admin", "password": "admin"}
    assert ask(f"{airflow.url}/auth/token", method="POST", body=guess).status == 401
    airflow.log_in()


def test_without_a_token_nothing_is_shown(airflow: AirflowApi) -> None:
    assert ask(f"{airflow.url}/api/v2/dags").status == 401
    assert airflow.get("dags").status == 200


def test_the_interrupted_release_was_mended(host: Host, cluster: Cluster, scenario: Scenario) -> None:
    place = f"--kubeconfig={scenario.path('kubeconfig')} --namespace={cluster.namespace}"
    answer = host.run(f"{scenario.program('helm')} status airflow --output yaml {place}")
    assert answer.rc == 0, answer.stderr
    assert yaml.safe_load(answer.stdout)["info"]["status"] == "deployed"

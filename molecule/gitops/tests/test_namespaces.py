# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node as the inventory shapes it, and what each namespace has and lacks."""

from __future__ import annotations

import json
from configparser import RawConfigParser
from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi, ask
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.git_repository import GitRepository
from kubernetes.client.exceptions import ApiException
from testinfra.host import Host

NODE = "airfield-gitops-test-control-plane"
TAINT = "node-role.kubernetes.io/control-plane"
CORE, CRON, USER = WORKERS = ("airflow-core", "airflow-cron", "airflow-user")
OTHERS = (CRON, USER)


def task_pod(**requests: str) -> dict[str, Any]:
    """A pod that the namespaces' Pod Security Standard lets in."""
    container = {
        "name": "base",
        "image": "localhost/none",
        "resources": {"requests": requests},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    security = {"runAsNonRoot": True, "runAsUser": 50000, "seccompProfile": {"type": "RuntimeDefault"}}
    spec = {"containers": [container], "securityContext": security}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "asked-only"}, "spec": spec}


@pytest.fixture(scope="module")
def airflow_cfg(cluster: Cluster) -> RawConfigParser:
    parser = RawConfigParser()
    parser.read_string(cluster.core.read_namespaced_config_map("airflow-config", CORE).data["airflow.cfg"])
    return parser


def test_the_kubelet_waits_until_the_disk_is_full(cluster: Cluster) -> None:
    answer = cluster.core.connect_get_node_proxy_with_path(NODE, "configz", _preload_content=False)
    kubelet = json.loads(answer.data)["kubeletconfig"]
    assert kubelet["evictionHard"].items() >= {"nodefs.available": "5%", "nodefs.inodesFree": "5%"}.items()
    assert (kubelet["imageGCHighThresholdPercent"], kubelet["imageGCLowThresholdPercent"]) == (90, 80)


def test_the_kubelet_keeps_what_cannot_be_pulled_again(host: Host, settings: dict[str, Any]) -> None:
    answer = host.run("docker exec %s ctr --namespace=k8s.io images list", next(iter(settings["nodes"])))
    assert answer.rc == 0, answer.stderr
    built_here = [line for line in answer.stdout.splitlines() if line.startswith("localhost/")]
    assert built_here or settings["source"] == "upstream"
    assert [line for line in built_here if "io.cri-containerd.pinned=pinned" not in line] == []


def test_the_node_keeps_its_taint(cluster: Cluster) -> None:
    nodes = cluster.nodes()
    assert nodes.keys() == {NODE}
    assert [(one.key, one.effect) for one in nodes[NODE].spec.taints or []] == [(TAINT, "NoSchedule")]


def test_every_pod_tolerates_it(cluster: Cluster, namespaces: list[str]) -> None:
    pods = [pod for namespace in namespaces for pod in cluster.pods(namespace=namespace)]
    assert len(pods) >= 10
    for pod in pods:
        tolerated = [
            one
            for one in pod.spec.tolerations or []
            if one.key == TAINT and one.operator == "Exists" and one.effect in (None, "NoSchedule")
        ]
        assert tolerated, f"{pod.metadata.namespace}/{pod.metadata.name}"
        assert pod.spec.node_selector["role"] == "airflow", f"{pod.metadata.namespace}/{pod.metadata.name}"


def test_the_ports_of_the_node_are_those_of_the_inventory(cluster: Cluster, namespaces: list[str]) -> None:
    ports = {
        (namespace, service.metadata.name): [port.node_port for port in service.spec.ports]
        for namespace in namespaces
        for service in cluster.core.list_namespaced_service(namespace).items
        if service.spec.type == "NodePort"
    }
    assert ports == {(CORE, "airflow-api-server"): [30080], ("argocd", "argocd-server"): [30443]}


def test_airflow_answers_at_the_port_of_this_machine(airflow: AirflowApi, settings: dict[str, Any]) -> None:
    assert settings["url"] == "http://127.0.0.1:32280"
    airflow.wait_until_healthy(timeout=60)
    assert ask(f"{settings['url']}/api/v2/version").json["version"] == settings["airflow_version"]


def test_the_namespaces_are_ours_and_guarded(cluster: Cluster, namespaces: list[str]) -> None:
    for namespace in namespaces:
        labels = cluster.core.read_namespace(namespace).metadata.labels
        assert labels["app.kubernetes.io/managed-by"] == "airfield", namespace
        assert labels["pod-security.kubernetes.io/enforce"] == "restricted", namespace


@pytest.mark.parametrize("namespace", WORKERS)
def test_a_worker_namespace_has_what_a_task_needs(cluster: Cluster, namespace: str) -> None:
    core, rbac = cluster.core, cluster.rbac
    assert core.read_namespaced_service_account("airflow-worker", namespace).automount_service_account_token is False
    assert core.read_namespaced_config_map("airflow-config", namespace).data["airflow.cfg"]
    assert core.read_namespaced_persistent_volume_claim("airflow-logs", namespace).status.phase == "Bound"
    (rule,) = rbac.read_namespaced_role("airflow-pod-launcher", namespace).rules
    assert rule.resources == ["pods"]
    (subject,) = rbac.read_namespaced_role_binding("airflow-pod-launcher", namespace).subjects
    assert (subject.kind, subject.name, subject.namespace) == ("ServiceAccount", "airflow-scheduler", CORE)


@pytest.mark.parametrize("namespace", OTHERS)
def test_a_worker_namespace_has_no_secret(cluster: Cluster, namespace: str) -> None:
    assert [one.metadata.name for one in cluster.core.list_namespaced_secret(namespace).items] == []
    configuration = cluster.core.read_namespaced_config_map("airflow-config", namespace).data
    assert configuration.keys() == {"airflow.cfg"}
    of_core = cluster.core.read_namespaced_config_map("airflow-config", CORE).data
    assert configuration["airflow.cfg"] == of_core["airflow.cfg"]


@pytest.mark.parametrize("namespace", WORKERS)
def test_the_scheduler_launches_pods_and_nobody_else(cluster: Cluster, namespace: str) -> None:
    accounts = {
        (home, account.metadata.name)
        for home in WORKERS
        for account in cluster.core.list_namespaced_service_account(home).items
    }
    assert {(CORE, "airflow-scheduler"), (CRON, "airflow-worker"), (USER, "airflow-worker")} <= accounts
    able = {(home, name) for home, name in accounts if cluster.may(name, "create", "pods", namespace, home)}
    assert able == {(CORE, "airflow-scheduler")}
    readers = {(home, name) for home, name in accounts if cluster.may(name, "get", "secrets", namespace, home)}
    assert readers == set()


@pytest.mark.parametrize("namespace", ["default", "argocd", "kube-system"])
def test_the_scheduler_launches_pods_nowhere_else(cluster: Cluster, namespace: str) -> None:
    assert not cluster.may("airflow-scheduler", "create", "pods", namespace)


@pytest.mark.parametrize("namespace", OTHERS)
def test_the_limits_are_the_inventory_s(cluster: Cluster, settings: dict[str, Any], namespace: str) -> None:
    (quota,) = cluster.core.list_namespaced_resource_quota(namespace).items
    assert quota.spec.hard == settings["quotas"][namespace]
    (limits,) = json.loads(cluster.core.list_namespaced_limit_range(namespace, _preload_content=False).data)["items"]
    (wanted,) = settings["limits"][namespace]
    # Kubernetes completes what is not said.
    assert limits["spec"]["limits"][0].items() >= wanted.items()


@pytest.mark.parametrize("namespace", OTHERS)
def test_a_pod_that_asks_for_nothing_gets_the_limits(
    cluster: Cluster, settings: dict[str, Any], namespace: str
) -> None:
    made = cluster.core.create_namespaced_pod(namespace, task_pod(), dry_run="All")
    (wanted,) = settings["limits"][namespace]
    (container,) = made.spec.containers
    assert container.resources.requests == wanted["defaultRequest"]
    assert container.resources.limits == wanted["default"]


@pytest.mark.parametrize("namespace", OTHERS)
def test_a_pod_beyond_the_quota_is_refused(cluster: Cluster, settings: dict[str, Any], namespace: str) -> None:
    too_much = str(int(settings["quotas"][namespace]["requests.cpu"]) + 1)
    with pytest.raises(ApiException) as refused:
        cluster.core.create_namespaced_pod(namespace, task_pod(cpu=too_much), dry_run="All")
    assert refused.value.status == 403
    assert "exceeded quota: airfield, requested: requests.cpu=" in refused.value.body


def test_airflow_s_own_namespace_has_no_limits(cluster: Cluster) -> None:
    assert cluster.core.list_namespaced_resource_quota(CORE).items == []
    assert cluster.core.list_namespaced_limit_range(CORE).items == []


@pytest.mark.parametrize("namespace", WORKERS)
def test_task_pods_reach_names_airflow_and_git(cluster: Cluster, platform: GitRepository, namespace: str) -> None:
    (policy,) = cluster.networking.list_namespaced_network_policy(namespace).items
    spec = policy.spec
    assert spec.policy_types == ["Ingress", "Egress"]
    assert not spec.ingress, "nobody reaches a task"
    assert (spec.pod_selector.match_labels or {}) == ({"kubernetes_executor": "True"} if namespace == CORE else {})
    names, api, git = spec.egress
    assert {port.port for port in names.ports} == {53}
    assert api.to[0].pod_selector.match_labels == {"component": "api-server"}
    assert api.to[0].namespace_selector.match_labels == {"kubernetes.io/metadata.name": CORE}
    address, _colon, port = platform.url.split("/")[2].partition(":")
    assert (git.to[0].ip_block.cidr, git.ports[0].port) == (f"{address}/32", int(port))


def test_the_executor_serves_all_namespaces(airflow_cfg: RawConfigParser) -> None:
    assert airflow_cfg["core"]["executor"] == "KubernetesExecutor"
    assert (
        airflow_cfg["core"]["execution_api_server_url"]
        == "http://airflow-api-server.airflow-core.svc.cluster.local:8080/execution/"
    )
    assert airflow_cfg["kubernetes_executor"]["multi_namespace_mode"] == "True"
    assert airflow_cfg["kubernetes_executor"]["multi_namespace_mode_namespace_list"] == ",".join(WORKERS)


def test_the_dags_come_from_git_without_a_password_in_sight(airflow_cfg: RawConfigParser, dags: GitRepository) -> None:
    (bundle,) = json.loads(airflow_cfg["dag_processor"]["dag_bundle_config_list"])
    assert bundle["name"] == "dags"
    assert bundle["kwargs"]["repo_url"] == dags.url
    assert "@" not in dags.url

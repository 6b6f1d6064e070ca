# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role namespaces against a small fake of Kubernetes: what it makes, changes and removes, run after run."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .conftest import run_playbook
from .fake_cluster import FakeCluster

Json = dict[str, Any]

GITOPS: Json = {
    "airfield_namespace": "core",
    "airfield_worker_namespaces": ["core", "cron", "user"],
    "airfield_deployer": "argocd",
}
LIMITED: Json = {
    **GITOPS,
    "namespaces_quotas": {"cron": {"pods": "5"}, "user": {"pods": "9"}},
    "namespaces_limits": {"user": [{"type": "Container", "default": {"memory": "1Gi"}}]},
    "namespaces_network_policy": True,
    "namespaces_egress": [{"to": [{"ipBlock": {"cidr": "192.0.2.1/32"}}], "ports": [{"port": 443}]}],
}
FEWER: Json = {**LIMITED, "airfield_worker_namespaces": ["core", "user"], "namespaces_quotas": {"user": {"pods": "7"}}}
FOREIGN: Json = {**FEWER, "namespaces_quotas": {**FEWER["namespaces_quotas"], "elsewhere": {"pods": "1"}}}
OURS = {"app.kubernetes.io/managed-by": "airfield"}


def run_role(name: str, **variables: Any) -> Json:
    return {
        "name": f"Run {name}",
        "ansible.builtin.include_role": {"name": f"airfield.airflow.{name}"},
        "vars": variables,
    }


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> FakeCluster:
    """Return the cluster at the end; ``marks`` has what each run wrote."""
    directory = tmp_path_factory.mktemp("namespaces")
    cluster = FakeCluster()
    kubeconfig = directory / "kubeconfig"
    cluster.write_kubeconfig(kubeconfig)
    cluster.add("Namespace", "elsewhere")
    cluster.add("ResourceQuota", "elsewhere/airfield", {**OURS, "airfield.io/installation": "other"})
    cluster.add("Namespace", "user")
    cluster.add("ResourceQuota", "user/mine")
    # From an earlier run, before the inventory was changed.
    cluster.add("ResourceQuota", "elsewhere/stale", {**OURS, "airfield.io/installation": "core"})
    steps = {"first": LIMITED, "again": LIMITED, "fewer": FEWER, "foreign": FOREIGN}
    roles = {name: run_role("namespaces", airfield_kubeconfig=str(kubeconfig), **steps[name]) for name in steps}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(directory))  # kubernetes.core keeps what it found at an address
        cluster.said["check"] = run_playbook(directory, [roles["first"]], "--check", "--diff")
        cluster.marks["check"] = cluster.take_writes()
        tasks = [task for name in steps for task in (roles[name], cluster.mark(name))]
        cluster.said["runs"] = run_playbook(directory, tasks)
    return cluster


def test_namespaces_come_before_anything_else(cluster: FakeCluster) -> None:
    assert cluster.marks["first"][:4] == [
        "POST Namespace core",
        "POST Namespace cron",
        "PATCH Namespace user",
        "POST Namespace argocd",
    ]
    for name in ("core", "cron", "user", "argocd"):
        labels = cluster.objects[("Namespace", name)]["metadata"]["labels"]
        assert labels == {**OURS, "pod-security.kubernetes.io/enforce": "restricted"}


def test_limits_and_policies_follow_the_inventory(cluster: FakeCluster) -> None:
    assert cluster.marks["first"][4:] == [
        "POST ResourceQuota cron/airfield",
        "POST ResourceQuota user/airfield",
        "POST LimitRange user/airfield",
        "POST NetworkPolicy core/airfield",
        "POST NetworkPolicy cron/airfield",
        "POST NetworkPolicy user/airfield",
        "DELETE ResourceQuota elsewhere/stale",
    ]
    limits = cluster.objects[("LimitRange", "user/airfield")]
    assert limits["spec"] == {"limits": LIMITED["namespaces_limits"]["user"]}


def test_a_second_run_and_a_check_write_nothing(cluster: FakeCluster) -> None:
    assert cluster.marks["check"] == cluster.marks["again"] == []
    # Both tasks would change something, and it was seen although there was no namespace to try it in.
    assert re.search(r"changed=2 .* failed=0", cluster.said["check"])


def test_what_the_inventory_drops_is_removed(cluster: FakeCluster) -> None:
    assert cluster.marks["fewer"] == [
        "PATCH ResourceQuota user/airfield",
        "DELETE ResourceQuota cron/airfield",
        "DELETE NetworkPolicy cron/airfield",
    ]
    assert cluster.objects[("ResourceQuota", "user/airfield")]["spec"] == {"hard": {"pods": "7"}}
    assert ("Namespace", "cron") in cluster.objects


def test_what_others_made_stays(cluster: FakeCluster) -> None:
    assert {("ResourceQuota", "elsewhere/airfield"), ("ResourceQuota", "user/mine")} < cluster.objects.keys()


def test_task_pods_reach_airflow_and_names_only(cluster: FakeCluster) -> None:
    own, other = (cluster.objects[("NetworkPolicy", f"{name}/airfield")]["spec"] for name in ("core", "user"))
    assert own["podSelector"] == {"matchLabels": {"kubernetes_executor": "True"}}
    assert other["podSelector"] == {}
    for policy in (own, other):
        assert policy["policyTypes"] == ["Ingress", "Egress"]
        assert "ingress" not in policy
        names, airflow, git = policy["egress"]
        assert [(port["port"], port["protocol"]) for port in names["ports"]] == [(53, "UDP"), (53, "TCP")]
        assert names["to"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]
        assert airflow["to"] == [
            {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "core"}},
                "podSelector": {"matchLabels": {"component": "api-server"}},
            }
        ]
        assert airflow["ports"] == [{"port": 8080, "protocol": "TCP"}]
        assert git == LIMITED["namespaces_egress"][0]


def test_a_namespace_without_tasks_gets_no_limits(cluster: FakeCluster) -> None:
    """check_inventory refuses them. A playbook without it must not limit somebody else's namespace."""
    assert cluster.marks["foreign"] == []


def test_somebody_elses_argo_cd_is_left_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("foreign")
    cluster = FakeCluster()
    cluster.write_kubeconfig(directory / "kubeconfig")
    cluster.add("Namespace", "cd")
    role = run_role(
        "namespaces",
        airfield_kubeconfig=str(directory / "kubeconfig"),
        airfield_argocd_namespace="cd",
        namespaces_pod_security="",
        **GITOPS,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(directory))
        run_playbook(directory, [role])
    assert cluster.take_writes() == ["POST Namespace core", "POST Namespace cron", "POST Namespace user"]
    assert cluster.objects[("Namespace", "cron")]["metadata"]["labels"] == OURS

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.modules import kube_objects_info
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    FakeKube,
    Json,
    RunModule,
    failure,
    run_fake_fixture,
)

__all__ = ["run_fake_fixture"]

CORE = {
    "resources": [
        {"name": "pods", "kind": "Pod", "namespaced": True},
        # Has the kind of another resource, and no list.
        {"name": "pods/eviction", "kind": "Pod", "namespaced": True},
        {"name": "nodes", "kind": "Node", "namespaced": False},
        {"name": "configmaps", "kind": "ConfigMap", "namespaced": True},
    ]
}
APPS = {"resources": [{"name": "deployments", "kind": "Deployment", "namespaced": True}]}


def named(name: str) -> Json:
    return {"metadata": {"name": name, "managedFields": [{"manager": "kubectl"}]}}


def test_each_api_version_is_described_once_and_each_query_is_one_list(run_fake: RunModule) -> None:
    fake = (
        FakeKube()
        .expect("/api/v1", CORE)
        .expect_list("/api/v1/pods", [named("a"), named("b")])
        .expect("/apis/apps/v1", APPS)
        .expect_list("/apis/apps/v1/namespaces/core/deployments", [])
        .expect_list("/api/v1/nodes", [named("n")])
    )
    queries: list[Json] = [
        {"kind": "Pod"},
        {"kind": "Deployment", "api_version": "apps/v1", "namespace": "core"},
        # A node is in no namespace.
        {"kind": "Node", "namespace": "core"},
    ]
    result = run_fake(kube_objects_info, fake, queries=queries)
    assert not result["changed"]
    assert result["objects"] == [
        [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}} for name in "ab"],
        [],
        [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}}],
    ]


def test_selectors_and_a_name_are_applied_by_the_server(run_fake: RunModule) -> None:
    query = {"labelSelector": "app=x,tier", "fieldSelector": "status.phase=Running,metadata.name=p"}
    fake = (
        FakeKube()
        .expect("/api/v1", CORE)
        .expect_list("/api/v1/namespaces/core/pods", [], query=query)
        .expect_list("/api/v1/namespaces/core/configmaps", [], query={"fieldSelector": "metadata.name=airflow-config"})
    )
    queries = [
        {
            "kind": "Pod",
            "namespace": "core",
            "name": "p",
            "label_selectors": ["app=x", "tier"],
            "field_selectors": ["status.phase=Running"],
        },
        {"kind": "ConfigMap", "namespace": "core", "name": "airflow-config"},
    ]
    assert run_fake(kube_objects_info, fake, queries=queries)["objects"] == [[], []]


def test_a_kind_that_the_cluster_does_not_have_is_named(run_fake: RunModule) -> None:
    result = run_fake(kube_objects_info, FakeKube().expect("/api/v1", CORE), queries=[{"kind": "Deployment"}])
    assert result["msg"] == "The cluster has no kind Deployment in v1. Correct `kind` or `api_version`."


def test_a_refusal_says_what_to_do(run_fake: RunModule) -> None:
    refused = failure("nodes is forbidden", 403)
    fake = FakeKube().expect("/api/v1", CORE)
    fake.expect("/api/v1/nodes", refused, query={"limit": "500"}, status=403)
    result = run_fake(kube_objects_info, fake, queries=[{"kind": "Node"}])
    assert result["failed"]
    assert result["status"] == 403
    assert "Give the kubeconfig's user this permission" in result["msg"]

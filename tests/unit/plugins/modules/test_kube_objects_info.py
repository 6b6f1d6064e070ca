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
        .expect_list("/api/v1/configmaps", [], query={"fieldSelector": "metadata.name=airflow-config"})
    )
    queries = [
        {
            "kind": "Pod",
            "namespace": "core",
            "name": "p",
            "label_selectors": ["app=x", "tier"],
            "field_selectors": ["status.phase=Running"],
        },
        # Of this name in any namespace.
        {"kind": "ConfigMap", "name": "airflow-config"},
    ]
    assert run_fake(kube_objects_info, fake, queries=queries)["objects"] == [[], []]


def test_a_kind_that_the_cluster_does_not_have_is_named(run_fake: RunModule) -> None:
    result = run_fake(kube_objects_info, FakeKube().expect("/api/v1", CORE), queries=[{"kind": "Deployment"}])
    assert result["msg"] == "The cluster has no kind Deployment in v1. Correct `kind` or `api_version`."


def test_an_api_group_that_the_cluster_does_not_have_is_named_likewise(run_fake: RunModule) -> None:
    fake = FakeKube().expect("/apis/argoproj.io/v1alpha1", "404 page not found", status=404)
    result = run_fake(kube_objects_info, fake, queries=[{"kind": "Application", "api_version": "argoproj.io/v1alpha1"}])
    sentence = "The cluster has no kind Application in argoproj.io/v1alpha1. Correct `kind` or `api_version`."
    assert (result["msg"], result["status"]) == (sentence, 404)


def test_one_object_by_its_name_needs_no_right_to_list(run_fake: RunModule) -> None:
    fake = (
        FakeKube()
        .expect("/api/v1", CORE)
        .expect("/api/v1/namespaces/core/configmaps/airflow-config", named("airflow-config"))
        .expect("/api/v1/namespaces/core/configmaps/gone", failure("not found", 404), status=404)
        .expect("/api/v1/nodes/n", named("n"))
        # Not the status of the node n.
        .expect("/api/v1/nodes/n%2Fstatus", failure("not found", 404), status=404)
    )
    queries: list[Json] = [
        {"kind": "ConfigMap", "namespace": "core", "name": "airflow-config"},
        {"kind": "ConfigMap", "namespace": "core", "name": "gone"},
        {"kind": "Node", "namespace": "core", "name": "n"},
        {"kind": "Node", "name": "n/status"},
    ]
    assert run_fake(kube_objects_info, fake, queries=queries)["objects"] == [
        [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "airflow-config"}}],
        [],
        [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}}],
        [],
    ]


def test_one_object_that_may_not_be_read_is_an_error(run_fake: RunModule) -> None:
    fake = FakeKube().expect("/api/v1", CORE)
    fake.expect("/api/v1/namespaces/core/configmaps/secret", failure("forbidden", 403), status=403)
    result = run_fake(kube_objects_info, fake, queries=[{"kind": "ConfigMap", "namespace": "core", "name": "secret"}])
    assert (result["failed"], result["status"]) == (True, 403)


def test_a_refusal_says_what_to_do(run_fake: RunModule) -> None:
    refused = failure("nodes is forbidden", 403)
    fake = FakeKube().expect("/api/v1", CORE)
    fake.expect("/api/v1/nodes", refused, query={"limit": "500"}, status=403)
    result = run_fake(kube_objects_info, fake, queries=[{"kind": "Node"}])
    assert result["failed"]
    assert result["status"] == 403
    assert "Give the kubeconfig's user this permission" in result["msg"]

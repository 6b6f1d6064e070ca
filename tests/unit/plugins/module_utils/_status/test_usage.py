# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._status.usage import BY_KUBELETS, read_usage
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import FakeKube, Json, failure
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import summary

METRICS = "/apis/metrics.k8s.io/v1beta1"


def proxy(name: str) -> str:
    return f"/api/v1/nodes/{name}/proxy/stats/summary"


def used(cpu: str, memory: str) -> Json:
    return {"usage": {"cpu": cpu, "memory": memory}}


def test_metrics_server_is_asked_first() -> None:
    fake = FakeKube().expect(f"{METRICS}/nodes", {"items": [{"metadata": {"name": "cp"}, **used("610m", "4Gi")}]})
    containers = [used("12400000n", "420Mi"), used("1m", "1Mi"), {}]
    pods = [{"metadata": {"name": "a"}, "containers": containers}, {"metadata": {"name": "b"}, "containers": []}]
    fake.expect(f"{METRICS}/namespaces/airflow-core/pods", {"items": pods})
    usage = read_usage(KubeClient(fake), ["cp"], ["airflow-core"])
    assert (usage.source, usage.unknown, usage.nodes) == ("metrics-server", [], {"cp": (0.61, 4 * 2**30)})
    assert usage.pods == {
        ("airflow-core", "a"): (pytest.approx(0.0134), 421 * 2**20),
        ("airflow-core", "b"): (0, 0),
    }
    assert fake.expected == []


def test_without_it_the_kubelets_are_asked() -> None:
    fake = FakeKube().expect(f"{METRICS}/nodes", failure("not found", 404), status=404)
    fake.expect(proxy("cp"), summary()).expect(proxy("w"), {"node": {}, "pods": [{"podRef": {}}]})
    usage = read_usage(KubeClient(fake), ["cp", "w"], ["airflow-core"])
    assert (usage.source, usage.unknown) == (BY_KUBELETS, [])
    assert usage.nodes == {"cp": (0.61, 4 * 2**30), "w": (None, None)}
    assert usage.pods == {("airflow-core", "airflow-scheduler-0"): (0.0124, 420 * 2**20)}


def test_one_silent_kubelet_hides_no_other() -> None:
    fake = FakeKube().expect(f"{METRICS}/nodes", failure("the server is unavailable", 503), status=503)
    fake.expect(proxy("dead"), failure("dial tcp: no route", 502), status=502).expect(proxy("cp"), summary())
    usage = read_usage(KubeClient(fake), ["dead", "cp"], [])
    assert (usage.source, list(usage.nodes)) == (BY_KUBELETS, ["cp"])
    (why,) = usage.unknown
    assert why.startswith("dead: metrics-server does not answer: ")
    assert "the kubelet does not report it: https://fake:6443 refused GET" in why


def test_when_nobody_tells_it_is_said_once_why() -> None:
    fake = FakeKube().expect(f"{METRICS}/nodes", failure("not found", 404), status=404)
    for name in ("one", "two"):
        fake.expect(proxy(name), failure("nodes/proxy is forbidden", 403), status=403)
    usage = read_usage(KubeClient(fake), ["one", "two"], [])
    assert (usage.source, usage.nodes) == ("", {})
    (why,) = usage.unknown
    assert "one: there is no metrics-server, and the kubelet does not report it: " in why
    assert "nodes/proxy is forbidden. Give the kubeconfig's user this permission" in why


def test_without_nodes_there_is_nobody_to_ask() -> None:
    fake = FakeKube().expect(f"{METRICS}/nodes", failure("not found", 404), status=404)
    assert read_usage(KubeClient(fake), [], []).unknown == ["there is no metrics-server, and there is no node to query"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import gzip
import json

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.modules import overview
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    FakeKube,
    Json,
    RunModule,
    failure,
    run_fake_fixture,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import (
    NOW,
    application,
    container,
    event,
    node,
    pod,
    summary,
)

__all__ = ["run_fake_fixture"]

METRICS = "/apis/metrics.k8s.io/v1beta1/nodes"
APPLICATIONS = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications"
WARNINGS = {"fieldSelector": "type=Warning"}
AIRFLOW: Json = {"version": "3.3.2", "healthy": True, "health": {"scheduler": {"status": "healthy"}}}


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "now", lambda: NOW)


def space(fake: FakeKube, name: str, pods: list[Json], events: list[Json] | None = None) -> FakeKube:
    fake.expect_list(f"/api/v1/namespaces/{name}/pods", pods)
    return fake.expect_list(f"/api/v1/namespaces/{name}/events", events or [], query=WARNINGS)


def cluster() -> FakeKube:
    return FakeKube().expect("/version", {"gitVersion": "v1.34.4"}).expect_list("/api/v1/nodes", [node()])


def kubelet(fake: FakeKube) -> FakeKube:
    fake.expect(METRICS, failure("not found", 404), status=404)
    return fake.expect("/api/v1/nodes/cp/proxy/stats/summary", summary())


@pytest.mark.parametrize("check", [False, True])
def test_everything_is_read_once_and_shown(run_fake: RunModule, check: bool) -> None:
    core = [pod("airflow-scheduler-0"), pod("airflow-mysql-0", image="localhost/mysql:9.7")]
    fake = space(cluster(), "airflow-core", core, [event("airflow-scheduler-0", "Unhealthy", "HTTP 503", 300)])
    space(fake, "airflow-cron", [])
    argocd = [pod("argocd-server-1", namespace="argocd", image="localhost/argocd:v3.2.11")]
    space(fake, "argocd", argocd).expect_list(APPLICATIONS, [application()])
    namespaces = ["airflow-core", "airflow-core", "airflow-cron"]
    result = run_fake(
        overview, kubelet(fake), check=check, namespaces=namespaces, argocd_namespace="argocd", airflow=AIRFLOW
    )
    assert (result["changed"], result["healthy"], result["attention"]) == (False, True, [])
    assert result["versions"] == {
        "kubernetes": "v1.34.4",
        "charts": ["airflow/chart of platform.git"],
        "images": ["localhost/airflow:3.3.2", "localhost/argocd:v3.2.11", "localhost/mysql:9.7"],
    }
    assert [one["name"] for one in result["pods"]] == ["airflow-mysql-0", "airflow-scheduler-0", "argocd-server-1"]
    assert [one["cpu"] for one in result["pods"]] == [None, 0.0124, None]
    assert (result["nodes"][0]["cpu_used"], result["nodes"][0]["memory_used"]) == (0.61, 4 * 2**30)
    assert result["applications"][0]["sync"] == "Synced"
    assert result["recent_warnings"][0]["reason"] == "Unhealthy"
    assert "warnings" not in result, "Ansible would print them as its own"
    assert result["airflow"]["version"] == "3.3.2"
    assert result["usage"] == {"source": "the kubelets", "unknown": []}


def test_without_argo_cd_nobody_asks_for_it_and_the_release_of_helm_tells_the_chart(run_fake: RunModule) -> None:
    labelled = pod("airflow-scheduler-0", labels={"app.kubernetes.io/managed-by": "Helm"})
    chart = {"chart": {"metadata": {"name": "airflow", "version": "1.22.0"}}}
    release = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(chart).encode()))).decode()
    fake = space(cluster(), "airflow-core", [labelled])
    query = {"labelSelector": "owner=helm,status=deployed"}
    fake.expect_list("/api/v1/namespaces/airflow-core/secrets", [{"data": {"release": release}}], query=query)
    result = run_fake(overview, kubelet(fake), namespaces=["airflow-core"])
    assert (result["applications"], result["versions"]["charts"]) == (None, ["airflow 1.22.0"])
    assert (result["airflow"], result["recent_warnings"]) == (None, [])


def test_a_chart_that_may_not_be_read_is_not_told(run_fake: RunModule) -> None:
    labelled = pod("airflow-scheduler-0", labels={"heritage": "Helm"})
    query = {"limit": "500", "labelSelector": "owner=helm,status=deployed"}
    fake = space(cluster(), "airflow-core", [labelled])
    no = failure("secrets is forbidden", 403)
    fake.expect("/api/v1/namespaces/airflow-core/secrets", no, query=query, status=403)
    result = run_fake(overview, kubelet(fake), namespaces=["airflow-core"])
    assert (result["versions"]["charts"], result["healthy"]) == ([], True)


def test_trouble_is_counted_and_does_not_fail(run_fake: RunModule) -> None:
    fake = space(cluster(), "airflow-core", [pod("airflow-scheduler-0", container(ready=False))])
    space(fake, "argocd", []).expect_list(APPLICATIONS, [application("OutOfSync")])
    dead = {"failed": True, "msg": "http://127.0.0.1:8080 cannot be reached."}
    result = run_fake(overview, kubelet(fake), namespaces=["airflow-core"], argocd_namespace="argocd", airflow=dead)
    assert (result.get("failed", False), result["healthy"]) == (False, False)
    assert result["attention"] == [
        "Airflow does not answer: http://127.0.0.1:8080 cannot be reached.",
        "Application airflow is OutOfSync and Healthy",
        "pod airflow-core/airflow-scheduler-0: main: running, not ready yet",
    ]


def test_what_may_not_be_read_hides_nothing_else(run_fake: RunModule) -> None:
    page = {"limit": "500"}
    fake = FakeKube().expect("/version", {"gitVersion": "v1.34.4"})
    fake.expect("/api/v1/nodes", failure("nodes is forbidden", 403), query=page, status=403)
    fake.expect_list("/api/v1/namespaces/airflow-core/pods", [pod("airflow-scheduler-0")])
    events = "/api/v1/namespaces/airflow-core/events"
    fake.expect(events, failure("events is forbidden", 403), query={**page, **WARNINGS}, status=403)
    space(fake, "argocd", []).expect(APPLICATIONS, failure("not found", 404), query=page, status=404)
    fake.expect(METRICS, failure("not found", 404), status=404)
    result = run_fake(overview, fake, namespaces=["airflow-core"], argocd_namespace="argocd")
    assert [one["name"] for one in result["pods"]] == ["airflow-scheduler-0"]
    assert [one.partition(": ")[2].partition(": ")[0] for one in result["attention"]] == [
        "nodes",
        "warnings of airflow-core",
        "Applications of Argo CD",
    ]
    assert result["attention"][2].endswith("Argo CD is not installed in this cluster")
    unknown = ["there is no metrics-server, and there is no node to query"]
    assert result["usage"] == {"source": "", "unknown": unknown}


def test_as_many_warnings_as_asked_for(run_fake: RunModule) -> None:
    events = [event(f"pod-{at}", "Unhealthy", "no", at) for at in range(20)]
    fake = space(cluster(), "airflow-core", [pod("airflow-scheduler-0")], events)
    result = run_fake(overview, kubelet(fake), namespaces=["airflow-core"], warnings=3)
    assert len(result["recent_warnings"]) == 3
    fake = space(cluster(), "airflow-core", [pod("airflow-scheduler-0")], events)
    assert run_fake(overview, kubelet(fake), namespaces=["airflow-core"], warnings=0)["recent_warnings"] is None


def test_a_cluster_that_does_not_answer_is_a_sentence(run_fake: RunModule) -> None:
    fake = FakeKube().expect("/version", KubeError("https://fake:6443 cannot be reached: refused.", passing=True))
    result = run_fake(overview, fake, namespaces=["airflow-core"])
    assert (result["failed"], result["msg"]) == (True, "https://fake:6443 cannot be reached: refused.")


def test_a_negative_number_of_warnings_is_refused(run_fake: RunModule) -> None:
    result = run_fake(overview, FakeKube(), namespaces=["airflow-core"], warnings=-1)
    assert "`warnings` must be 0 or more" in result["msg"]

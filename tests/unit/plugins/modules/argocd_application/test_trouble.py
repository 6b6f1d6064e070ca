# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.modules import argocd_application
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.argocd import (
    GIT,
    ONE,
    SPEC,
    TWO,
    WEB,
    FakeArgo,
    application,
    condition,
    operation,
    status,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import Json, RunModule, run_fake_fixture
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.workloads import (
    APPS,
    CORE,
    JOBS,
    STARTING,
    ended,
    pod,
    waiting,
    workload,
)

__all__ = ["run_fake_fixture"]
LOOK: Json = {"name": "airflow"}
SECRETS = "/api/v1/namespaces/argocd/secrets"
PLAIN: Json = {"resources": []}


@pytest.fixture(autouse=True)
def turned_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sleeping advances the clock instead."""
    time = [100.0]
    monkeypatch.setattr(_clock, "now", lambda: time[0])
    monkeypatch.setattr(_clock, "sleep", lambda seconds: time.__setitem__(0, time[0] + seconds))


def cluster(told: Json, *pods: Json, events: list[Json] | None = None, **spec: Any) -> FakeArgo:
    """An Application with Deployment web, in this state after the first comparison, and the cluster's messages."""
    fake = FakeArgo(application(status(), spec={**SPEC, **spec}), told)
    fake.answers = {
        f"{APPS}/deployments/web": workload("web", STARTING),
        f"{CORE}/pods": list(pods),
        f"{APPS}/replicasets": [],
        f"{CORE}/events": events or [],
        f"{CORE}/pods/web-1/log": "It broke.",
    }
    return fake


def failed(revision: str = ONE, **more: Any) -> Json:
    return operation("Failed", revision, "12:30", **more)


@pytest.mark.parametrize("sync", ["Unknown", "Synced"])
def test_an_error_condition_that_lasts(run_fake: RunModule, sync: str) -> None:
    fake = FakeArgo(application(status()), status(sync, conditions=condition("ComparisonError", "odd"), **PLAIN))
    result = run_fake(argocd_application, fake, **LOOK)
    assert result["msg"] == "Application argocd/airflow has a ComparisonError: odd."
    assert 110 <= _clock.now() <= 113


def test_an_error_condition_that_passes(run_fake: RunModule) -> None:
    bad = status("Unknown", conditions=condition("ComparisonError", "odd"), **PLAIN)
    fake = FakeArgo(application(status()), bad)
    fake.then(8, status("OutOfSync", **PLAIN)).then(10, bad).then(16, status())
    assert run_fake(argocd_application, fake, **LOOK)["waited"] == 16.0


def test_a_warning_condition_is_no_error(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status()), status(conditions=condition("OrphanedResourceWarning", "3 of them")))
    result = run_fake(argocd_application, fake, **LOOK)
    assert result["conditions"] == [{"type": "OrphanedResourceWarning", "message": "3 of them"}]


@pytest.mark.parametrize(
    ("url", "secret_url", "kind", "words"),
    [
        (GIT, GIT, "repository", "in Secret argocd/creds are rejected"),
        (GIT, GIT.removesuffix(".git"), "repository", "in Secret argocd/creds are rejected"),
        (GIT.removesuffix(".git"), GIT, "repository", "in Secret argocd/creds are rejected"),
        (GIT, "http://git.example.com/", "repo-creds", "in Secret argocd/creds are rejected"),
        (GIT, "http://git.example.com/", "repository", f"Argo CD has no credentials for {GIT}: create a Secret"),
        (GIT, "http://elsewhere/", "repo-creds", f"Argo CD has no credentials for {GIT}: create a Secret"),
        (GIT, None, "", "with the label argocd.argoproj.io/secret-type=repository and this `url`"),
    ],
)
def test_refused_credentials_name_the_secret(
    run_fake: RunModule, url: str, secret_url: str | None, kind: str, words: str
) -> None:
    message = "failed to list refs: authentication required: Unauthorized"
    told = status("Unknown", conditions=condition("ComparisonError", message), **PLAIN)
    fake = FakeArgo(application(status(), spec={**SPEC, "source": {"repoURL": url}}), told)
    labels = {"argocd.argoproj.io/secret-type": kind}
    data = {"url": base64.b64encode((secret_url or "").encode()).decode()}
    secrets = [{"metadata": {"name": "creds", "labels": labels}, "data": data}]
    # An answer that is not JSON counts like a missing permission to read them.
    fake.answers[SECRETS] = secrets if secret_url else "no JSON"
    result = run_fake(argocd_application, fake, **LOOK)
    assert f"{message}. " in result["msg"]
    assert words in result["msg"]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("failed to generate manifest for source 2 of 2: authentication required", ["http://b"]),
        ("failed to list refs of http://a: authentication required", ["http://a"]),
        ("authentication required", ["http://a", "http://b"]),
    ],
)
def test_the_repository_that_is_meant(run_fake: RunModule, message: str, told: list[str]) -> None:
    spec = {**SPEC, "sources": [{"repoURL": "http://a"}, {"repoURL": "http://b"}]}
    now = status("Unknown", conditions=condition("ComparisonError", message), **PLAIN)
    fake = FakeArgo(application(status(), spec=spec), now)
    fake.answers[SECRETS] = []
    result = run_fake(argocd_application, fake, **LOOK)
    assert [url for url in ("http://a", "http://b") if f"no credentials for {url}:" in result["msg"]] == told


def test_a_failed_operation_fails_at_once_with_its_results(run_fake: RunModule) -> None:
    results = [
        {"kind": "Job", "namespace": "airflow", "name": "migrate", "hookPhase": "Failed", "message": "BackoffLimit"},
        {
            "kind": "Service",
            "namespace": "airflow",
            "name": "api",
            "status": "SyncFailed",
            "message": "spec.x: field is immutable",
        },
        {"kind": "ConfigMap", "namespace": "airflow", "name": "good", "status": "Synced", "message": "created"},
    ]
    message = "one or more objects failed to apply"
    fake = cluster(
        status("OutOfSync", operationState=failed(message=message, resources=results), **PLAIN),
        pod(ended(1)),
        events=[{"reason": "BackOff", "message": "again", "involvedObject": {"kind": "Pod", "name": "web-1"}}],
    )
    conditions = [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "6 times"}]
    fake.answers[f"{JOBS}/migrate"] = workload("migrate", {"conditions": conditions})
    result = run_fake(argocd_application, fake, **LOOK)
    assert (
        f"The sync of Application argocd/airflow to {ONE} ended as Failed: {message}. Kubernetes cannot"
        in result["msg"]
    )
    assert "\nJob/migrate: BackoffLimit. BackoffLimitExceeded: 6 times." in result["msg"]
    assert "Warning about web-1: BackOff: again" in result["msg"]
    assert "End of the log of container main of pod web-1:\nIt broke." in result["msg"]
    assert "\nService/api: spec.x: field is immutable." in result["msg"]
    assert "ConfigMap" not in result["msg"]
    assert _clock.now() == 102.0


def test_a_retry_is_waited_for(run_fake: RunModule) -> None:
    retry = operation("Running", started="12:30", finishedAt="12:31", retryCount=1, message="no. Retrying attempt #1")
    fake = FakeArgo(application(status()), status("OutOfSync", operationState=retry, **PLAIN)).then(40, status())
    assert run_fake(argocd_application, fake, **LOOK)["waited"] == 40.0


def test_the_failure_of_another_commit_is_not_ours(run_fake: RunModule) -> None:
    other = status("OutOfSync", revision=ONE, conditions=condition("SyncError", "no"), **PLAIN)
    fake = FakeArgo(application(status()), {**other, "operationState": failed(ONE)})
    fake.then(30, status(revision=TWO))
    assert run_fake(argocd_application, fake, revision=TWO, **LOOK)["waited"] >= 30.0
    newer = status("OutOfSync", revision=TWO, operationState=failed(ONE), **PLAIN)
    fake = FakeArgo(application(status()), newer).then(12, status(revision=TWO))
    assert run_fake(argocd_application, fake, **LOOK)["waited"] == 12.0


def test_an_operation_that_ran_when_we_came_is_ours(run_fake: RunModule) -> None:
    running = application(status("OutOfSync", operationState=operation("Running", started="12:30")))
    fake = FakeArgo(running, status("OutOfSync", operationState=failed(message="refused"), **PLAIN))
    assert "ended as Failed: refused" in run_fake(argocd_application, fake, **LOOK)["msg"]


@pytest.mark.parametrize(
    ("policy", "resource", "words"),
    [
        ({}, {}, "is OutOfSync: Deployment/web. Automated sync is off"),
        ({"automated": {"enabled": False}}, {}, "Automated sync is off"),
        ({"automated": {}}, {"requiresPruning": True}, "does not prune: set `prune: true`"),
    ],
)
def test_nobody_will_sync_it(run_fake: RunModule, policy: Json, resource: Json, words: str) -> None:
    late = {**WEB, "status": "OutOfSync", **resource}
    fake = cluster(status("OutOfSync", resources=[late]), syncPolicy=policy)
    assert words in run_fake(argocd_application, fake, **LOOK)["msg"]
    assert _clock.now() < 115


@pytest.mark.parametrize("health", ["Degraded", "Suspended"])
def test_bad_health_that_lasts(run_fake: RunModule, health: str) -> None:
    claim = {"kind": "PersistentVolumeClaim", "namespace": "airflow", "name": "logs", "status": "Synced"}
    told = {**claim, "health": {"status": health, "message": "lost"}}
    about = {"kind": "PersistentVolumeClaim", "namespace": "airflow", "name": "logs"}
    events = [
        {"reason": "Lost", "message": "no volume", "involvedObject": about},
        {"reason": "Foreign", "message": "x", "involvedObject": {**about, "name": "other"}},
    ]
    fake = cluster(status(health=health, resources=[told]), events=events)
    result = run_fake(argocd_application, fake, **LOOK)
    lines = [f"Application argocd/airflow is {health}.", f"PersistentVolumeClaim/logs: {health}: lost"]
    assert result["msg"].split("\n") == [*lines, "Warning about PersistentVolumeClaim/logs: Lost: no volume"]
    assert 121 <= _clock.now() <= 125


@pytest.mark.parametrize(("sync", "seconds"), [("Synced", 18), ("OutOfSync", 60)])
def test_bad_health_that_passes(run_fake: RunModule, sync: str, seconds: int) -> None:
    fake = FakeArgo(application(status()), status(sync, "Degraded", **PLAIN)).then(seconds, status())
    assert run_fake(argocd_application, fake, **LOOK)["waited"] == seconds


def test_a_pod_that_cannot_start_is_told_although_argo_cd_says_progressing(run_fake: RunModule) -> None:
    fake = cluster(status(health="Progressing"), pod(waiting("ImagePullBackOff", "no such image")))
    fake.answers[f"{APPS}/replicasets"] = [{"metadata": {"labels": {}}}]
    result = run_fake(argocd_application, fake, **LOOK)
    assert (
        "Application argocd/airflow cannot become healthy. Deployment/web in namespace airflow cannot" in result["msg"]
    )
    assert "container main has ImagePullBackOff: no such image" in result["msg"]
    assert _clock.now() < 120


def test_pods_of_what_is_not_applied_yet_do_not_count(run_fake: RunModule) -> None:
    late = {**WEB, "status": "OutOfSync"}
    fake = cluster(status("OutOfSync", "Progressing", resources=[late]), pod(waiting("ImagePullBackOff")))
    assert run_fake(argocd_application, fake.then(40, status()), **LOOK)["waited"] == 40.0


def test_workloads_are_not_asked_at_each_look(run_fake: RunModule) -> None:
    fake = cluster(status(health="Progressing"), pod()).then(11, status())
    run_fake(argocd_application, fake, **LOOK)
    assert fake.reads.count(f"{APPS}/deployments/web") == 3


@pytest.mark.parametrize("destination", [{"server": "https://other:6443"}, {"name": "other"}])
def test_another_cluster_is_not_looked_into(run_fake: RunModule, destination: Json) -> None:
    fake = FakeArgo(application(status(), spec={**SPEC, "destination": destination}), status(health="Degraded"))
    result = run_fake(argocd_application, fake, **LOOK)
    assert result["msg"] == "Application argocd/airflow is Degraded."


def test_a_timeout_tells_all(run_fake: RunModule) -> None:
    events = [{"reason": "Unhealthy", "message": "no answer", "involvedObject": {"kind": "Pod"}}]
    fake = cluster(status(health="Progressing"), pod(), events=events)
    result = run_fake(argocd_application, fake, wait_timeout=30, **LOOK)
    head = f"Timed out after 30 s waiting for Application argocd/airflow: Synced ({ONE[:12]}); Progressing."
    assert result["msg"].startswith(
        f"{head}\nDeployment/web: 0 of 1 available.\nWarning about web-1: Unhealthy: no answer"
    )
    assert result["msg"].endswith("Raise `wait_timeout` if it only needs longer.")


def test_a_missing_right_to_look_at_workloads_does_not_matter(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status()), status(health="Progressing")).then(9, status())
    fake.answers = {f"{APPS}/deployments/web": "forbidden"}
    assert run_fake(argocd_application, fake, **LOOK)["waited"] == 9.0

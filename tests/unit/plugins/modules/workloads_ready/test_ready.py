# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.modules import workloads_ready
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    FakeKube,
    Json,
    RunModule,
    failure,
    run_fake_fixture,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.workloads import (
    APPS,
    CORE,
    JOBS,
    NAMED,
    READY,
    STARTING,
    look,
    pod,
    story,
    waiting,
    workload,
)

__all__ = ["run_fake_fixture"]


@pytest.fixture(autouse=True)
def turned_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sleeping advances the clock instead."""
    time = [100.0]
    monkeypatch.setattr(_clock, "now", lambda: time[0])
    monkeypatch.setattr(_clock, "sleep", lambda seconds: time.__setitem__(0, time[0] + seconds))


def test_ready_at_once(run_fake: RunModule) -> None:
    result = run_fake(workloads_ready, look(FakeKube(), READY), **NAMED)
    assert (result["changed"], result["ready"], result["waited"]) == (False, True, 0.0)
    assert result["workloads"] == [{"kind": "Deployment", "name": "web", "ready": 1, "desired": 1, "waited": 0.0}]


def test_it_waits_and_says_for_what(run_fake: RunModule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFIELD_PROGRESS_FILE", str(tmp_path / "progress"))
    fake = look(FakeKube(), STARTING, pod(waiting("ContainerCreating")), times=3)
    result = run_fake(workloads_ready, look(fake, READY), **NAMED)
    assert (result["ready"], result["waited"], result["workloads"][0]["waited"]) == (True, 3.0, 3.0)
    assert (tmp_path / "progress").read_text() == (
        "0 of 1 ready; waiting for web: 0 of 1 available (pod web-1: main: ContainerCreating)"
    )


def test_a_selector_finds_all_kinds(run_fake: RunModule) -> None:
    query = {"labelSelector": "release=airflow"}
    done = {"conditions": [{"type": "Complete", "status": "True"}], "succeeded": 1}
    fake = FakeKube().expect_list(f"{APPS}/deployments", [workload("web", READY)], query=query)
    fake.expect_list(f"{APPS}/statefulsets", [workload("db", READY)], query=query)
    fake.expect_list(JOBS, [workload("migrate", done)], query=query)
    result = run_fake(workloads_ready, fake, namespace="airflow", label_selector="release=airflow")
    assert [one["kind"] for one in result["workloads"]] == ["Deployment", "StatefulSet", "Job"]


@pytest.mark.parametrize(
    ("kind", "status", "spec", "lacks"),
    [
        ("Deployment", {**READY, "observedGeneration": 1}, {}, "not been observed by the controller"),
        ("Deployment", {**READY, "updatedReplicas": 0}, {}, "0 of 1 updated"),
        ("Deployment", {**READY, "updatedReplicas": 0}, {"paused": True}, "and it is paused"),
        ("Deployment", {**READY, "replicas": 2}, {}, "1 old still running"),
        ("Deployment", STARTING, {}, "0 of 1 available"),
        ("Deployment", {}, {}, "not been observed by the controller"),
        (
            "Deployment",
            {**STARTING, "conditions": [{"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}]},
            {},
            "cannot be created: exceeded quota",
        ),
        ("StatefulSet", {**READY, "observedGeneration": 1}, {}, "not been observed by the controller"),
        ("StatefulSet", STARTING, {}, "0 of 1 available"),
        ("StatefulSet", {**READY, "replicas": 2}, {}, "1 too many"),
        (
            "StatefulSet",
            {**READY, "updatedReplicas": 0, "currentRevision": "a", "updateRevision": "b"},
            {},
            "0 of 1 updated",
        ),
        ("Job", {}, {}, "0 of 1 complete"),
        ("Job", {"succeeded": 1}, {"completions": 3}, "1 of 3 complete"),
        ("Job", {}, {"suspend": True}, "suspended"),
    ],
)
def test_what_is_not_ready(run_fake: RunModule, kind: str, status: Json, spec: Json, lacks: str) -> None:
    path = {"Deployment": f"{APPS}/deployments", "StatefulSet": f"{APPS}/statefulsets", "Job": JOBS}[kind]
    fake = FakeKube().expect(f"{path}/web", workload("web", status, **spec))
    fake.expect_list(f"{CORE}/pods", [], query={"labelSelector": "app=web"}, times=2)
    story(fake, "web", ["no room"])
    result = run_fake(workloads_ready, fake, namespace="airflow", names=[f"{kind}/web"], wait_timeout=0)
    assert result["failed"]
    assert f"{kind}/web: " in result["msg"]
    assert lacks in result["msg"]
    assert "Warning about web: Failed: no room" in result["msg"]


@pytest.mark.parametrize(
    ("kind", "status", "spec"),
    [
        ("deployments", {"observedGeneration": 2}, {"replicas": 0}),
        (
            "statefulsets",
            {**READY, "updatedReplicas": 0, "currentRevision": "a", "updateRevision": "b"},
            {"updateStrategy": {"type": "OnDelete"}},
        ),
        (
            "statefulsets",
            {**READY, "updatedReplicas": 0, "currentRevision": "a", "updateRevision": "b"},
            {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}}},
        ),
    ],
)
def test_what_is_ready_all_the_same(run_fake: RunModule, kind: str, status: Json, spec: Json) -> None:
    fake = FakeKube().expect(f"{APPS}/{kind}/web", workload("web", status, **spec))
    title = {"deployments": "Deployment/web", "statefulsets": "StatefulSet/web"}[kind]
    assert run_fake(workloads_ready, fake, namespace="airflow", names=[title])["ready"]


def test_a_workload_that_does_not_exist_is_waited_for(run_fake: RunModule) -> None:
    path = f"{APPS}/deployments/web"
    fake = FakeKube().expect(path, failure("not found", 404), status=404, times=2)
    assert run_fake(workloads_ready, look(fake, READY), **NAMED)["waited"] == 2.0
    fake = FakeKube().expect(path, failure("not found", 404), status=404)
    story(fake, "web", [])
    assert "Deployment/web: does not exist yet" in run_fake(workloads_ready, fake, wait_timeout=0, **NAMED)["msg"]


def test_a_selector_that_matches_nothing_is_no_success(run_fake: RunModule) -> None:
    fake = FakeKube()
    for path in (f"{APPS}/deployments", f"{APPS}/statefulsets", JOBS):
        fake.expect_list(path, [], query={"labelSelector": "a=b"})
    result = run_fake(workloads_ready, fake, namespace="airflow", label_selector="a=b", wait_timeout=0)
    assert "namespace airflow has no Deployment, StatefulSet or Job with the labels `a=b`" in result["msg"]


@pytest.mark.parametrize(("status", "ready"), [(READY, True), (STARTING, False)])
def test_check_mode_looks_once(run_fake: RunModule, status: Json, ready: bool) -> None:
    fake = FakeKube().expect(f"{APPS}/deployments/web", workload("web", status))
    result = run_fake(workloads_ready, fake, check=True, **NAMED)
    assert (result["changed"], result["ready"], result.get("failed", False)) == (False, ready, False)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"names": ["web"]}, "`web` is not a valid workload"),
        ({"names": ["Pod/web"]}, "`Pod/web` is not a valid workload"),
        ({"names": ["Job/"]}, "is not a valid workload"),
        ({"names": []}, "`names` is empty"),
        ({"label_selector": ""}, "`label_selector` is empty"),
        ({"label_selector": "a=b=c"}, "is not valid at"),
        ({}, "one of the following is required"),
        ({"names": ["Job/a"], "label_selector": "a=b"}, "mutually exclusive"),
    ],
)
def test_unclear_wishes_are_refused(run_fake: RunModule, parameters: Json, words: str) -> None:
    result = run_fake(workloads_ready, FakeKube(), namespace="airflow", **parameters)
    assert result["failed"]
    assert words in result["msg"]

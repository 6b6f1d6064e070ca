# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.modules import argocd_application
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.argocd import (
    DECLARED,
    ONE,
    REFRESH,
    SOURCE,
    SPEC,
    TWO,
    FakeArgo,
    application,
    condition,
    operation,
    status,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import Json, RunModule, run_fake_fixture

__all__ = ["run_fake_fixture"]
# There is nothing to read about workloads, unless a test says so.
PLAIN: Json = {"resources": []}
LOOK: Json = {"name": "airflow"}


@pytest.fixture(autouse=True)
def turned_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sleeping advances the clock instead."""
    time = [100.0]
    monkeypatch.setattr(_clock, "now", lambda: time[0])
    monkeypatch.setattr(_clock, "sleep", lambda seconds: time.__setitem__(0, time[0] + seconds))


def refreshes(fake: FakeArgo) -> list[str]:
    """The requested kinds of comparison."""
    steps = [step for write in fake.writes if write["method"] == "PATCH" for step in write["body"]]
    return [step["value"][REFRESH] for step in steps if step["path"] == "/metadata/annotations"]


def test_looking_asks_for_a_comparison_and_changes_nothing(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status(), metadata={"annotations": {"a": "b"}}), status(revision=TWO))
    result = run_fake(argocd_application, fake, refresh="hard", **LOOK)
    assert (result["changed"], result["waited"], result["sync"]["revision"]) == (False, 2.0, TWO)
    assert fake.writes[0]["body"][1]["value"] == {"a": "b", REFRESH: "hard"}
    assert result["operation"]["phase"] == "Succeeded"


def test_looking_without_waiting_or_in_check_mode_writes_nothing(run_fake: RunModule) -> None:
    ill = application(status("OutOfSync", "Degraded"))
    for parameters in ({"wait": False}, {"check": True}):
        fake = FakeArgo(ill)
        result = run_fake(argocd_application, fake, **LOOK, **parameters)
        assert (result["changed"], result["health"]["status"], fake.writes) == (False, "Degraded", [])


def test_it_waits_for_sync_operation_and_health(
    run_fake: RunModule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFIELD_PROGRESS_FILE", str(tmp_path / "progress"))
    stale = application(status(), spec={**SPEC, "project": "x"})
    fake = FakeArgo(stale, status("OutOfSync", "Healthy", TWO, **PLAIN))
    running = {"operationState": operation("Running", TWO, "12:01", message="waiting for hook"), **PLAIN}
    fake.then(6, status("OutOfSync", "Progressing", TWO, **running))
    fake.then(9, status("Synced", "Healthy", TWO, **running))
    fake.then(12, status("Synced", "Progressing", TWO, **PLAIN))
    fake.then(15, status("Synced", "Healthy", TWO))
    result = run_fake(argocd_application, fake, **DECLARED)
    assert (result["changed"], result["waited"], result["sync"]["revision"]) == (True, 15.0, TWO)
    told = (tmp_path / "progress").read_text()
    assert told == f"Application argocd/airflow: Synced ({TWO[:12]}); Progressing"


def test_progress_names_what_is_out_of_sync(
    run_fake: RunModule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFIELD_PROGRESS_FILE", str(tmp_path / "progress"))
    late = [{"kind": "Service", "name": name, "status": "OutOfSync"} for name in "abcd"]
    running = operation("Running", message="one or more tasks are running")
    fake = FakeArgo(application(status()), status("OutOfSync", "Missing", resources=late, operationState=running))
    run_fake(argocd_application, fake, wait_timeout=5, **LOOK)
    told = (tmp_path / "progress").read_text()
    assert "OutOfSync (111111111111); Missing; operation Running: one or more tasks are running" in told
    assert "out of sync: Service/a, Service/b, Service/c, and 1 more" in told


def test_an_operation_that_has_not_begun_is_waited_for(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status()), status(**PLAIN))
    fake.at(1, lambda app: app.update(operation={"sync": {}})).at(9, lambda app: app.pop("operation"))
    assert run_fake(argocd_application, fake, **LOOK)["waited"] == 9.0


def test_a_state_from_before_the_change_is_never_believed(run_fake: RunModule) -> None:
    # The controller finishes a comparison from before our change; its status is outdated.
    fake = FakeArgo(application(status()), status(revision=TWO), delay=30)
    fake.then(5, status(revision=ONE))
    assert run_fake(argocd_application, fake, **DECLARED)["waited"] == 30.0
    broken = FakeArgo(application(status(conditions=condition("ComparisonError", "old"))), delay=30)
    assert run_fake(argocd_application, broken, **DECLARED)["waited"] == 30.0


def test_a_refresh_that_was_due_already_is_asked_for_once_more(run_fake: RunModule) -> None:
    due = application(status(), metadata={"annotations": {REFRESH: "normal"}})
    fake = FakeArgo(due, status(revision=ONE), status(revision=TWO))
    result = run_fake(argocd_application, fake, **LOOK)
    assert (refreshes(fake), result["sync"]["revision"]) == (["normal", "normal"], TWO)


@pytest.mark.parametrize("parameters", [LOOK, DECLARED])
def test_a_conflict_at_asking_is_tried_again(run_fake: RunModule, parameters: Json) -> None:
    fake = FakeArgo(application(status()))
    fake.conflicts = [lambda app: app["metadata"].update(annotations={REFRESH: "normal"})]
    assert run_fake(argocd_application, fake, **parameters)["waited"] == 4.0
    assert len(refreshes(fake)) == 3


def test_without_a_refresh_the_compared_source_counts(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status(), spec={**SPEC, "source": {**SOURCE, "path": "old"}}))
    told = status(revision=TWO)
    old = {**told["sync"], "comparedTo": {**told["sync"]["comparedTo"], "source": {**SOURCE, "path": "old"}}}
    assert fake.app is not None
    fake.app["status"]["sync"] = old
    fake.then(7, told)
    result = run_fake(argocd_application, fake, refresh="none", **DECLARED)
    assert (result["changed"], result["waited"], refreshes(fake)) == (True, 7.0, [])


def test_it_waits_for_a_revision_and_asks_again(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status()), status(), status(), status(revision=TWO))
    result = run_fake(argocd_application, fake, revision=TWO[:7], **LOOK)
    assert (result["sync"]["revision"], result["waited"], len(refreshes(fake))) == (TWO, 22.0, 3)


def test_a_revision_after_which_somebody_pushed_is_given_up(run_fake: RunModule) -> None:
    result = run_fake(argocd_application, FakeArgo(application(status()), status()), revision=TWO, **LOOK)
    assert f"but not at the requested revision {TWO}. Probably another commit was pushed after it" in result["msg"]
    assert _clock.now() < 160


def test_a_revision_that_never_comes(run_fake: RunModule) -> None:
    result = run_fake(argocd_application, FakeArgo(application(status())), revision=TWO, wait_timeout=15, **LOOK)
    assert f"The requested revision is {TWO}: check that it is pushed" in result["msg"]
    assert "Raise `wait_timeout`" in result["msg"]


@pytest.mark.parametrize(
    ("asked", "good"),
    [([ONE, TWO], True), (["", TWO], True), ([""], True), ([TWO, ONE], False), ([ONE], False)],
)
def test_revisions_of_several_sources(run_fake: RunModule, asked: list[str], good: bool) -> None:
    told = status()
    told["sync"] = {"status": "Synced", "revisions": [ONE, TWO]}
    fake = FakeArgo(application(told), told)
    result = run_fake(argocd_application, fake, revisions=asked, wait_timeout=5, **LOOK)
    assert result.get("failed", False) is not good


def test_a_failed_sync_of_before_is_started_once_more(run_fake: RunModule) -> None:
    old = {"operationState": operation("Failed", started="11:00"), **PLAIN}
    stuck = status("OutOfSync", conditions=condition("SyncError", "Failed last sync attempt to [1]: no"), **old)
    fake = FakeArgo(application(stuck), stuck).then(20, status(operationState=operation(started="12:00")))
    result = run_fake(argocd_application, fake, **LOOK)
    assert (result["changed"], result["sync_started"], result["waited"], len(fake.writes)) == (True, True, 20.0, 2)
    assert fake.writes[1]["body"][1] == {
        "op": "add",
        "path": "/operation",
        "value": {
            "initiatedBy": {"username": "airfield.airflow"},
            "retry": {},
            "sync": {"prune": True, "revision": ONE},
        },
    }


def test_a_failed_sync_of_before_is_told_when_it_is_not_to_be_started(run_fake: RunModule) -> None:
    old = {"operationState": operation("Failed", started="11:00"), **PLAIN}
    stuck = status("OutOfSync", conditions=condition("SyncError", "Failed last sync attempt to [1]: no"), **old)
    result = run_fake(argocd_application, FakeArgo(application(stuck), stuck), sync_again=False, **LOOK)
    assert "has a SyncError: Failed last sync attempt to [1]: no." in result["msg"]
    assert _clock.now() < 115


def test_a_failed_sync_of_before_does_not_fail_the_change(run_fake: RunModule) -> None:
    old = {"operationState": operation("Failed", ONE, started="11:00"), **PLAIN}
    fake = FakeArgo(application(status("OutOfSync", **old), spec={**SPEC, "project": "x"}))
    fake.refreshes = [status("OutOfSync", revision=ONE, **old)]
    fake.then(12, status(operationState=operation(started="12:30")))
    assert run_fake(argocd_application, fake, **DECLARED)["waited"] == 12.0


def test_a_sync_of_before_that_fails_after_the_change_does_not_fail_it(run_fake: RunModule) -> None:
    running = {"operationState": operation("Running", ONE, started="11:00"), **PLAIN}
    fake = FakeArgo(application(status("OutOfSync", **running), spec={**SPEC, "project": "x"}))
    fake.refreshes = [status("OutOfSync", operationState=operation("Failed", ONE, started="11:00"), **PLAIN)]
    fake.then(12, status(operationState=operation(started="12:30")))
    assert run_fake(argocd_application, fake, **DECLARED)["waited"] == 12.0


def test_an_outage_is_waited_through(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status()))
    fake.outage = (101.0, 120.0)
    assert run_fake(argocd_application, fake, **LOOK)["waited"] == 20.0
    fake = FakeArgo(application(status()))
    fake.outage = (_clock.now() + 1, 10_000.0)
    result = run_fake(argocd_application, fake, wait_timeout=30, **LOOK)
    assert (
        "waiting for Application argocd/airflow: the Kubernetes API does not answer. https://fake:6443 cannot be "
        "reached." in result["msg"]
    )


def test_argo_cd_does_not_look(run_fake: RunModule) -> None:
    result = run_fake(argocd_application, FakeArgo(application(status()), delay=100), wait_timeout=9, **LOOK)
    assert "Argo CD has not compared it since the change. Check that its application controller" in result["msg"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gone": True}, "was deleted while this task was waiting"),
        ({"metadata": {**application()["metadata"], "deletionTimestamp": "x"}}, "is being deleted by another client"),
    ],
)
def test_somebody_deletes_it(run_fake: RunModule, change: Json, words: str) -> None:
    fake = FakeArgo(application(status()), delay=50).at(3, lambda app: app.update(change))
    assert words in run_fake(argocd_application, fake, **LOOK)["msg"]
    assert _clock.now() < 110

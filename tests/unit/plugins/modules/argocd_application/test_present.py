# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.modules import argocd_application
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.argocd import (
    API,
    COLLECTION,
    DECLARED,
    FINALIZER,
    GIT,
    POLICY,
    REFRESH,
    SOURCE,
    SPEC,
    WEB,
    FakeArgo,
    application,
    condition,
    status,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import Json, RunModule, run_fake_fixture

__all__ = ["run_fake_fixture"]
QUIET: Json = {**DECLARED, "wait": False}
GONE: Json = {"name": "airflow", "state": "absent"}


@pytest.fixture(autouse=True)
def turned_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sleeping advances the clock instead."""
    time = [100.0]
    monkeypatch.setattr(_clock, "now", lambda: time[0])
    monkeypatch.setattr(_clock, "sleep", lambda seconds: time.__setitem__(0, time[0] + seconds))


def body(**metadata: Any) -> Json:
    metadata = {"name": "airflow", "namespace": "argocd", "finalizers": [FINALIZER], **metadata}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata, "spec": SPEC}


def patched(fake: FakeArgo) -> list[Json]:
    """The steps of the only patch, without the test of the version."""
    assert [one["method"] for one in fake.writes] == ["PATCH"]
    steps: list[Json] = fake.writes[0]["body"]
    return steps[1:]


def test_it_is_created(run_fake: RunModule) -> None:
    fake = FakeArgo()
    result = run_fake(argocd_application, fake, labels={"team": True}, **QUIET)
    wanted = body(labels={"team": "true"})
    assert fake.writes == [{"method": "POST", "path": COLLECTION, "body": wanted}]
    assert result["changed"]
    assert result["diff"]["before"] == {}
    assert result["diff"]["after"]["spec"] == SPEC
    assert result["application"] == {"name": "airflow", "namespace": "argocd", "project": "airfield"}
    assert result["sync"] == {"status": "Unknown", "revision": None, "revisions": []}


def test_it_is_created_and_compared_in_one_write(run_fake: RunModule) -> None:
    fake = FakeArgo()
    result = run_fake(argocd_application, fake, **DECLARED)
    assert [one["body"] for one in fake.writes] == [body(annotations={REFRESH: "normal"})]
    assert (result["changed"], result["waited"], result["sync"]["status"]) == (True, 2.0, "Synced")
    wanted = {"kind": "Deployment", "namespace": "airflow", "name": "web", "status": "Synced", "health": None}
    assert result["resources"] == [wanted]


def test_a_second_run_changes_nothing(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status(summary={"images": ["airflow:3"]})))
    result = run_fake(argocd_application, fake, **QUIET)
    assert (result["changed"], fake.writes, result["images"]) == (False, [], ["airflow:3"])
    assert (result["diff"]["before"], result["diff"]["after"]) == ({}, {})


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        ({"source": {**SOURCE, "kustomize": {}, "chart": ""}}, {}),
        ({"source": {**SOURCE, "helm": None}}, {"source": {k: v for k, v in SOURCE.items() if k != "helm"}}),
        ({}, {"source": {**SOURCE, "directory": {"jsonnet": {}}}}),
        ({"sync_policy": {"automated": {"prune": False}}}, {"syncPolicy": {"automated": {}}}),
        ({"sync_policy": {}}, {"syncPolicy": {}}),
        ({"sync_policy": None}, {}),
        ({"ignore_differences": []}, {}),
        ({"destination": {"name": "in-cluster"}}, {"destination": {"name": "in-cluster"}}),
    ],
)
def test_what_is_zero_is_no_difference(run_fake: RunModule, declared: Json, live: Json) -> None:
    fake = FakeArgo(application(status(), spec={**SPEC, **live}))
    assert not run_fake(argocd_application, fake, **{**QUIET, **declared})["changed"]
    assert fake.writes == []


@pytest.mark.parametrize(
    ("declared", "live", "step"),
    [
        ({"project": "x"}, {}, {"op": "add", "path": "/spec/project", "value": "x"}),
        ({"sync_policy": {}}, {}, {"op": "remove", "path": "/spec/syncPolicy"}),
        (
            {"sync_policy": {"automated": {}}},
            {"syncPolicy": {"retry": {"limit": 1}}},
            {"op": "add", "path": "/spec/syncPolicy", "value": {"automated": {}}},
        ),
        (
            {"sync_policy": {"automated": {"enabled": False}}},
            {"syncPolicy": {"automated": {}}},
            {"op": "add", "path": "/spec/syncPolicy", "value": {"automated": {"enabled": False}}},
        ),
        (
            {"source": {"repoURL": GIT, "helm": {"valuesObject": {"a": None}}}},
            {"source": {"repoURL": GIT, "helm": {"valuesObject": {}}}},
            {
                "op": "add",
                "path": "/spec/source",
                "value": {"repoURL": GIT, "helm": {"valuesObject": {"a": None}}},
            },
        ),
    ],
)
def test_what_differs_is_changed_and_nothing_else(run_fake: RunModule, declared: Json, live: Json, step: Json) -> None:
    fake = FakeArgo(application(status(), spec={**SPEC, **live}))
    assert run_fake(argocd_application, fake, **{**QUIET, **declared})["changed"]
    assert patched(fake) == [step]


def test_one_source_becomes_several(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status()))
    declared = {key: value for key, value in QUIET.items() if key != "source"}
    result = run_fake(argocd_application, fake, sources=[SOURCE, {"repoURL": GIT, "ref": "values"}], **declared)
    assert [(step["op"], step["path"]) for step in patched(fake)] == [
        ("remove", "/spec/source"),
        ("add", "/spec/sources"),
    ]
    assert result["diff"]["before"]["spec"] == SPEC
    assert "source" not in result["diff"]["after"]["spec"]


def test_foreign_labels_stay(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status(), metadata={"labels": {"a": "1"}, "annotations": {"b": "2"}}))
    result = run_fake(argocd_application, fake, labels={"c": 3}, annotations={"b": "2"}, **QUIET)
    assert patched(fake) == [{"op": "add", "path": "/metadata/labels", "value": {"a": "1", "c": "3"}}]
    assert result["diff"]["before"]["metadata"]["labels"] == {}
    assert result["diff"]["after"]["metadata"]["labels"] == {"c": "3"}


def test_annotations_and_the_refresh_go_together(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status(), metadata={"annotations": {"a": "1"}}))
    run_fake(argocd_application, fake, annotations={"b": "2"}, **DECLARED)
    value = {"a": "1", "b": "2", REFRESH: "normal"}
    assert patched(fake) == [{"op": "add", "path": "/metadata/annotations", "value": value}]


@pytest.mark.parametrize(
    ("present", "wanted", "after"),
    [
        ([], True, [FINALIZER]),
        (["x"], True, ["x", FINALIZER]),
        (["x", FINALIZER], False, ["x"]),
        ([f"{FINALIZER}/background"], True, None),
        ([], False, None),
    ],
)
def test_the_finalizer(run_fake: RunModule, present: list[str], wanted: bool, after: list[str] | None) -> None:
    fake = FakeArgo(application(status(), metadata={"finalizers": present}))
    assert run_fake(argocd_application, fake, finalizer=wanted, **QUIET)["changed"] is (after is not None)
    if after is not None:
        assert patched(fake) == [{"op": "add", "path": "/metadata/finalizers", "value": after}]


@pytest.mark.parametrize(
    ("fake", "changed"),
    [
        (FakeArgo(), True),
        (FakeArgo(installed=False), True),
        (FakeArgo(application(status("OutOfSync", "Degraded"))), False),
        (FakeArgo(application(status(), spec={**SPEC, "project": "x"})), True),
    ],
)
def test_check_mode_tells_and_writes_nothing(run_fake: RunModule, fake: FakeArgo, changed: bool) -> None:
    result = run_fake(argocd_application, fake, check=True, **DECLARED)
    assert (result["changed"], fake.writes, result["waited"]) == (changed, [], 0.0)
    assert bool(result["diff"]["after"]) is changed


def test_a_change_meanwhile_is_compared_again(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status(), spec={**SPEC, "project": "x"}))
    fake.conflicts = [lambda app: app["spec"].update(project="airfield", syncPolicy={})]
    assert run_fake(argocd_application, fake, **QUIET)["changed"]
    assert fake.writes[1]["body"][1:] == [{"op": "add", "path": "/spec/syncPolicy", "value": POLICY}]


def test_endless_conflicts_fail(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status(), spec={**SPEC, "project": "x"}))
    fake.conflicts = [lambda app: None] * 5
    result = run_fake(argocd_application, fake, **QUIET)
    assert (result["status"], len(fake.writes)) == (409, 5)


@pytest.mark.parametrize("parameters", [DECLARED, {"name": "airflow"}])
def test_argo_cd_is_not_installed(run_fake: RunModule, parameters: Json) -> None:
    result = run_fake(argocd_application, FakeArgo(installed=False), **parameters)
    assert result["msg"].startswith("Argo CD is not installed in this cluster")


def test_another_product_of_the_argo_project_is_not_argo_cd(run_fake: RunModule) -> None:
    fake = FakeArgo()
    fake.answers[API] = {"resources": [{"name": "rollouts"}]}
    assert run_fake(argocd_application, fake, **DECLARED)["msg"].startswith("Argo CD is not installed")


def test_an_application_to_look_at_must_exist(run_fake: RunModule) -> None:
    assert (
        "Application argocd/airflow does not exist" in run_fake(argocd_application, FakeArgo(), name="airflow")["msg"]
    )
    result = run_fake(argocd_application, FakeArgo(installed=False), check=True, name="airflow")
    assert (result["changed"], result["health"]["status"]) == (False, "Unknown")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"sync_policy": POLICY}, "`sync_policy` is given without `source`"),
        ({"sources": []}, "`sources` is empty"),
        ({"source": {"path": "x"}}, "Source 1 has no `repoURL`"),
        ({"sources": [SOURCE, {"ref": "x"}]}, "Source 2 has no `repoURL`"),
        ({"source": SOURCE, "annotations": {REFRESH: "hard"}}, "Use the option `refresh`"),
        ({"source": SOURCE, "sources": [SOURCE]}, "mutually exclusive"),
        ({"revision": "1", "wait": False}, "require `wait: true`"),
    ],
)
def test_unclear_wishes_are_refused(run_fake: RunModule, parameters: Json, words: str) -> None:
    assert words in run_fake(argocd_application, FakeArgo(), name="airflow", **parameters)["msg"]


def test_it_is_deleted_and_waited_for(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status())).at(3, lambda app: app.update(gone=True))
    result = run_fake(argocd_application, fake, **GONE)
    assert (result["changed"], result["waited"], [one["method"] for one in fake.writes]) == (True, 3.0, ["DELETE"])
    assert (result["diff"]["before"]["spec"], result["diff"]["after"]) == (SPEC, {})


def test_what_is_absent_already(run_fake: RunModule) -> None:
    for fake in (FakeArgo(), FakeArgo(installed=False)):
        assert not run_fake(argocd_application, fake, **GONE)["changed"]
    leaving = FakeArgo(application(status(), metadata={"deletionTimestamp": "x"})).at(2, lambda app: app.update(gone=1))
    result = run_fake(argocd_application, leaving, **GONE)
    assert (result["changed"], result["waited"], leaving.writes) == (False, 2.0, [])


def test_deleting_in_check_mode_and_without_waiting(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status()))
    assert run_fake(argocd_application, fake, check=True, **GONE)["changed"]
    assert (run_fake(argocd_application, fake, wait=False, **GONE)["changed"], len(fake.writes)) == (True, 1)


def test_a_deletion_that_does_not_end(run_fake: RunModule) -> None:
    result = run_fake(argocd_application, FakeArgo(application(status())), wait_timeout=5, **GONE)
    assert "Timed out after 5 s waiting for the deletion of Application argocd/airflow" in result["msg"]
    assert f"Its finalizers: {FINALIZER}. Its remaining resources: Deployment/{WEB['name']}." in result["msg"]
    stuck = FakeArgo(application(status())).then(3, status(conditions=condition("DeletionError", "no project")))
    result = run_fake(argocd_application, stuck, **GONE)
    assert "Argo CD cannot delete Application argocd/airflow: no project. Its finalizers" in result["msg"]
    assert _clock.now() < 130


def test_an_outage_during_a_deletion_is_waited_through(run_fake: RunModule) -> None:
    fake = FakeArgo(application(status())).at(9, lambda app: app.update(gone=True))
    fake.outage = (101.0, 105.0)
    assert run_fake(argocd_application, fake, **GONE)["waited"] == 9.0


def test_one_that_is_being_deleted_is_created_again(run_fake: RunModule) -> None:
    leaving = application(status(), metadata={"deletionTimestamp": "x"})
    assert "is being deleted. Run the task again" in run_fake(argocd_application, FakeArgo(leaving), **QUIET)["msg"]
    fake = FakeArgo(leaving).at(2, lambda app: app.update(gone=True))
    assert run_fake(argocd_application, fake, **DECLARED)["changed"]
    assert [one["method"] for one in fake.writes] == ["POST"]

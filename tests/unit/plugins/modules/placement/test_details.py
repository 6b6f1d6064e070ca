# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils import _clock, _waiting
from ansible_collections.airfield.airflow.plugins.modules import placement
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import FakeClock
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    FakeKube,
    Json,
    RunModule,
    failure,
    run_fake_fixture,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.pods import (
    NOT_FINISHED,
    PODS,
    cells,
    full_pod,
    one,
    table,
    task,
    tasks,
    with_nodes,
    with_pods,
    with_tasks,
)

__all__ = ["run_fake_fixture"]

TAINT: Json = {"key": "dedicated", "operator": "Exists", "effect": "NoSchedule"}
OTHER: Json = {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"}


def pod(name: str, tolerations: list[Json] | None, annotations: Json | None = None) -> Json:
    made = full_pod(name, "cp", annotations=annotations or {})
    made["spec"]["nodeSelector"] = {"role": "airflow-control"}
    if tolerations is not None:
        made["spec"]["tolerations"] = tolerations
    return made


def with_whole_pods(pods: list[Json]) -> FakeKube:
    query = {"labelSelector": "a=b", "fieldSelector": NOT_FINISHED}
    return with_nodes().expect_list(PODS, pods, query=query)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    made = FakeClock()
    monkeypatch.setattr(_clock, "now", made.now)
    monkeypatch.setattr(_clock, "sleep", made.sleep)
    return made


def test_pods_that_tolerate_what_they_must_pass_and_show_it(run_fake: RunModule) -> None:
    fake = with_whole_pods([pod("a", [OTHER, TAINT]), pod("b", [TAINT])])
    result = run_fake(placement, fake, expectations=one(label_selector="a=b", tolerations=[TAINT], count=2))
    assert result["passed"], result["msg"]
    first, second = result["evidence"][0]["pods"]
    assert (first["tolerations"], second["tolerations"]) == ([OTHER, TAINT], [TAINT])
    assert first["node_selector"] == {"role": "airflow-control"}


@pytest.mark.parametrize(
    ("tolerations", "found"),
    [
        ([OTHER], "found these tolerations only: node.kubernetes.io/not-ready:NoExecute"),
        (None, "found none"),
    ],
)
def test_each_pod_that_lacks_a_toleration_is_named(run_fake: RunModule, tolerations: Any, found: str) -> None:
    fake = with_whole_pods([pod("a", [TAINT]), pod("b", tolerations)])
    result = run_fake(placement, fake, expectations=one(label_selector="a=b", tolerations=[TAINT]))
    (violation,) = result["violations"]
    assert (violation["kind"], violation["pod"]) == ("wrong_tolerations", "b")
    assert "expected it to tolerate dedicated:NoSchedule" in violation["message"]
    assert found in violation["message"]


def test_no_toleration_is_wanted_but_they_are_shown(run_fake: RunModule) -> None:
    fake = with_whole_pods([pod("a", None)])
    result = run_fake(placement, fake, expectations=one(label_selector="a=b", tolerations=[]))
    assert result["passed"]
    assert result["evidence"][0]["pods"][0]["tolerations"] == []


def test_tolerations_of_tasks_cannot_be_wanted(run_fake: RunModule) -> None:
    result = run_fake(placement, FakeKube(), expectations=tasks(task("p1"), tolerations=[TAINT]))
    assert "together with `tolerations`" in result["msg"]


def test_whole_pods_and_the_tables_of_tasks_are_two_readings(run_fake: RunModule) -> None:
    fake = with_tasks([cells("p1", "w1")], None)
    fake.expect_list(PODS, [pod("a", [TAINT])])
    wanted = tasks(task("p1")) + one(tolerations=[TAINT], include_finished=True)
    assert run_fake(placement, fake, expectations=wanted)["passed"]


def test_details_say_where_a_living_pod_may_be_and_whose_task_it_runs(run_fake: RunModule) -> None:
    ids = {"dag_id": "poc_test", "run_id": "manual__1", "task_id": "echo"}
    fake = with_pods(table([cells("a", "cp"), cells("b", "cp"), cells("gone", "cp")]))
    fake.expect(f"{PODS}/a", pod("a", [TAINT], {**ids, "try_number": "1"}))
    fake.expect(f"{PODS}/b", pod("b", None, {"other": "one"}))
    fake.expect(f"{PODS}/gone", failure("not found", 404), status=404)
    result = run_fake(placement, fake, expectations=one(), pod_details=True)
    first, second, gone = result["evidence"][0]["pods"]
    assert first["task"] == ids
    assert (first["tolerations"], first["node_selector"]) == ([TAINT], {"role": "airflow-control"})
    assert (second["task"], second["tolerations"]) == (None, [])
    assert "task" not in gone
    assert "tolerations" not in gone


def test_no_details_are_asked_of_a_pod_that_only_an_event_knows(run_fake: RunModule) -> None:
    event = {
        "reportingComponent": "default-scheduler",
        "involvedObject": {"namespace": "airflow", "name": "p1"},
        "message": "Successfully assigned airflow/p1 to w1",
    }
    assert run_fake(placement, with_tasks([], [event]), expectations=tasks(task("p1")), pod_details=True)["passed"]


def test_a_refusal_of_details_is_an_error(run_fake: RunModule) -> None:
    fake = with_pods(table([cells("a", "cp")]))
    fake.expect(f"{PODS}/a", failure("forbidden", 403), status=403)
    assert (
        "Give the kubeconfig's user this permission"
        in run_fake(placement, fake, expectations=one(), pod_details=True)["msg"]
    )


def test_waits_for_the_moment_in_which_it_is_as_expected(
    run_fake: RunModule, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(_waiting, "report_progress", told.append)
    fake = with_pods(table([cells("busy", "w1")]))
    with_pods(table([]), with_nodes_again(fake))
    result = run_fake(placement, fake, expectations=one(count=0), wait_timeout=60, poll_interval=3)
    assert result["passed"]
    assert clock.slept == [3]
    assert told == [
        "Scheduler: pods in namespace airflow: expected exactly 0 pods, found 1 (busy on w1). Checking again for 60 s"
    ]


def test_the_last_look_counts(run_fake: RunModule, clock: FakeClock) -> None:
    fake = with_pods(table([cells("one", "w1")]))
    with_pods(table([cells("two", "w1")]), with_nodes_again(fake))
    with_pods(table([cells("three", "w1")]), with_nodes_again(fake))
    result = run_fake(placement, fake, expectations=one(count=0), wait_timeout=3, poll_interval=2)
    assert "three" in result["msg"]
    assert clock.slept == [2, 1]


def test_check_mode_waits_for_nothing(run_fake: RunModule, clock: FakeClock) -> None:
    fake = with_pods(table([cells("busy", "w1")]))
    assert run_fake(placement, fake, check=True, expectations=one(count=0), wait_timeout=60)["failed"]
    assert clock.slept == []


def with_nodes_again(fake: FakeKube) -> FakeKube:
    fake.expected += with_nodes().expected
    return fake

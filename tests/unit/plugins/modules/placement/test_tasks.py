# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.modules import placement
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    TABLE,
    Json,
    RunModule,
    failure,
    run_fake_fixture,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.pods import (
    PODS,
    SCHEDULED,
    cells,
    expect_everywhere,
    one,
    scheduled,
    table,
    task,
    tasks,
    with_nodes,
    with_tasks,
)

__all__ = ["run_fake_fixture"]


def test_a_living_task_pod_needs_no_event(run_fake: RunModule) -> None:
    fake = with_tasks([cells("other", "cp"), cells("p1", "w1")], None)
    result = run_fake(placement, fake, expectations=tasks(task("p1"), count=1))
    assert result["evidence"][0]["sources"] == {"live": 1}
    assert result["evidence"][0]["pods"][0]["task_instance"] == "task poc_test/r1/echo (try 1, success)"


def test_an_event_proves_a_pod_that_is_gone(run_fake: RunModule) -> None:
    old_style = scheduled("p2", "w2", reportingComponent="", source={"component": "default-scheduler"})
    fake = with_tasks([], [scheduled("p1", "w1"), old_style, scheduled("other", "cp")])
    result = run_fake(placement, fake, expectations=tasks(task("p1"), task("p2", map_index=3)))
    assert (result["passed"], result["evidence"][0]["nodes"]) == (True, {"w1": 1, "w2": 1})
    assert result["evidence"][0]["sources"] == {"event": 2}
    assert "echo[3]" in result["evidence"][0]["pods"][1]["task_instance"]


@pytest.mark.parametrize("live", [True, False])
def test_a_task_on_the_wrong_node_is_named(run_fake: RunModule, live: bool) -> None:
    fake = with_tasks([cells("p1", "cp")], None) if live else with_tasks([], [scheduled("p1", "cp")])
    result = run_fake(placement, fake, expectations=tasks(task("p1")))
    assert result["msg"].splitlines()[1] == (
        "Tasks: task poc_test/r1/echo (try 1, success) in pod airflow/p1: expected a node with role=airflow-worker "
        "(w1, w2), found node cp with role=airflow-control."
    )
    assert (result["violations"][0]["pod"], result["violations"][0]["node"]) == ("p1", "cp")


@pytest.mark.parametrize(
    "event",
    [
        scheduled("p1", "w1", reportingComponent="somebody"),
        scheduled("p1", "w1", message="Successfully assigned airflow/p2 to w1"),
        scheduled("p1", "w1", message="Successfully assigned team/p1 to w1"),
        scheduled("p1", "w1", message="0/2 nodes are available"),
    ],
)
def test_only_the_schedulers_own_words_are_evidence(run_fake: RunModule, event: Json) -> None:
    fake = expect_everywhere(with_tasks([], [event]), [event], [], [])
    result = run_fake(placement, fake, expectations=tasks(task("p1")))
    assert [violation["kind"] for violation in result["violations"]] == ["no_evidence"]
    assert "A cluster keeps events for one hour" in result["msg"]


def test_another_scheduler_can_be_trusted(run_fake: RunModule) -> None:
    fake = with_tasks([], [scheduled("p1", "w1", reportingComponent="mine")])
    assert run_fake(placement, fake, expectations=tasks(task("p1")), schedulers=["mine"])["passed"]


@pytest.mark.parametrize("live", [True, False])
def test_a_task_in_another_namespace_is_found_there(run_fake: RunModule, live: bool) -> None:
    fake = with_tasks([], [])
    if live:
        expect_everywhere(fake, [], [cells("p1", "w1")], [{"namespace": "team"}])
    else:
        expect_everywhere(fake, [scheduled("p1", "w1", "team")], [], [])
    violation = run_fake(placement, fake, expectations=tasks(task("p1")))["violations"][0]
    assert (violation["kind"], violation["namespace"], violation["node"]) == ("wrong_namespace", "team", "w1")
    assert (violation["expected"], violation["found"]) == ("namespace airflow", "namespace team")


def test_no_right_to_search_elsewhere_is_said(run_fake: RunModule) -> None:
    fake = with_tasks([], [])
    query = {"limit": "500", "fieldSelector": SCHEDULED}
    fake.expect("/api/v1/events", failure("events is forbidden", 403), query=query, status=403)
    result = run_fake(placement, fake, expectations=tasks(task("p1")))
    assert result["violations"][0]["kind"] == "no_evidence"
    assert "Other namespaces could not be searched" in result["msg"]


def test_a_task_without_a_hostname_is_no_evidence(run_fake: RunModule) -> None:
    result = run_fake(placement, with_nodes(), expectations=tasks(task(None)))
    assert [violation["kind"] for violation in result["violations"]] == ["no_evidence"]
    assert "has no hostname" in result["msg"]


def test_a_skipped_task_has_no_place(run_fake: RunModule) -> None:
    result = run_fake(
        placement, with_tasks([cells("p1", "w1")], None), expectations=tasks(task("p1"), task("", "skipped"))
    )
    assert (result["passed"], result["evidence"][0]["not_run"], result["evidence"][0]["checked"]) == (True, 1, 1)


@pytest.mark.parametrize("instances", [[], [task("", "skipped")]])
def test_no_tasks_at_all_is_a_violation(run_fake: RunModule, instances: list[Json]) -> None:
    result = run_fake(placement, with_nodes(), expectations=tasks(*instances))
    assert [violation["kind"] for violation in result["violations"]] == ["nothing_matched"]


def test_tasks_and_finished_pods_share_one_reading(run_fake: RunModule) -> None:
    objects: list[Json] = [{"labels": {"a": "b"}}, {"labels": {}}]
    query = {"limit": "500", "includeObject": "Metadata"}
    answer = table([cells("p1", "w1"), cells("p2", "cp")], objects=objects)
    fake = with_nodes().expect(PODS, answer, query=query, accept=TABLE)
    wanted = tasks(task("p1")) + one(label_selector="a=b", include_finished=True, count=1)
    assert run_fake(placement, fake, expectations=wanted)["passed"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module dag_run with an id of which only the beginning is given, and with the logs of the tasks."""

from __future__ import annotations

import urllib.error
from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._runs import wanted
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes import dag_runs as fake_dag_runs
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.dag_runs import (
    dag,
    described,
    get,
    listed,
    log,
    missing,
    post,
    progress,
    task,
    tasks,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import Finished, HttpCall, login

NEW = "nightly-20261121T120000Z"
HOUR = 3600
RESET = urllib.error.URLError(ConnectionResetError(104, "Connection reset by peer"))


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "utc_now", lambda: datetime(2026, 11, 21, 12, tzinfo=timezone.utc))


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return fake_dag_runs.run(calls, check_mode, **{"run_id": None, "run_id_prefix": "nightly-", **arguments})


def earlier(*run_ids: str, state: str = "success") -> HttpCall:
    query = {"run_id_prefix_pattern": "nightly-", "state": ["queued", "running", "success"]}
    found = [described(state, dag_run_id=run_id) for run_id in run_ids]
    return listed(*found, limit=100, offset=0, **query)


@pytest.mark.parametrize(
    "found",
    [[], ["nightly-20261121T105959Z"], ["nightly-by-hand", "nightly-20261121T105959Z"]],
    ids=["none", "too old", "an id without a time"],
)
def test_without_a_young_run_a_new_one_is_triggered(found: list[str]) -> None:
    plan = [login(), earlier(*found), dag()]
    checked = run(plan, check_mode=True, max_age=HOUR)
    changed = run([*plan, post(dag_run_id=NEW)], max_age=HOUR)
    assert (checked["changed"], changed["changed"]) == (True, True)
    assert checked["dag_run"]["dag_run_id"] == changed["dag_run"]["dag_run_id"] == NEW


def taken(run_id: str) -> HttpCall:
    return post(dag_run_id=run_id).answers({"detail": {"reason": "Unique constraint violation"}}, status=409)


def test_age_0_is_a_new_run_without_a_search() -> None:
    plan = [login(), dag()]
    checked = run(plan, check_mode=True)
    changed = run([*plan, post(dag_run_id=NEW)])
    assert checked["diff"] == changed["diff"]
    assert (changed["changed"], changed["dag_run"]["dag_run_id"]) == (True, NEW)


def test_a_second_new_run_in_the_same_second_has_the_next_free_one() -> None:
    after = [f"nightly-20261121T12000{second}Z" for second in (1, 2)]
    calls = [login(), dag(), taken(NEW), get("success", dag_run_id=NEW), taken(after[0])]
    calls += [get("success", dag_run_id=after[0]), post(dag_run_id=after[1])]
    changed = run(calls)
    assert (changed["changed"], changed["dag_run"]["dag_run_id"]) == (True, after[1])
    many = run(calls, run_id_prefix=None, runs=[{"run_id_prefix": "nightly-"}])
    assert list(many["diff"]["after"]) == [f"run {after[1]} of the DAG poc_test"]


def test_an_id_that_a_failed_run_has_is_not_used_again_either() -> None:
    next_one = "nightly-20261121T120001Z"
    calls = [login(), earlier(), dag(), taken(NEW), earlier(), get("failed", dag_run_id=NEW), post(dag_run_id=next_one)]
    assert run(calls, max_age=HOUR)["dag_run"]["dag_run_id"] == next_one


def test_a_run_that_another_call_triggered_meanwhile_is_young_enough() -> None:
    calls = [login(), earlier(), dag(), taken(NEW), earlier(NEW, state="queued")]
    assert run(calls, max_age=HOUR)["dag_run"]["dag_run_id"] == NEW


def test_a_lost_answer_to_a_new_run_is_not_a_second_run() -> None:
    calls = [login(), dag(), post(dag_run_id=NEW).fails(RESET), taken(NEW), get("queued", dag_run_id=NEW)]
    changed = run(calls)
    assert (changed["changed"], changed["dag_run"]["dag_run_id"], changed.slept) == (True, NEW, [0.5])
    lost = [post(dag_run_id=NEW).fails(RESET) for _attempt in range(4)]
    assert run([login(), dag(), *lost])["error"] == "ConnectionFailed"


def test_a_taken_logical_date_is_not_a_taken_id() -> None:
    date = "2026-11-21T00:00:00+00:00"
    exists = post(dag_run_id=NEW, logical_date=date).answers({"detail": "exists"}, status=409)
    found = run([login(), dag(), exists, missing(NEW)], logical_date=date)
    assert "already has another run for the logical date" in found["msg"]


def test_age_0_without_a_trigger_waits_for_a_new_run_of_somebody_else() -> None:
    old, new = "nightly-20261121T115959Z", "nightly-20261121T120003Z"
    calls = [login(), earlier(old), dag(), earlier(old), earlier(new, old), tasks(run_id=new)]
    found = run(calls, trigger=False, wait=True)
    assert (found["changed"], found["dag_run"]["dag_run_id"]) == (False, new)


def test_the_newest_young_run_is_used_again() -> None:
    young = "nightly-20261121T110000Z"
    calls = [login(), earlier("nightly-by-hand", young, "nightly-20261121T105900Z"), tasks(run_id=young)]
    found = run(calls, max_age=HOUR, wait=True)
    assert (found["changed"], found["dag_run"]["dag_run_id"]) == (False, young)


def test_a_young_run_that_is_running_is_waited_for_under_its_own_id() -> None:
    young = "nightly-20261121T115900Z"
    calls = [login(), earlier(young, state="running"), dag(), get("success", dag_run_id=young), tasks(run_id=young)]
    found = run(calls, max_age=HOUR, wait=True)
    assert (found["changed"], found["dag_run"]["state"]) == (False, "success")


def test_a_young_run_with_another_conf_is_refused_by_its_own_id() -> None:
    young = "nightly-20261121T115900Z"
    found = run([login(), earlier(young)], max_age=HOUR, conf={"x": 1})
    assert found["msg"].startswith(f"The run {young} of the DAG poc_test already exists, but its conf differs in x.")


def test_of_an_unknown_dag_there_is_no_earlier_run() -> None:
    unknown = earlier().answers({"detail": "not found"}, status=404)
    nothing = HttpCall("GET", "/api/v2/dags/poc_test").answers({"detail": "not found"}, status=404)
    assert "does not know the DAG poc_test" in run([login(), unknown, nothing], max_age=HOUR)["msg"]


def test_many_runs_have_the_time_of_one_moment() -> None:
    runs = [{"run_id_prefix": "nightly-"}, {"run_id": "r7"}]
    calls = [login(), earlier(), dag(), get("success"), post(dag_run_id=NEW), tasks()]
    found = run(calls, run_id_prefix=None, runs=runs, max_age=HOUR)
    assert [(item["dag_run_id"], item["changed"]) for item in found["dag_runs"]] == [(NEW, True), ("r7", False)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"state": "absent"}, "run_id_prefix requires state: present"),
        ({"run_id": "r7"}, "mutually exclusive"),
        ({"newest": True}, "mutually exclusive"),
        ({"max_age": -1}, "max_age must be 0 or more"),
        ({"max_age": 10**11}, "max_age must be 3153600000 (100 years) or less, not 100000000000."),
    ],
)
def test_a_prefix_only_names_runs_that_shall_exist(arguments: dict[str, Any], words: str) -> None:
    assert words in run([], **arguments)["msg"]


def test_the_logs_of_all_tasks_are_shown_on_demand() -> None:
    calls = [login(), get("success"), tasks(task("echo", "success"), task("late", None, try_number=0))]
    calls += [log("echo", ["first", "last"])]
    found = run(calls, run_id="r7", run_id_prefix=None, task_log_lines=1)
    assert [item["log"] for item in found["task_instances"]] == ["last", ""]


def test_the_logs_are_shown_of_a_run_that_is_late_too() -> None:
    running = task("echo", "running")
    calls = [login(), get("running"), dag(), get("running"), progress(running), tasks(running), log("echo", ["waits"])]
    found = run(calls, run_id="r7", run_id_prefix=None, wait=True, wait_timeout=0, task_log_lines=0)
    assert found["error"] == "WaitTimedOut"
    assert [item["log"] for item in found["task_instances"]] == ["waits"]

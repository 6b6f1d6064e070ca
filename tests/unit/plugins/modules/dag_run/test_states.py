# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module dag_run where it cancels a run, runs it again, or does not trigger it."""

from __future__ import annotations

import urllib.error
from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.dag_runs import (
    cleared,
    dag,
    described,
    get,
    listed,
    log,
    missing,
    patched,
    post,
    progress,
    run,
    task,
    tasks,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import HttpCall, login

RESET = urllib.error.URLError(ConnectionResetError(104, "Connection reset by peer"))
DATE = "2026-11-21T00:00:00+00:00"


def version(number: str) -> HttpCall:
    return HttpCall("GET", "/api/v2/version").token(None).answers({"version": number})


def test_cancels_a_run_at_work_and_only_once() -> None:
    stopped = task("sleep", "failed")
    checked = run([login(), get("running"), tasks()], check_mode=True, state="cancelled")
    changed = run([login(), get("running"), patched({"state": "failed"}, "failed"), tasks(stopped)], state="cancelled")
    again = run([login(), get("failed"), tasks(stopped)], state="cancelled")
    assert [checked["changed"], changed["changed"], again["changed"]] == [True, True, False]
    assert checked["diff"] == changed["diff"]
    assert (changed["diff"]["before"]["state"], changed["diff"]["after"]["state"]) == ("running", "failed")
    assert changed["task_instances"][0]["state"] == "failed"


@pytest.mark.parametrize("state", ["success", "failed"])
def test_cancelling_leaves_a_run_alone_that_has_ended_and_fails_for_none(state: str) -> None:
    assert run([login(), get(state), tasks()], state="cancelled", wait=True)["changed"] is False


def test_cancelling_what_does_not_exist_changes_nothing() -> None:
    found = run([login(), missing()], state="cancelled", wait=True)
    assert (found["changed"], found["dag_run"]) == (False, None)


def test_cancels_and_notes_in_one_request_and_waits_for_what_cleans_up() -> None:
    patch = patched({"state": "failed", "note": "enough"}, "running")
    calls = [login(), get("queued"), patch, get("running"), progress(task("teardown", "running"))]
    calls += [get("failed"), tasks()]
    found = run(calls, state="cancelled", note="enough", wait=True)
    assert not found.failed
    assert found["dag_run"]["state"] == "failed"


def test_reruns_what_failed_and_waits() -> None:
    failed = [task("echo", "failed"), task("end", "upstream_failed")]
    before = [login(), get("failed"), tasks(*failed), dag()]
    checked = run([*before, tasks(*failed)], check_mode=True, state="rerun", wait=True)
    changed = run([*before, cleared(), get("success"), tasks(task("echo", "success"))], state="rerun", wait=True)
    again = run([login(), get("success"), tasks(task("echo", "success"))], state="rerun", wait=True)
    assert [checked["changed"], changed["changed"], again["changed"]] == [True, True, False]
    assert checked["diff"] == changed["diff"]
    assert (changed["diff"]["before"]["state"], changed["diff"]["after"]["state"]) == ("failed", "queued")
    assert changed["dag_run"]["state"] == "success"
    assert not again.failed


def test_a_rerun_that_fails_again_fails() -> None:
    failed = tasks(task("echo", "failed"))
    calls = [login(), get("failed"), failed, dag(), cleared(), get("failed"), failed, log("echo", ["again"])]
    found = run(calls, state="rerun", wait=True)
    assert found["error"] == "RunFailed"
    assert found["changed"] is True


def test_a_rerun_leaves_a_run_at_work_alone_but_waits_for_it() -> None:
    calls = [login(), get("running"), dag(), get("success"), tasks()]
    found = run(calls, state="rerun", rerun_tasks="all", wait=True)
    assert (found["changed"], found["dag_run"]["state"]) == (False, "success")


@pytest.mark.parametrize(("chosen", "sent"), [("latest", True), ("original", False)])
def test_reruns_all_tasks_with_a_version_of_the_dag(chosen: str, sent: bool) -> None:
    clear = cleared(only_failed=False, run_on_latest_version=sent)
    calls = [login(), get("success"), dag(), clear, tasks()]
    assert run(calls, state="rerun", rerun_tasks="all", dag_version=chosen)["changed"] is True


def test_a_version_of_the_dag_needs_airflow_that_knows_it_and_a_rerun() -> None:
    old = run([version("3.0.6")], state="rerun", dag_version="latest")
    assert "dag_version requires Airflow 3.1 or later" in old["msg"]
    assert "dag_version requires state: rerun" in run([], dag_version="latest")["msg"]


def test_reruns_and_notes() -> None:
    calls = [login(), get("failed"), tasks(task("echo", "failed")), dag(), patched({"note": "x"}, "failed", note="x")]
    found = run([*calls, cleared().answers(described("queued", note="x")), tasks()], state="rerun", note="x")
    assert found["diff"]["after"]["note"] == "x"


def test_a_note_that_was_changed_before_the_rerun_failed_is_a_change() -> None:
    calls = [login(), get("failed"), tasks(task("echo", "failed")), dag(), patched({"note": "x"}, "failed", note="x")]
    found = run([*calls, cleared().answers({"detail": "Forbidden"}, status=403)], state="rerun", note="x")
    assert found.failed
    assert (found["changed"], found["dag_run"]["note"]) == (True, "x")


def test_nothing_is_rerun_where_nothing_is_to_be_rerun() -> None:
    assert (
        "The run r7 of the DAG poc_test does not exist, so it cannot run again"
        in run([login(), missing()], state="rerun")["msg"]
    )
    found = run([login(), get("failed"), tasks(task("echo", "skipped"))], state="rerun")
    assert "run all of it again with rerun_tasks: all" in found["msg"]


def test_a_rerun_of_a_paused_dag_is_refused_when_one_waits() -> None:
    found = run([login(), get("failed"), tasks(task("a", "failed")), dag(is_paused=True)], state="rerun", wait=True)
    assert (found["error"], found["changed"]) == ("DagNotReady", False)


def test_a_rerun_whose_answer_was_lost_is_not_asked_for_twice() -> None:
    before = [login(), get("failed"), tasks(task("echo", "failed")), dag(), cleared().fails(RESET)]
    arrived = run([*before, get("running"), tasks()], state="rerun")
    lost = run([*before, get("failed"), cleared(), tasks()], state="rerun")
    assert lost.slept == [0.5]
    assert [arrived["changed"], lost["changed"]] == [True, True]


def test_one_run_by_its_logical_date() -> None:
    look = listed(limit=1, logical_date_gte=DATE, logical_date_lte=DATE)
    known = described("success", dag_run_id="r7", logical_date="2026-11-21T00:00:00Z")
    trigger = post(dag_run_id=None, logical_date=DATE).answers(known)
    date: dict[str, Any] = {"run_id": None, "logical_date": "2026-11-21T00:00:00Z"}
    assert run([login(), look, dag(), trigger], check_mode=False, **date)["changed"] is True
    look.answers({"dag_runs": [known], "total_entries": 1})
    assert run([login(), look, tasks()], check_mode=False, **date)["changed"] is False


def test_a_lost_trigger_by_logical_date_is_found_by_it() -> None:
    none = listed(limit=1, logical_date_gte=DATE, logical_date_lte=DATE)
    there = listed(described(logical_date=DATE), limit=1, logical_date_gte=DATE, logical_date_lte=DATE)
    exists = post(dag_run_id=None, logical_date=DATE).answers({"detail": "exists"}, status=409)
    assert run([login(), none, dag(), exists, there], run_id=None, logical_date=DATE)["changed"] is True


def test_waits_for_the_newest_run() -> None:
    calls = [login(), listed(described("running"), limit=1), dag(), get("success"), tasks()]
    found = run(calls, run_id=None, newest=True, wait=True)
    assert (found["changed"], found["dag_run"]["state"]) == (False, "success")


def test_waits_for_a_run_that_somebody_else_is_going_to_start() -> None:
    calls = [login(), missing(), dag(), missing(), get("queued"), get("success"), tasks()]
    found = run(calls, trigger=False, wait=True, poll_interval=1)
    assert (found["changed"], found["dag_run"]["state"]) == (False, "success")
    assert found.slept == [1, 1]
    assert "the run r7 of the DAG poc_test: it is not created yet" in found.progress[0]
    assert "it is queued" in found.progress[1]


def test_a_run_that_somebody_else_started_otherwise_is_another() -> None:
    found = run([login(), missing(), dag(), get("queued", conf={"x": 1})], trigger=False, wait=True, conf={})
    assert found["error"] == "RunDiffers"
    exists = post(conf={"y": 1}).answers({"detail": "exists"}, status=409)
    found = run([login(), missing(), dag(), exists, get(conf={"x": 1})], conf={"y": 1})
    assert (found["error"], found["changed"]) == ("RunDiffers", False)


def test_a_diff_shows_no_difference_between_notations() -> None:
    known = {"logical_date": "2026-11-21T00:00:00Z", "note": ""}
    found = run(
        [login(), get(**known), patched({"note": "x"}, "queued", logical_date=DATE, note=""), tasks()], note="x"
    )
    assert found["diff"]["before"] == found["diff"]["after"]
    assert found["diff"]["after"]["note"] is None


def test_a_run_that_is_not_triggered_and_not_waited_for_must_exist() -> None:
    assert "Set wait: true to wait for it." in run([login(), missing()], trigger=False)["msg"]
    gone = listed(limit=1).answers({"detail": "The DAG was not found"}, status=404)
    assert "The newest run of the DAG poc_test does not exist" in run([login(), gone], run_id=None, newest=True)["msg"]
    found = run([login(), missing(), dag()], check_mode=True, trigger=False, wait=True)
    assert (found["changed"], found["dag_run"]) == (False, None)
    assert "outside check mode the module waits for it" in found.warnings[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"run_id": None, "newest": True, "state": "absent"}, "would delete another run each time"),
        ({"run_id": ""}, "One of run_id, logical_date, newest and runs is required"),
        ({"run_id": None, "newest": False}, "One of run_id, logical_date, newest and runs is required"),
        ({"newest": True}, "mutually exclusive"),
        ({"dag_id": None}, "one of the following is required: dag_id, runs"),
    ],
)
def test_options_that_name_no_run_are_refused_before_any_request(arguments: dict[str, Any], words: str) -> None:
    assert words in run([], **arguments)["msg"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import urllib.error

import pytest
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.dag_runs import (
    RUNS,
    dag,
    described,
    get,
    log,
    missing,
    post,
    progress,
    run,
    task,
    tasks,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import HttpCall, login

REFUSED = urllib.error.URLError(ConnectionRefusedError(111, "Connection refused"))
RESET = urllib.error.URLError(ConnectionResetError(104, "Connection reset by peer"))


def test_check_run_rerun() -> None:
    checked = run([login(), missing(), dag()], check_mode=True, conf={"a": 1})
    changed = run([login(), missing(), dag(), post(conf={"a": 1})], conf={"a": 1})
    again = run([login(), get("running", conf={"a": 1}), tasks(task("echo", "success"))], conf={"a": 1})
    assert [checked["changed"], changed["changed"], again["changed"]] == [True, True, False]
    assert checked["diff"] == changed["diff"]
    assert changed["diff"]["before"] == {}
    assert changed["dag_run"]["state"] == "queued"
    assert again["task_instances"][0]["hostname"] == "pod-echo"
    assert again["diff"]["before"] == again["diff"]["after"]


def test_absent_and_absent_again() -> None:
    delete = HttpCall("DELETE", f"{RUNS}/r7").answers(b"", status=204)
    checked = run([login(), get("success")], check_mode=True, state="absent")
    gone = run([login(), get("success"), delete], state="absent")
    again = run([login(), missing()], state="absent")
    assert [checked["changed"], gone["changed"], again["changed"]] == [True, True, False]
    assert gone["diff"]["before"]["dag_run_id"] == "r7"


def test_a_running_run_is_not_deleted_even_where_airflow_would() -> None:
    for check_mode in (True, False):
        found = run([login(), get("running")], check_mode, state="absent")
        assert "The run r7 of the DAG poc_test is running: cancel it with state: cancelled" in found["msg"]


def test_a_deletion_whose_answer_was_lost_is_repeated_and_its_404_is_what_was_wanted() -> None:
    delete = HttpCall("DELETE", f"{RUNS}/r7")
    gone = HttpCall("DELETE", f"{RUNS}/r7").answers({"detail": "not found"}, status=404)
    assert run([login(), get("success"), delete.fails(RESET), gone], state="absent")["changed"] is True


def test_sends_logical_date_and_note() -> None:
    sent = {"logical_date": "2026-11-21T00:00:00+00:00", "note": "hi"}
    found = run([login(), missing(), dag(), post(**sent)], logical_date="2026-11-21T00:00:00Z", note="hi")
    assert found["changed"] is True


@pytest.mark.parametrize("date", ["yesterday", "2026-11-21T00:00:00"])
def test_a_logical_date_without_zone_is_refused_before_any_request(date: str) -> None:
    found = run([], logical_date=date)
    assert "with a time zone" in found["msg"]


def test_changes_the_note_of_a_run_and_only_once() -> None:
    patch = HttpCall("PATCH", f"{RUNS}/r7").body({"note": "new"}).answers(described(note="new"))
    checked = run([login(), get(note="old"), tasks()], check_mode=True, note="new")
    changed = run([login(), get(note="old"), patch, tasks()], note="new")
    again = run([login(), get(note="new"), tasks()], note="new")
    none = run([login(), get(note=None), tasks()], note="")
    assert [found["changed"] for found in (checked, changed, again, none)] == [True, True, False, False]
    assert checked["diff"] == changed["diff"]


def test_a_run_with_another_conf_fails_and_names_keys_not_values() -> None:
    found = run([login(), get(conf={"a": "s3cret-a", "c": 3})], conf={"a": "s3cret-b", "b": 2, "c": 3})
    assert found["error"] == "RunDiffers"
    assert "its conf differs in a, b. Choose another run_id." in found["msg"]
    assert "s3cret" not in found["msg"]


def test_the_same_logical_date_in_another_notation_is_the_same() -> None:
    found = run([login(), get(logical_date="2026-11-21T00:00:00Z"), tasks()], logical_date="2026-11-21T01:00:00+01:00")
    assert not found.failed
    found = run([login(), get(logical_date="2026-11-20T00:00:00Z")], logical_date="2026-11-21T00:00:00Z")
    assert "its logical date is 2026-11-20" in found["msg"]


def test_a_trigger_whose_answer_was_lost_is_repeated_and_its_409_is_our_own_run() -> None:
    exists = post().answers({"detail": {"reason": "Unique constraint violation", "message": "x"}}, status=409)
    found = run([login(), missing(), dag(), post().fails(RESET), exists, get()])
    assert not found.failed
    assert found["changed"] is True
    assert found.slept == [0.5]


def test_a_409_without_such_a_run_is_about_the_logical_date() -> None:
    date = "2026-11-21T00:00:00+00:00"
    exists = post(logical_date=date).answers({"detail": {"reason": "Unique constraint violation"}}, status=409)
    found = run([login(), missing(), dag(), exists, missing()], logical_date=date)
    assert found["status"] == 409
    assert "another run for the logical date" in found["msg"]


def test_an_unknown_or_stale_dag_fails_with_what_to_do() -> None:
    unknown = HttpCall("GET", "/api/v2/dags/poc_test").answers({"detail": "not found"}, status=404)
    found = run([login(), missing(), unknown])
    assert "Airflow does not know the DAG poc_test." in found["msg"]
    found = run([login(), missing(), dag(is_stale=True)])
    assert "its file is gone or cannot be read" in found["msg"]


def test_a_paused_dag_fails_when_one_waits_and_warns_when_not() -> None:
    found = run([login(), missing(), dag(is_paused=True)], wait=True)
    assert "is paused" in found["msg"]
    assert found["changed"] is False
    found = run([login(), missing(), dag(is_paused=True), post()])
    assert "is paused" in found.warnings[0]
    found = run([login(), get("queued"), dag(is_paused=True)], wait=True)
    assert "The run r7 is queued. The DAG poc_test is paused" in found["msg"]


def test_waits_and_returns_every_task_instance() -> None:
    first = [task(f"t{number:03}", "success") for number in range(100)]
    calls = [
        *[login(), missing(), dag(), post()],
        *[get("running"), progress(task("echo", "success"), task("sleep", "running"), task("end", None))],
        *[get("success"), tasks(*first, total=101), tasks(task("last", "success"), offset=100, total=101)],
    ]
    found = run(calls, wait=True, poll_interval=5)
    assert found["changed"] is True
    assert found["dag_run"]["state"] == "success"
    assert len(found["task_instances"]) == 101
    shown = found["task_instances"][0]
    assert "unixname" not in shown
    assert shown["duration"] == 60.0
    assert found.slept == [5]
    assert "1 of 3 task instances finished (sleep running, end not scheduled)" in found.progress[0]


def test_a_finished_run_is_not_waited_for_again() -> None:
    found = run([login(), get("success"), tasks(task("echo", "success"))], wait=True)
    assert found["changed"] is False
    assert found.slept == []


def test_a_failed_run_fails_with_the_last_lines_of_its_logs() -> None:
    content = [
        {"event": "::group::Log message source details", "sources": ["/opt/airflow/logs/1.log"]},
        {"event": "::endgroup::"},
        {"timestamp": "T1", "level": "info", "event": "first"},
        {"timestamp": "T2", "level": "info", "event": "second"},
        {
            "timestamp": "T3",
            "level": "error",
            "event": "Task failed with exception",
            "error_detail": [
                {
                    "exc_type": "ValueError",
                    "exc_value": "no",
                    "frames": [{"filename": "d.py", "lineno": 3, "name": "f"}],
                }
            ],
        },
    ]
    calls = [login(), missing(), dag(), post(), get("failed")]
    calls += [tasks(task("echo", "failed"), task("sleep", "upstream_failed")), log("echo", content)]
    found = run(calls, wait=True, log_lines=4)
    assert found.failed
    assert found["changed"] is True
    assert found["error"] == "RunFailed"
    assert "The run r7 of the DAG poc_test failed (task instances: 1 failed, 1 upstream_failed)." in found["msg"]
    assert "Task echo failed at try 1 on pod-echo." in found["msg"]
    expected = [
        "T2 info second",
        "T3 error Task failed with exception",
        '  File "d.py", line 3, in f',
        "ValueError: no",
    ]
    assert found["failed_tasks"][0]["log"] == expected
    assert all(line in found["msg"] for line in expected)
    assert [shown["task_id"] for shown in found["task_instances"]] == ["echo", "sleep"]


def test_a_failed_run_fails_again_even_in_check_mode_but_only_when_waited_for() -> None:
    calls = [login(), get("failed"), tasks(task("echo", "failed")), log("echo", ["plain line"])]
    assert run(calls, check_mode=True, wait=True)["failed_tasks"][0]["log"] == ["plain line"]
    assert not run([login(), get("failed"), tasks(task("echo", "failed"))]).failed


def test_an_outage_while_waiting_is_waited_through() -> None:
    unavailable = get().answers(b"<html>no server</html>", status=503)
    calls = [login(), missing(), dag(), post(), unavailable, get().fails(REFUSED), get("success"), tasks()]
    found = run(calls, wait=True, poll_interval=1)
    assert not found.failed
    assert found.slept == [1, 1]


def test_an_outage_without_end_is_a_timeout_that_says_for_how_long() -> None:
    calls = [login(), missing(), dag(), post(), get("running"), progress(task("sleep", "running"))]
    calls += [get().fails(REFUSED) for _attempt in range(3)]
    found = run(calls, wait=True, wait_timeout=6, poll_interval=2)
    assert found["error"] == "WaitTimedOut"
    assert "Timed out after 6 s waiting for the run r7 of the DAG poc_test" in found["msg"]
    assert "has not answered for the last 4 s" in found["msg"]
    assert "sleep running" in found["msg"]
    assert "connection refused" in found["msg"]
    assert found["changed"] is True


def test_check_mode_triggers_nothing_even_where_the_dag_is_not_yet() -> None:
    unknown = HttpCall("GET", "/api/v2/dags/poc_test").answers({"detail": "not found"}, status=404)
    found = run([login(), missing(), unknown], check_mode=True, wait=True)
    assert found["changed"] is True
    assert "does not know the DAG" in found.warnings[0]

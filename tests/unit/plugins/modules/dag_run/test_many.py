# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module dag_run with many runs at once."""

from __future__ import annotations

import urllib.error
from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes import dag_runs as fake_dag_runs
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.dag_runs import (
    RUNS,
    dag,
    described,
    get,
    listed,
    missing,
    post,
    task,
    tasks,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import Finished, HttpCall, login

REFUSED = urllib.error.URLError(ConnectionRefusedError(111, "Connection refused"))
A = {"run_id": "a"}
B = {"run_id": "b"}


def run(calls: list[HttpCall], *runs: dict[str, Any], check_mode: bool = False, **arguments: Any) -> Finished:
    return fake_dag_runs.run(calls, check_mode, run_id=None, runs=list(runs), **arguments)


def ids(found: Finished) -> list[str]:
    return [item["dag_run_id"] for item in found["dag_runs"]]


def log_of(run_id: str, content: list[str], task_id: str = "echo") -> HttpCall:
    call = HttpCall("GET", f"{RUNS}/{run_id}/taskInstances/{task_id}/logs/1")
    return call.query(map_index=-1, full_content="true").answers({"content": content})


def at_work(*run_ids: str) -> HttpCall:
    runs = [described("running", dag_run_id=run_id) for run_id in run_ids]
    return listed(*runs, state=["queued", "running"], limit=100, offset=0)


def test_plans_all_asks_for_each_dag_once_and_triggers_all() -> None:
    plan = [login(), missing("a"), dag(), missing("b")]
    checked = run(plan, A, {**B, "note": "n"}, check_mode=True)
    triggered = [post(dag_run_id="a"), post(dag_run_id="b", note="n")]
    changed = run([*plan, *triggered], A, {**B, "note": "n"})
    again = run([login(), get("running", dag_run_id="a"), tasks(run_id="a")], A)
    assert [checked["changed"], changed["changed"], again["changed"]] == [True, True, False]
    assert ids(checked) == ids(changed) == ["a", "b"]
    assert [item["changed"] for found in (checked, changed, again) for item in found["dag_runs"]] == [True] * 4 + [
        False
    ]
    assert checked["diff"] == changed["diff"]
    assert changed["diff"]["before"] == {}
    assert list(changed["diff"]["after"]) == ["run a of the DAG poc_test", "run b of the DAG poc_test"]


def test_an_empty_list_is_nothing_to_do() -> None:
    found = run([])
    assert (found["changed"], found["dag_runs"]) == (False, [])


def test_each_run_may_have_a_dag_of_its_own() -> None:
    other = "/api/v2/dags/other"
    unknown = HttpCall("GET", f"{other}/dagRuns/a").answers({"detail": "not found"}, status=404)
    body: dict[str, Any] = {"dag_run_id": "a", "logical_date": None, "conf": {}}
    triggered = HttpCall("POST", f"{other}/dagRuns").body(body).answers(described(dag_id="other", dag_run_id="a"))
    calls = [login(), missing("a"), dag(), unknown]
    calls += [HttpCall("GET", other).answers({"dag_id": "other", "is_paused": False}), post(dag_run_id="a"), triggered]
    found = run(calls, A, {"dag_id": "other", "run_id": "a"})
    assert [item["dag_id"] for item in found["dag_runs"]] == ["poc_test", "other"]


def test_nothing_is_triggered_unless_all_is_possible_and_each_reason_is_told() -> None:
    calls = [login(), missing("a"), dag(), get(dag_run_id="b", conf={"x": 1}), get("running", dag_run_id="c")]
    found = run(calls, A, {**B, "conf": {}}, {"run_id": "c", "logical_date": "2026-11-21T00:00:00Z"})
    assert found["error"] == "RunDiffers"
    assert found["changed"] is False
    assert [line.partition(" already")[0] for line in found["msg"].splitlines()] == [
        "The run b of the DAG poc_test",
        "The run c of the DAG poc_test",
    ]


def test_a_trigger_that_airflow_refuses_does_not_keep_the_others_from_theirs() -> None:
    refused = post(dag_run_id="a").answers({"detail": "Invalid input for param x"}, status=400)
    found = run([login(), missing("a"), dag(), missing("b"), refused, post(dag_run_id="b")], A, B, wait=True)
    assert "Invalid input for param x" in found["msg"]
    assert found["changed"] is True
    assert ids(found) == ["b"]


def test_an_outage_ends_it_at_once() -> None:
    found = run([login(), *[missing("a").fails(REFUSED) for _attempt in range(4)]], A, B)
    assert found["msg"].count("connection refused") == 1


def test_waits_for_all_together_with_one_request_for_those_at_work() -> None:
    calls = [login(), missing("a"), dag(), missing("b"), post(dag_run_id="a"), post(dag_run_id="b")]
    calls += [at_work("b", "a", "not-ours")]
    calls += [at_work("b"), get("success", dag_run_id="a")]
    calls += [get("success", dag_run_id="b")]
    calls += [tasks(task("echo", "success"), run_id="a"), tasks(run_id="b")]
    found = run(calls, A, B, wait=True, poll_interval=3)
    assert [item["state"] for item in found["dag_runs"]] == ["success", "success"]
    assert found["dag_runs"][0]["task_instances"][0]["task_id"] == "echo"
    assert found.slept == [3, 3]
    assert "2 runs: 0 of 2 runs finished (poc_test a running, poc_test b running); 600 s left" in found.progress[0]
    assert "1 of 2 runs finished (poc_test b running)" in found.progress[1]


def test_each_run_that_failed_is_told() -> None:
    def failed(run_id: str) -> dict[str, Any]:
        return task("echo", "failed", dag_run_id=run_id)

    calls = [login(), get("failed", dag_run_id="a"), get("success", dag_run_id="c"), get("failed", dag_run_id="b")]
    calls += [tasks(failed("a"), run_id="a"), tasks(run_id="c"), tasks(failed("b"), run_id="b")]
    found = run(calls, A, {"run_id": "c"}, B, wait=True, log_lines=0)
    assert found["error"] == "RunFailed"
    assert "The run a of the DAG poc_test failed (task instances: 1 failed)." in found["msg"]
    assert "The run b of the DAG poc_test failed (task instances: 1 failed)." in found["msg"]
    assert ["failed_tasks" in item for item in found["dag_runs"]] == [True, False, True]
    assert "\n".join(item["error"] for item in found["dag_runs"] if "error" in item) == found["msg"]
    assert "failed_tasks" not in found.result


def test_one_failed_run_of_many_shows_its_tasks_beside_it_only() -> None:
    calls = [login(), get("failed", dag_run_id="a"), tasks(task("echo", "failed", dag_run_id="a"), run_id="a")]
    found = run(calls, A, wait=True, log_lines=0)
    assert found["dag_runs"][0]["failed_tasks"][0]["task_id"] == "echo"
    assert "failed_tasks" not in found.result


def test_the_logs_of_the_first_five_failed_runs_are_enough() -> None:
    names = [f"r{number}" for number in range(6)]
    found = [tasks(task("echo", "failed", dag_run_id=name), run_id=name) for name in names]
    logs = [log_of(name, [f"log of {name}"]) for name in names[:5]]
    calls = [login(), *[get("failed", dag_run_id=name) for name in names], *found, *logs]
    failed = run(calls, *[{"run_id": name} for name in names], wait=True)
    assert [bool(item["failed_tasks"][0]["log"]) for item in failed["dag_runs"]] == [True] * 5 + [False]


def test_a_timeout_shows_how_far_the_runs_are() -> None:
    calls = [login(), get("queued", dag_run_id="a"), dag(), get("success", dag_run_id="b")]
    look = HttpCall("GET", f"{RUNS}/a/taskInstances").query(limit=100, order_by="id").answers({"task_instances": []})
    after = [tasks(task("sleep", "running"), run_id="a"), tasks(run_id="b")]
    found = run([*calls, get("running", dag_run_id="a"), look, *after], A, B, wait=True, wait_timeout=0)
    assert found["error"] == "WaitTimedOut"
    assert [item["state"] for item in found["dag_runs"][0]["task_instances"]] == ["running"]
    assert [item["state"] for item in found["dag_runs"]] == ["queued", "success"]


def test_a_run_that_failed_is_explained_although_another_one_is_late() -> None:
    failed = task("echo", "failed", dag_run_id="b")
    calls = [login(), get("running", dag_run_id="a"), dag(), get("failed", dag_run_id="b")]
    look = HttpCall("GET", f"{RUNS}/a/taskInstances").query(limit=100, order_by="id").answers({"task_instances": []})
    after = [tasks(task("sleep", "running"), run_id="a"), tasks(failed, run_id="b"), log_of("b", ["boom"])]
    found = run([*calls, get("running", dag_run_id="a"), look, *after], A, B, wait=True, wait_timeout=0)
    assert found["error"] == "WaitTimedOut"
    late, explained = found["msg"].splitlines()[0], found["msg"].splitlines()[1:]
    assert late.startswith("Timed out after 0 s waiting for the run a of the DAG poc_test")
    assert explained[0] == "The run b of the DAG poc_test failed (task instances: 1 failed)."
    assert "error" not in found["dag_runs"][0]
    assert found["dag_runs"][1]["error"] == "\n".join(explained)
    assert found["dag_runs"][1]["failed_tasks"][0]["log"] == ["boom"]


def test_a_finished_run_is_shown_although_another_one_cannot_be_triggered() -> None:
    refused = post(dag_run_id="a").answers({"detail": "Invalid input for param x"}, status=400)
    calls = [login(), missing("a"), dag(), get("success", dag_run_id="b"), refused]
    found = run([*calls, tasks(task("echo", "success"), run_id="b")], A, B, wait=True)
    assert "Invalid input for param x" in found["msg"]
    assert [item["task_id"] for item in found["dag_runs"][0]["task_instances"]] == ["echo"]


def test_one_unreadable_log_costs_only_itself() -> None:
    calls = [login(), get("success", dag_run_id="a"), get("success", dag_run_id="b")]
    calls += [tasks(*[task(name, "success", dag_run_id="a") for name in ("echo", "sleep")], run_id="a")]
    calls += [tasks(task("echo", "success", dag_run_id="b"), run_id="b")]
    calls += [log_of("a", []).answers({"detail": "no handler"}, status=500)]
    calls += [log_of("a", ["slept"], "sleep"), log_of("b", ["hello"])]
    found = run(calls, A, B, wait=True, task_log_lines=0)
    assert not found.failed
    first, second = [item["task_instances"] for item in found["dag_runs"]]
    assert [(item["log"], "log_error" in item) for item in (*first, *second)] == [
        ("", True),
        ("slept", False),
        ("hello", False),
    ]
    assert "was answered with 500: no handler" in first[0]["log_error"]
    assert "The log of echo of the run a of the DAG poc_test cannot be read: GET " in found.warnings[0]


def test_an_outage_while_logs_are_read_is_waited_through_once() -> None:
    calls = [
        login(),
        get("success", dag_run_id="a"),
        tasks(*[task(n, "success", dag_run_id="a") for n in "xy"], run_id="a"),
    ]
    calls += [log_of("a", [], "x").fails(REFUSED) for _attempt in range(4)]
    calls += [log_of("a", [], "y").fails(REFUSED)]
    found = run(calls, A, wait=True, task_log_lines=0)
    assert ["connection refused" in item["log_error"] for item in found["dag_runs"][0]["task_instances"]] == [
        True,
        True,
    ]


def test_a_failed_run_is_explained_without_its_log_where_that_is_unreadable() -> None:
    calls = [login(), get("failed", dag_run_id="a"), tasks(task("echo", "failed", dag_run_id="a"), run_id="a")]
    unreadable = log_of("a", []).answers({"detail": "no handler"}, status=500)
    found = run([*calls, unreadable], A, wait=True)
    assert found["error"] == "RunFailed"
    assert "Task echo failed at try 1 on pod-echo.\n  Its log cannot be read: GET " in found["msg"]


def test_task_instances_that_cannot_be_read_are_the_error_of_their_run() -> None:
    calls = [login(), get("success", dag_run_id="a"), get("success", dag_run_id="b")]
    refused = tasks(run_id="a").answers({"detail": "not you"}, status=403)
    found = run([*calls, refused, tasks(task("echo", "success"), run_id="b")], A, B, wait=True)
    assert found["error"] == "Forbidden"
    assert [item.get("error", "") for item in found["dag_runs"]] == [found["msg"], ""]
    assert found["dag_runs"][1]["task_instances"][0]["task_id"] == "echo"
    down = tasks(run_id="a").answers({"detail": "down"}, status=500)
    found = run([*calls, down], A, B, wait=True)
    assert [item["error"] for item in found["dag_runs"]] == [found["msg"]] * 2


def test_cancels_and_deletes_many() -> None:
    stopped = described("failed", dag_run_id="b")
    patch = HttpCall("PATCH", f"{RUNS}/b").body({"state": "failed"}).answers(stopped)
    calls = [login(), get("success", dag_run_id="a"), get("running", dag_run_id="b"), patch]
    found = run([*calls, tasks(run_id="a"), tasks(run_id="b")], A, B, state="cancelled")
    assert [item["state"] for item in found["dag_runs"]] == ["success", "failed"]
    delete = HttpCall("DELETE", f"{RUNS}/b").answers(b"", status=204)
    calls = [login(), missing("a"), get("failed", dag_run_id="b"), delete]
    gone = run(calls, A, {**B, "conf": {"x": 1}}, state="absent")
    assert (gone["changed"], gone["dag_runs"]) == (True, [])
    assert list(gone["diff"]["before"]) == ["run b of the DAG poc_test"]


@pytest.mark.parametrize(
    ("runs", "words"),
    [
        ([A, A], "runs names the run a of the DAG poc_test twice"),
        (
            [{**A, "logical_date": "2026-11-21T00:00:00Z"}, {"logical_date": "2026-11-21T01:00:00+01:00"}],
            "or two runs of that DAG for one logical_date",
        ),
        ([A, {"note": "x"}], "runs[1]: one of run_id, run_id_prefix, logical_date is required"),
        ([A, {**B, "run_id_prefix": "b-"}], "runs[1].run_id and runs[1].run_id_prefix exclude each other"),
        ([{**A, "logical_date": "today"}], "runs[0].logical_date must be a date and time with a time zone"),
        ([{**A, "dag_id": "~"}], "runs[0].dag_id must be the id of one DAG"),
        ([{**A, "newest": True}], "Unsupported parameters"),
    ],
)
def test_a_wrong_list_is_refused_before_any_request(runs: list[dict[str, Any]], words: str) -> None:
    assert words in run([], *runs)["msg"]


def test_a_run_without_a_dag_and_a_list_beside_a_run_are_refused() -> None:
    assert "runs[0].dag_id is missing" in run([], A, dag_id=None)["msg"]
    assert "mutually exclusive" in run([], A, conf={"x": 1})["msg"]


def test_secrets_in_conf_are_kept_out_of_the_output() -> None:
    conf = {"api_key": "kept-to-oneself", "day": "monday"}
    found = run([login(), missing("a"), dag(), post(dag_run_id="a", conf=conf)], {**A, "conf": conf})
    assert found["changed"] is True
    assert "kept-to-oneself" not in found.printed
    assert "monday" in found.printed

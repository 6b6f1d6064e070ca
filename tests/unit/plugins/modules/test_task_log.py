# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import task_log
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

TASKS = "/api/v2/dags/hello/dagRuns/r%201/taskInstances"
WANTED = {"dag_id": "hello", "run_id": "r 1", "task_id": "say"}
FILE = "/opt/airflow/logs/attempt=1.log"


def task(state: str | None = "success", try_number: int = 1, map_index: int = -1) -> HttpCall:
    path = f"{TASKS}/say" if map_index < 0 else f"{TASKS}/say/{map_index}"
    return HttpCall("GET", path).answers(
        {
            "dag_id": "hello",
            "dag_run_id": "r 1",
            "task_id": "say",
            "map_index": map_index,
            "state": state,
            "try_number": try_number,
            "hostname": "worker-1",
            "note": "bookkeeping",
        }
    )


def log(*content: Any, number: int = 1, map_index: int = -1, token: str | None = None) -> HttpCall:
    call = HttpCall("GET", f"{TASKS}/say/logs/{number}").query(map_index=map_index, full_content="true")
    return call.answers({"content": list(content), "continuation_token": token})


def said(text: str, time: str = "T1") -> dict[str, Any]:
    return {"timestamp": time, "level": "info", "event": text, "logger": "task"}


def run(*calls: HttpCall, check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(task_log.main, {**WANTED, **arguments}, calls, check_mode=check_mode)


def test_the_last_try_with_airflow_3_0s_word_on_where_it_read() -> None:
    sources = {"event": "::group::Log message source details", "sources": [FILE]}
    call = log(sources, {"event": "::endgroup::"}, said("hello\nworld"), number=2)
    found = run(login(), task(try_number=2), call, check_mode=True)
    assert found["changed"] is False
    assert found["lines"] == ["T1 info hello", "T1 info world"]
    assert found["sources"] == [FILE]
    assert (found["try_number"], found["total_lines"], found["complete"]) == (2, 2, True)
    assert found["task_instance"]["hostname"] == "worker-1"
    assert "note" not in found["task_instance"]


def test_later_versions_tell_their_sources_one_by_one() -> None:
    head = [{"event": "::group::Log message source details"}, {"event": FILE}, {"event": "Could not read pods"}]
    marks = [said("::group::Pre Execute"), said("starting"), said("::endgroup::")]
    found = run(login(), task(), log(*head, {"event": "::endgroup::"}, *marks, said("hello")))
    assert found["sources"] == [FILE, "Could not read pods"]
    assert found["lines"] == ["T1 info starting", "T1 info hello"]


def test_an_exception_is_told_with_its_frames() -> None:
    failure = {
        "exc_type": "RuntimeError",
        "exc_value": "not fixed yet",
        "frames": [{"filename": "flaky.py", "lineno": 18, "name": "flaky"}],
    }
    found = run(login(), task("failed"), log({**said("Task failed"), "error_detail": [failure]}))
    assert found["lines"] == [
        "T1 info Task failed",
        '  File "flaky.py", line 18, in flaky',
        "RuntimeError: not fixed yet",
    ]


def test_reads_page_after_page_and_keeps_the_last_lines_only() -> None:
    calls = [
        log(said("one"), said("two"), token="second"),
        log(said("three"), token="third").query(token="second"),
        log(said("four")).query(token="third"),
    ]
    found = run(login(), task(), *calls, tail=2)
    assert found["lines"] == ["T1 info three", "T1 info four"]
    assert (found["total_lines"], found["complete"]) == (4, True)


def test_a_task_at_work_may_say_more() -> None:
    calls = [log(said("one"), token="second"), log(token="third").query(token="second")]
    found = run(login(), task("running"), *calls)
    assert (found["lines"], found["complete"]) == (["T1 info one"], False)


def test_a_log_whose_end_airflow_has_not_seen_is_not_complete() -> None:
    calls = [log(said("one"), token="second"), log(token="third").query(token="second")]
    assert run(login(), task("success"), *calls)["complete"] is False


def test_an_earlier_try_is_over_while_the_task_runs() -> None:
    found = run(login(), task("running", try_number=2), log(said("one")), try_number=1)
    assert (found["try_number"], found["complete"]) == (1, True)


@pytest.mark.parametrize(
    ("state", "complete"), [("up_for_retry", True), ("queued", False), ("up_for_reschedule", False)]
)
def test_only_the_end_of_a_try_completes_its_log(state: str, complete: bool) -> None:
    assert run(login(), task(state), log())["complete"] is complete


@pytest.mark.parametrize(("state", "complete"), [("upstream_failed", True), (None, False)])
def test_a_task_that_has_not_run_has_no_log(state: str | None, complete: bool) -> None:
    found = run(login(), task(state, try_number=0))
    assert (found["lines"], found["try_number"], found["complete"]) == ([], 0, complete)


def test_one_instance_of_a_mapped_task() -> None:
    found = run(login(), task(map_index=2), log(said("9"), map_index=2), map_index=2)
    assert found["lines"] == ["T1 info 9"]


def test_a_mapped_task_needs_its_index() -> None:
    mapped = task().answers({"detail": "Task instance is mapped, add the map_index value to the URL"}, status=404)
    found = run(login(), mapped)
    assert found.failed
    assert found["msg"] == "The task say is mapped: set map_index to one of its instances, from 0."


def test_an_unknown_task_is_an_error() -> None:
    found = run(login(), task().answers({"detail": "The Task Instance was not found"}, status=404))
    assert found.failed
    assert (found["status"], "was not found" in found["msg"]) == (404, True)


@pytest.mark.parametrize(("tries", "told"), [(0, "has not run yet"), (1, "has had 1 try"), (2, "has had 2 tries")])
def test_a_try_that_never_was_is_an_error(tries: int, told: str) -> None:
    found = run(login(), task(try_number=tries), try_number=3)
    assert found.failed
    assert found["msg"] == f"The task say of the run r 1 of the DAG hello {told}: there is no try 3."


def test_a_try_that_airflow_has_forgotten_is_an_error() -> None:
    forgotten = log().answers({"detail": "TaskInstance not found"}, status=404)
    found = run(login(), task(try_number=2), forgotten, try_number=1)
    assert found.failed
    assert "TaskInstance not found" in found["msg"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"tail": -1}, "tail must be 0 or more."), ({"try_number": 0}, "try_number must be 1 or more.")],
)
def test_refuses_senseless_numbers(arguments: dict[str, Any], words: str) -> None:
    found = run(**arguments)
    assert found.failed
    assert words in found["msg"]

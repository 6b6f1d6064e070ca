# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import dag_run_info
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

RUNS = "/api/v2/dags/poc_test/dagRuns"


def described(run_id: str, state: str = "success") -> dict[str, Any]:
    return {"dag_run_id": run_id, "dag_id": "poc_test", "state": state, "conf": {}}


def listed(*run_ids: str, offset: int = 0, total: int | None = None, **query: Any) -> HttpCall:
    call = HttpCall("GET", RUNS).query(order_by="-id", limit=100, offset=offset, **query)
    runs = [described(run_id) for run_id in run_ids]
    return call.answers({"dag_runs": runs, "total_entries": len(runs) if total is None else total})


def tasks(run_id: str, *found: tuple[str, int, int]) -> HttpCall:
    call = HttpCall("GET", f"{RUNS}/{run_id}/taskInstances").query(limit=100, offset=0, order_by="id")
    items = [
        {
            "task_id": name,
            "map_index": index,
            "try_number": tries,
            "dag_id": "poc_test",
            "dag_run_id": run_id,
            "note": "n",
        }
        for name, index, tries in found
    ]
    return call.answers({"task_instances": items, "total_entries": len(items)})


def log(path: str, map_index: int, content: Any, continues: str | None = None) -> HttpCall:
    call = HttpCall("GET", f"{RUNS}/{path}").query(map_index=map_index, full_content="true")
    return call.answers({"content": content, "continuation_token": continues})


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(dag_run_info.main, {"dag_id": "poc_test", **arguments}, calls, check_mode=check_mode)


def ids(found: Finished) -> list[str]:
    return [item["dag_run_id"] for item in found["dag_runs"]]


def test_lists_the_newest_first_up_to_the_limit() -> None:
    found = run([login(), listed("c", "b", "a")], limit=2, check_mode=True)
    assert ids(found) == ["c", "b"]
    assert found["changed"] is False


def test_filters_the_prefix_itself_and_reads_on_page_by_page() -> None:
    first = listed("verify2", "verify-3", offset=0, total=4, run_id_prefix_pattern="verify-")
    # A run was created in the meantime: the last one of the first page comes again.
    second = listed("verify-3", "verify-1", offset=2, total=4, run_id_prefix_pattern="verify-")
    assert ids(run([login(), first, second], run_id_prefix="verify-")) == ["verify-3", "verify-1"]


@pytest.mark.parametrize("prefix", ["a|b", "~"])
def test_a_prefix_with_a_meaning_to_airflow_is_not_sent(prefix: str) -> None:
    assert ids(run([login(), listed("a1", f"{prefix}1")], run_id_prefix=prefix)) == [f"{prefix}1"]


def test_stops_at_an_empty_page_although_more_were_promised() -> None:
    assert ids(run([login(), listed("a", total=9), listed(offset=1, total=9)])) == ["a"]


def test_reads_no_further_than_the_limit() -> None:
    assert ids(run([login(), listed("b", "a", total=500)], limit=2)) == ["b", "a"]


def test_sends_states() -> None:
    assert ids(run([login(), listed("a", state=["success", "failed"])], state=["success", "failed"])) == ["a"]


def test_sends_types_and_dates_in_one_notation() -> None:
    query: dict[str, Any] = {
        "start_date_gte": "2026-11-20T23:00:00+00:00",
        "start_date_lte": "2026-11-22T00:00:00+00:00",
    }
    dates = {"started_after": "2026-11-21T00:00:00+01:00", "started_before": "2026-11-22T00:00:00Z"}
    call = listed("a", run_type="manual", **query)
    assert ids(run([login(), call], check_mode=False, run_type=["manual"], **dates)) == ["a"]
    query = {"logical_date_gte": "2026-11-21T00:00:00+00:00", "logical_date_lte": "2026-11-22T00:00:00+00:00"}
    dates = {"logical_date_from": "2026-11-21T00:00:00Z", "logical_date_to": "2026-11-22T00:00:00Z"}
    assert ids(run([login(), listed("a", **query)], check_mode=False, **dates)) == ["a"]


def test_runs_of_all_dags_may_have_the_same_id() -> None:
    call = HttpCall("GET", "/api/v2/dags/~/dagRuns").query(order_by="-id", limit=100, offset=0, state="failed")
    runs = [described("r", "failed"), {**described("r", "failed"), "dag_id": "other"}]
    call.answers({"dag_runs": runs, "total_entries": 2})
    found = run([login(), call], dag_id=None, state=["failed"])
    assert [item["dag_id"] for item in found["dag_runs"]] == ["poc_test", "other"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"started_after": "2026-11-21"}, "started_after must be a date and time with a time zone"),
        ({"dag_id": None, "run_id": "r"}, "dag_id"),
        ({"run_id": "r", "logical_date_to": "2026-11-21T00:00:00Z"}, "mutually exclusive"),
        ({"run_id": "r", "run_type": ["manual"]}, "mutually exclusive"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: dict[str, Any], words: str) -> None:
    assert words in run([], **arguments)["msg"]


def test_one_run_by_its_id() -> None:
    path = f"{RUNS}/manual__2026-11-21T12%3A00%3A00%2B00%3A00"
    run_id = "manual__2026-11-21T12:00:00+00:00"
    assert ids(run([login(), HttpCall("GET", path).answers(described(run_id))], run_id=run_id)) == [run_id]
    other = HttpCall("GET", path).answers(described(run_id, "running"))
    assert ids(run([login(), other], run_id=run_id, state=["success"])) == []
    assert ids(run([login(), HttpCall("GET", path).answers({"detail": "x"}, status=404)], run_id=run_id)) == []


def test_an_unknown_dag_has_no_runs() -> None:
    assert ids(run([login(), listed().answers({"detail": "The Dag was not found"}, status=404)])) == []


def test_task_instances_without_airflows_bookkeeping() -> None:
    found = run([login(), listed("r"), tasks("r", ("echo", -1, 1))], task_instances=True)
    shown = found["dag_runs"][0]["task_instances"]
    assert [(item["task_id"], item["try_number"]) for item in shown] == [("echo", 1)]
    assert "note" not in shown[0]
    assert "log" not in shown[0]


def test_logs_of_the_last_try_with_their_source_over_several_pages() -> None:
    source = {"event": "::group::Log message source details", "sources": ["/opt/airflow/logs/attempt=2.log"]}
    said = [{"timestamp": "T1", "level": "info", "event": "hello\nworld"}]
    path = "r/taskInstances/echo/logs/2"
    calls = [login(), listed("r"), tasks("r", ("echo", 3, 2), ("later", -1, 0))]
    calls += [
        log(path, 3, [source], continues="second"),
        log(path, 3, said, continues="third").query(token="second"),
        log(path, 3, [], continues="fourth").query(token="third"),
    ]
    found = run(calls, logs=True)
    shown = found["dag_runs"][0]["task_instances"]
    assert shown[0]["log"] == "T1 info hello\nT1 info world"
    assert shown[0]["log_sources"] == ["/opt/airflow/logs/attempt=2.log"]
    assert (shown[1]["log"], shown[1]["log_sources"]) == ("", [])


def test_the_last_lines_of_a_log_only() -> None:
    calls = [login(), listed("r"), tasks("r", ("echo", -1, 1))]
    calls += [log("r/taskInstances/echo/logs/1", -1, ["one", "two", "three"])]
    assert run(calls, logs=True, log_lines=2)["dag_runs"][0]["task_instances"][0]["log"] == "two\nthree"


def test_a_log_that_is_gone_is_empty() -> None:
    gone = log("r/taskInstances/echo/logs/1", -1, []).answers({"detail": "TaskInstance not found"}, status=404)
    found = run([login(), listed("r"), tasks("r", ("echo", -1, 1)), gone], logs=True)
    assert found["dag_runs"][0]["task_instances"][0]["log"] == ""


def test_negative_numbers_are_refused() -> None:
    numbers: list[dict[str, Any]] = [{"limit": -1}, {"log_lines": -1}, {"timeout": 0}]
    for given in numbers:
        assert f"{next(iter(given))} must be" in run([], **given)["msg"]

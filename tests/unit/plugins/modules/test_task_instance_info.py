# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import task_instance_info
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

DAGS = "/api/v2/dags"


def task(name: str, start: str | None = "2026-11-21T12:00:00Z", *, tries: int = 1, index: int = -1) -> dict[str, Any]:
    return {
        "id": f"id-of-{name}-{index}",
        "dag_id": "etl",
        "dag_run_id": "r 1",
        "task_id": name,
        "map_index": index,
        "start_date": start,
        "try_number": tries,
        "state": "success" if start else None,
        "field_of_tomorrow": 7,
    }


def listed(
    *found: dict[str, Any], path: str = "~/dagRuns/~", offset: int = 0, total: int = 0, **query: Any
) -> HttpCall:
    call = HttpCall("GET", f"{DAGS}/{path}/taskInstances").query(limit=100, offset=offset, order_by="-id", **query)
    return call.answers({"task_instances": list(found), "total_entries": total or len(found)})


def run(*calls: HttpCall, check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(task_instance_info.main, arguments, calls, check_mode=check_mode)


def names(found: Finished) -> list[str]:
    return [item["task_id"] for item in found["task_instances"]]


def test_the_tasks_of_a_run_in_the_order_in_which_they_started() -> None:
    tasks = [task("waiting", None, tries=0), task("late", "2026-11-21T12:00:05Z"), task("early")]
    calls = [login(), listed(*tasks, path="etl/dagRuns/r%201")]
    found = run(*calls, dag_id="etl", run_id="r 1", check_mode=True)
    assert (found["changed"], found["truncated"]) == (False, False)
    assert names(found) == ["early", "late", "waiting"]
    assert found["task_instances"][0]["field_of_tomorrow"] == 7
    assert "tries" not in found["task_instances"][0]


def test_filters_over_all_dags_are_airflows() -> None:
    query: dict[str, Any] = {"state": ["failed", "none"], "pool": ["small", "big"], "task_id": "load"}
    assert names(run(login(), listed(task("load"), **query), **query)) == ["load"]


def test_an_unstarted_task_did_not_start_after_anything() -> None:
    tasks = [task("waiting", None, tries=0), task("late", "2026-11-21T13:00:00Z")]
    calls = [login(), listed(*tasks, start_date_gte="2026-11-21T12:30:00+00:00")]
    assert names(run(*calls, started_after="2026-11-21T12:30:00Z")) == ["late"]


@pytest.mark.parametrize("text", ["2026-11-21T12:30:00", "yesterday", "2026-11-21"])
def test_a_time_needs_its_zone(text: str) -> None:
    found = run(started_after=text)
    assert found.failed
    assert "started_after must be a date and time with a time zone" in found["msg"]


def test_says_that_there_are_more_than_the_limit() -> None:
    tasks = [task("three", "2026-11-21T12:00:03Z"), task("two", "2026-11-21T12:00:02Z"), task("one")]
    found = run(login(), listed(*tasks), limit=2)
    assert (names(found), found["truncated"]) == (["two", "three"], True)
    found = run(login(), listed(*tasks), limit=3)
    assert (len(names(found)), found["truncated"]) == (3, False)


def test_reads_page_after_page_and_shows_nothing_twice() -> None:
    first, second = listed(task("b"), total=3), listed(task("b"), task("a"), offset=1, total=3)
    found = run(login(), first, second, limit=0)
    assert (names(found), found["truncated"]) == (["a", "b"], False)


def test_an_unknown_dag_or_run_has_no_tasks() -> None:
    unknown = listed(path="etl/dagRuns/r").answers({"detail": "DagRun was not found"}, status=404)
    assert names(run(login(), unknown, dag_id="etl", run_id="r")) == []


def test_shows_every_try_the_first_one_first() -> None:
    path = f"{DAGS}/etl/dagRuns/r%201/taskInstances/load/tries"
    told = [{"try_number": 2, "state": "success"}, {"try_number": 1, "state": "failed"}]
    tries = HttpCall("GET", path).query(map_index=3).answers({"task_instances": told, "total_entries": 2})
    found = run(login(), listed(task("load", index=3, tries=2), task("later", None, tries=0)), tries, tries=True)
    assert [one["state"] for one in found["task_instances"][0]["tries"]] == ["failed", "success"]
    assert found["task_instances"][1]["tries"] == []


def test_a_run_is_one_of_a_dag() -> None:
    found = run(run_id="r")
    assert found.failed
    assert "required by 'run_id': dag_id" in found["msg"]


def test_refuses_a_negative_limit() -> None:
    found = run(limit=-1)
    assert found.failed
    assert "limit must be 0 or more." in found["msg"]

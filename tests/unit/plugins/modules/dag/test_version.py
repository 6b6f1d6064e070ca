# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.modules import dag
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

DAG = "/api/v2/dags/example_user_dag"
OLD, NEW = "0" * 40, "1" * 40


def get(**changed: Any) -> HttpCall:
    known = {"dag_id": "example_user_dag", "is_paused": False, "is_stale": False, "has_import_errors": False}
    return HttpCall("GET", DAG).answers({**known, "bundle_name": "dags", **changed})


def version(commit: str | None, *, none: bool = False) -> HttpCall:
    told = {"version_number": 2, "bundle_name": "dags", "bundle_version": commit, "created_at": "12:00", "id": "u"}
    call = HttpCall("GET", f"{DAG}/dagVersions").query(order_by="-version_number", limit=1)
    return call.answers({"dag_versions": [] if none else [told], "total_entries": 1})


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(dag.main, {"dag_id": "example_user_dag", **arguments}, [login(), *calls], check_mode=check_mode)


def test_shows_the_version_only_when_it_is_asked_for() -> None:
    assert "dag_version" not in run([get()]).result
    shown = run([get(), version(OLD)], show_version=True)
    assert shown["dag_version"] == {
        "version_number": 2,
        "bundle_name": "dags",
        "bundle_version": OLD,
        "created_at": "12:00",
    }
    assert run([get(), version(None, none=True)], show_version=True)["dag_version"] is None


def test_waits_until_the_newest_version_is_of_the_commit() -> None:
    calls = [get(), version(None, none=True), get(), version(OLD), get(), version(NEW), version(NEW)]
    found = run(calls, bundle_version=NEW, poll_interval=2)
    assert not found.failed
    assert found["dag_version"]["bundle_version"] == NEW
    assert found.slept == [2, 2]
    assert f"its newest version is from no commit, not from {NEW}" in found.progress[0]
    assert f"its newest version is from commit {OLD}, not from {NEW}" in found.progress[1]


def test_says_of_which_commit_the_dag_stayed() -> None:
    found = run([get(), version(OLD)] * 2, bundle_version=NEW, wait_timeout=2)
    assert found.failed
    assert f"its newest version is from commit {OLD}, not from {NEW}" in found["msg"]


def test_without_waiting_another_commit_fails_at_once() -> None:
    found = run([get(), version(OLD)], bundle_version=NEW, wait=False)
    assert found.failed
    assert found.slept == []


def test_a_commit_that_breaks_the_dag_fails_with_its_error() -> None:
    error = {
        "import_error_id": 1,
        "timestamp": "12:00",
        "filename": "example_user_dag.py",
        "bundle_name": "dags",
        "stack_trace": "SyntaxError: boom",
    }
    errors = HttpCall("GET", "/api/v2/importErrors").query(limit=100, offset=0)
    errors.answers({"import_errors": [error], "total_entries": 1})
    calls = [get(), version(OLD), get(has_import_errors=True), errors]
    found = run(calls, bundle_version=NEW, import_error_grace=0)
    assert "SyntaxError: boom" in found["msg"]


def test_check_mode_warns_of_another_commit_and_waits_for_nothing() -> None:
    found = run([get(), version(OLD)], check_mode=True, bundle_version=NEW, paused=False)
    assert not found.failed
    assert (found["changed"], found.slept) == (False, [])
    assert found["dag"]["dag_id"] == "example_user_dag"
    assert f"is from commit {OLD}, not from {NEW}" in found.warnings[0]

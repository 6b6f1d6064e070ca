# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests about runs of the DAG poc_test that the module dag_run sends, and Airflow's answers."""

from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.modules import dag_run
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import Finished, HttpCall, run_module

RUNS = "/api/v2/dags/poc_test/dagRuns"


def described(state: str = "queued", **changed: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "dag_run_id": "r7",
        "dag_id": "poc_test",
        "state": state,
        "conf": {},
        "logical_date": None,
        "note": None,
    }
    return {**known, **changed}


def get(state: str = "queued", **changed: Any) -> HttpCall:
    run = described(state, **changed)
    return HttpCall("GET", f"{RUNS}/{run['dag_run_id']}").answers(run)


def missing(run_id: str = "r7") -> HttpCall:
    return HttpCall("GET", f"{RUNS}/{run_id}").answers({"detail": "The DagRun was not found"}, status=404)


def listed(*found: dict[str, Any], **query: Any) -> HttpCall:
    """One page of the DAG's runs, newest first."""
    call = HttpCall("GET", RUNS).query(order_by="-id", **query)
    return call.answers({"dag_runs": list(found), "total_entries": len(found)})


def patched(body: dict[str, Any], state: str, **changed: Any) -> HttpCall:
    return HttpCall("PATCH", f"{RUNS}/r7").body(body).answers(described(state, **changed))


def cleared(only_failed: bool = True, **more: Any) -> HttpCall:
    body = {"dry_run": False, "only_failed": only_failed, **more}
    return HttpCall("POST", f"{RUNS}/r7/clear").body(body).answers(described("queued"))


def dag(**changed: Any) -> HttpCall:
    known = {"dag_id": "poc_test", "is_paused": False, "is_stale": False, **changed}
    return HttpCall("GET", "/api/v2/dags/poc_test").answers(known)


def post(**changed: Any) -> HttpCall:
    body = {"dag_run_id": "r7", "logical_date": None, "conf": {}, **changed}
    return HttpCall("POST", RUNS).body(body).answers(described(**{**changed, "state": "queued"}))


def task(task_id: str, state: str | None, **changed: Any) -> dict[str, Any]:
    known = {"task_id": task_id, "dag_id": "poc_test", "dag_run_id": "r7", "map_index": -1, "state": state}
    ran = {"hostname": f"pod-{task_id}", "try_number": 1, "start_date": "12:00", "end_date": "12:01", "duration": 60.0}
    where = {"operator": "BashOperator", "executor": None, "queue": "default", "pool": "default_pool"}
    return {**known, **ran, **where, "unixname": "airflow", **changed}


def tasks(*found: dict[str, Any], offset: int | None = 0, total: int | None = None, run_id: str = "r7") -> HttpCall:
    call = HttpCall("GET", f"{RUNS}/{run_id}/taskInstances").query(limit=100, order_by="id")
    if offset is not None:
        call.query(offset=offset)
    return call.answers({"task_instances": list(found), "total_entries": total or len(found)})


def progress(*found: dict[str, Any], total: int | None = None) -> HttpCall:
    return tasks(*found, offset=None, total=total)


def log(task_id: str, content: list[Any]) -> HttpCall:
    call = HttpCall("GET", f"{RUNS}/r7/taskInstances/{task_id}/logs/1").query(map_index=-1, full_content="true")
    return call.answers({"content": content, "continuation_token": None})


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    given = {"dag_id": "poc_test", "run_id": "r7", **arguments}
    return run_module(dag_run.main, given, calls, check_mode=check_mode)

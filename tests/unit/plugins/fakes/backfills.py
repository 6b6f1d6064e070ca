# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of the module backfill, and their answers."""

from __future__ import annotations

import urllib.error
from typing import Any

from ansible_collections.airfield.airflow.plugins.modules import backfill
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import Finished, HttpCall, run_module

BACKFILLS = "/api/v2/backfills"
RUNS = "/api/v2/dags/daily/dagRuns"
RESET = urllib.error.URLError(ConnectionResetError(104, "Connection reset by peer"))
DATES: dict[str, Any] = {"from_date": "2026-01-01T00:00:00Z", "to_date": "2026-01-03T00:00:00Z"}
SENT = {"dag_id": "daily", "from_date": "2026-01-01T00:00:00+00:00", "to_date": "2026-01-03T00:00:00+00:00"}
PLANNED = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]


def described(number: int = 3, **changed: Any) -> dict[str, Any]:
    known = {"id": number, "dag_id": "daily", **DATES, "dag_run_conf": None, "is_paused": False, "completed_at": None}
    settings = {"reprocess_behavior": "none", "max_active_runs": 10, "created_at": "2026-11-21T12:00:00Z"}
    return {**known, **settings, **changed}


def completed(number: int = 3, **changed: Any) -> dict[str, Any]:
    return described(number, completed_at="2026-11-21T13:00:00Z", **changed)


def listed(*found: dict[str, Any]) -> HttpCall:
    call = HttpCall("GET", BACKFILLS).query(dag_id="daily", order_by="-id", limit=100, offset=0)
    return call.answers({"backfills": list(found), "total_entries": len(found)})


def get(**changed: Any) -> HttpCall:
    return HttpCall("GET", f"{BACKFILLS}/3").answers(described(**changed))


def put(action: str, **changed: Any) -> HttpCall:
    return HttpCall("PUT", f"{BACKFILLS}/3/{action}").answers(described(**changed))


def dag(**changed: Any) -> HttpCall:
    known = {"dag_id": "daily", "is_paused": False, "is_stale": False, **changed}
    return HttpCall("GET", "/api/v2/dags/daily").answers(known)


def dry_run(planned: list[str] | None = None, **more: Any) -> HttpCall:
    dates = [{"logical_date": date} for date in (PLANNED if planned is None else planned)]
    call = HttpCall("POST", f"{BACKFILLS}/dry_run").body({**SENT, **more})
    return call.answers({"backfills": dates, "total_entries": len(dates)})


def create(**more: Any) -> HttpCall:
    return HttpCall("POST", BACKFILLS).body({**SENT, **more}).answers(described(**more, **DATES))


def dag_run(day: int, state: str, **changed: Any) -> dict[str, Any]:
    date = f"2026-01-0{day}T00:00:00Z"
    known = {"dag_run_id": f"day{day}", "logical_date": date, "state": state, "conf": {"secret": "s3cret"}}
    return {**known, "queued_at": "2026-11-21T12:00:01Z", "start_date": None, "end_date": None, **changed}


def unfinished(*found: dict[str, Any], total: int | None = None) -> HttpCall:
    call = HttpCall("GET", RUNS).query(run_type="backfill", updated_at_gte="2026-11-21T12:00:00Z")
    call.query(state=["queued", "running"], order_by="id", limit=100)
    return call.answers({"dag_runs": list(found), "total_entries": len(found) if total is None else total})


def runs(*found: dict[str, Any]) -> HttpCall:
    call = HttpCall("GET", RUNS).query(run_type="backfill", updated_at_gte="2026-11-21T12:00:00Z", order_by="id")
    return call.query(limit=100, offset=0).answers({"dag_runs": list(found), "total_entries": len(found)})


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(backfill.main, {"dag_id": "daily", **DATES, **arguments}, calls, check_mode=check_mode)

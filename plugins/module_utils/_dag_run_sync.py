# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a run of a DAG as it shall be: there once, with its parameters, its note, and finished if one waits for it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api_client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api_errors import ApiError, Conflict, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._dag_runs import (
    FINISHED_RUN,
    failure_of,
    get_dag,
    get_run,
    summary,
    task_instances,
    wait_for_run,
)

Params = Mapping[str, Any]


class RunDiffers(ApiError):
    """There is a run of that id, but it is another."""


class DagNotReady(ApiError):
    """A run of that DAG cannot be triggered, or would never start."""


def absent(client: ApiClient, params: Params, *, check_mode: bool) -> dict[str, Any]:
    found = get_run(client, params["dag_id"], params["run_id"])
    if found and not check_mode:
        # Not found: the first of two attempts was answered by nobody, but heard.
        with contextlib.suppress(NotFound):
            client.request("DELETE", "dags", params["dag_id"], "dagRuns", params["run_id"], repeatable=True)
    before = _shown(found) if found else {}
    return {"changed": bool(found), "dag_run": None, "task_instances": [], "diff": {"before": before, "after": {}}}


def present(client: ApiClient, params: Params, *, check_mode: bool, warn: Callable[[str], None]) -> dict[str, Any]:
    logical_date = _parse(params["logical_date"])
    found = get_run(client, params["dag_id"], params["run_id"])
    before = _shown(found) if found else {}
    if found is None:
        problem = _obstacle(client, params["dag_id"], params["wait"])
        if problem and (check_mode or not problem.blocks):
            warn(problem.text)
        elif problem:
            raise DagNotReady(problem.text)
        run = _predicted(params) if check_mode else _trigger(client, params, logical_date)
    else:
        _demand_the_same(found, params, logical_date)
        run = _with_note(client, found, params["note"], check_mode)
    after = _shown(run)
    changed = before != after
    result = {"changed": changed, "diff": {"before": before, "after": after}}
    if found is None and (check_mode or not params["wait"]):
        return {**result, "dag_run": run, "task_instances": []}
    return {**result, **_outcome(client, params, run, check_mode, changed, triggered=found is None)}


def _outcome(
    client: ApiClient, params: Params, run: JsonObject, check_mode: bool, changed: bool, *, triggered: bool
) -> dict[str, Any]:
    """The run, finished if it is waited for, and its task instances; raises when it is waited for and has failed."""
    dag_id, run_id = params["dag_id"], params["run_id"]
    try:
        if params["wait"] and not check_mode and run["state"] not in FINISHED_RUN:
            problem = None if triggered else _obstacle(client, dag_id, True)
            if problem and problem.blocks:
                raise DagNotReady(f"The run {run_id} is {run['state']}. {problem.text}")
            timeout, interval = params["wait_timeout"], params["poll_interval"]
            run = wait_for_run(client, dag_id, run_id, timeout=timeout, interval=interval)
        tasks = task_instances(client, dag_id, run_id)
        shown = {"dag_run": run, "task_instances": [summary(task) for task in tasks]}
        if params["wait"] and run["state"] == "failed":
            failure = failure_of(client, run, tasks, params["log_lines"])
            failure.facts.update(shown)
            raise failure
    except ApiError as error:
        # The run was triggered all the same, or its note changed.
        error.facts.setdefault("changed", changed)
        error.facts.setdefault("dag_run", run)
        raise
    return shown


class _Obstacle:
    """Why a run of a DAG would not come to an end. ``blocks``: triggering it is of no use."""

    def __init__(self, text: str, *, blocks: bool = True) -> None:
        self.text = text
        self.blocks = blocks


def _obstacle(client: ApiClient, dag_id: str, wait: bool) -> _Obstacle | None:
    dag = get_dag(client, dag_id)
    if dag is None or dag.get("is_stale"):
        return _Obstacle(
            f"Airflow does not know the DAG {dag_id}{', its file is gone or cannot be read' if dag else ''}. "
            "Put its file into the DAG folder and wait for it with the module airfield.airflow.dag."
        )
    if dag["is_paused"]:
        return _Obstacle(
            f"The DAG {dag_id} is paused: its runs stay queued. Unpause it with the module airfield.airflow.dag "
            "(paused: false).",
            blocks=wait,
        )
    return None


def _trigger(client: ApiClient, params: Params, logical_date: datetime | None) -> JsonObject:
    dag_id, run_id = params["dag_id"], params["run_id"]
    body: JsonObject = {
        "dag_run_id": run_id,
        # Airflow demands the key, and takes null for "none".
        "logical_date": logical_date.isoformat() if logical_date else None,
        "conf": params["conf"] or {},
    }
    if params["note"]:
        body["note"] = params["note"]
    try:
        # Safe to repeat: a second request for the same id is answered with 409.
        return client.request("POST", "dags", dag_id, "dagRuns", body=body, repeatable=True)
    except Conflict as error:
        found = get_run(client, dag_id, run_id)
        if found is None:
            raise Conflict(
                f"The DAG {dag_id} has another run already for the logical date {params['logical_date']}: leave "
                f"logical_date out or choose another. ({error})",
                status=409,
            ) from error
        # It was not there a moment ago: our first attempt arrived after all, or somebody else chose the same id.
        _demand_the_same(found, params, logical_date)
        return found


def _demand_the_same(found: JsonObject, params: Params, logical_date: datetime | None) -> None:
    """Raise ``RunDiffers`` when what was asked for is not what there is; conf may hold secrets: names only."""
    what = f"There is a run {params['run_id']} of the DAG {params['dag_id']} already, but "
    if params["conf"] is not None:
        wanted, stored = params["conf"], found.get("conf") or {}
        keys = sorted({*wanted, *stored}, key=str)
        differing = [key for key in keys if key not in wanted or key not in stored or wanted[key] != stored[key]]
        if differing:
            raise RunDiffers(f"{what}its conf differs in {', '.join(map(str, differing))}. Choose another run_id.")
    if logical_date and logical_date != _parse(found.get("logical_date")):
        date = found.get("logical_date") or "none"
        raise RunDiffers(f"{what}its logical date is {date}. Choose another run_id.")


def _with_note(client: ApiClient, run: JsonObject, note: str | None, check_mode: bool) -> JsonObject:
    if note is None or note == (run.get("note") or ""):
        return run
    if check_mode:
        return {**run, "note": note or None}
    path = ("dags", run["dag_id"], "dagRuns", run["dag_run_id"])
    return client.request("PATCH", *path, body={"note": note}, repeatable=True)


def _parse(date: str | None) -> datetime | None:
    if not date:
        return None
    try:
        parsed = datetime.fromisoformat(date.replace("Z", "+00:00"))
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise ApiError(f"logical_date must be a date and time with a time zone, as 2026-11-21T00:00:00Z, not {date}.")
    return parsed


def _predicted(params: Params) -> JsonObject:
    return {
        "dag_run_id": params["run_id"],
        "dag_id": params["dag_id"],
        "state": "queued",
        "conf": params["conf"] or {},
        "logical_date": params["logical_date"],
        "note": params["note"] or None,
    }


def _shown(run: JsonObject) -> JsonObject:
    """What the module can set of a run: the part of it that belongs in a diff."""
    return {key: run.get(key) for key in ("dag_run_id", "dag_id", "conf", "logical_date", "note")}

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing a backfill of a DAG to its state: created once, paused or not, cancelled, and finished if waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.dates import in_utc, moment, parse_datetime
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._backfills import requests
from ansible_collections.airfield.airflow.plugins.module_utils._backfills.records import backfills_of
from ansible_collections.airfield.airflow.plugins.module_utils._backfills.runs import (
    failure_of_backfill,
    is_over,
    run_summary,
    runs_of,
    wait_for_backfill,
    wait_until_noticed,
)
from ansible_collections.airfield.airflow.plugins.module_utils._dags.readiness import (
    DagNotReady,
    Warn,
    blocker_of,
    require_runnable,
)

Params = Mapping[str, Any]
# Airflow's defaults for options that are not given.
DEFAULTS: dict[str, Any] = {"reprocess_behavior": "none", "max_active_runs": 10, "dag_run_conf": {}}
DATES = ("from_date", "to_date")
# Two completed backfills with equal values of these, and equal dates, have run the same.
WHAT_RUNS = ("reprocess_behavior", "dag_run_conf")
# Airflow pauses a backfill before it cancels it, and leaves it paused.
CANCELLED = {"is_paused": True, "completed_at": "when it is cancelled"}


class BackfillDiffers(ApiError):
    """The DAG has an active backfill, but a different one."""


def cancelled(client: ApiClient, params: Params, *, check_mode: bool) -> dict[str, Any]:
    dates = wanted_dates(params)
    backfill = next(backfills_of(client, params["dag_id"]), None)
    if (
        backfill is None
        or backfill["completed_at"]
        or any(moment(backfill[name]) != date for name, date in dates.items())
    ):
        return _result(None, None)
    if check_mode:
        result = _result(backfill, {**backfill, **CANCELLED})
        return {**result, "backfill": {**result["backfill"], "completed_at": None}}
    return _result(backfill, requests.put(client, backfill, "cancel"))


def present(client: ApiClient, params: Params, *, check_mode: bool, warn: Warn) -> dict[str, Any]:
    """The backfill, active or completed, or paused with ``state: paused``."""
    dates = wanted_dates(params)
    if params["dag_version"]:
        client.require("3.2", "A backfill with dag_version")
    known = list(backfills_of(client, params["dag_id"]))
    _settle(client, known, params, dates, check_mode)
    existing = _choose(known, params, dates)
    pause = params["state"] == "paused"
    if existing:
        now = existing
        if not existing["completed_at"] and existing["is_paused"] != pause:
            action = "pause" if pause else "unpause"
            now = {**existing, "is_paused": pause} if check_mode else requests.put(client, existing, action)
        return _finish(client, params, _result(existing, now), check_mode)
    planned = _plan(client, params, dates, check_mode, warn)
    if planned == []:
        return {**_result(None, None), "planned": planned}
    if check_mode:
        created = _predicted(params, dates)
    else:
        created = _create(client, params, dates, known)
        if pause:
            try:
                created = requests.put(client, created, "pause")
            except ApiError as error:
                error.facts |= {"changed": True, "backfill": _with_state(created)}
                raise
            if created["completed_at"]:
                warn(
                    f"Airflow marked the backfill {created['id']} as completed before it could be paused: its runs "
                    "continue."
                )
    return _finish(client, params, {**_result(None, created), "planned": planned or []}, check_mode)


def wanted_dates(params: Params) -> dict[str, datetime]:
    """The moments that the options name; a date stands for its midnight in UTC."""
    dates = {name: parse_datetime(name, params[name], days=True) for name in DATES if params[name]}
    if len(dates) == len(DATES) and dates["from_date"] > dates["to_date"]:
        raise ApiError(f"from_date ({params['from_date']}) must not be after to_date ({params['to_date']}).")
    return dates


def _settle(
    client: ApiClient, known: list[JsonObject], params: Params, dates: dict[str, datetime], check_mode: bool
) -> None:
    """Make sure that a backfill whose runs have all finished does not block another one."""
    if not known or known[0]["completed_at"] or not _differences(known[0], params, dates, DEFAULTS):
        return
    if is_over(client, known[0]):
        timeout, interval = params["wait_timeout"], params["poll_interval"]
        done = {**known[0], "completed_at": "soon"}
        known[0] = done if check_mode else wait_until_noticed(client, known[0], timeout=timeout, interval=interval)


def _choose(known: list[JsonObject], params: Params, dates: dict[str, datetime]) -> JsonObject | None:
    """The wanted backfill, if it exists; raises ``BackfillDiffers`` when another one is active."""
    if known and not known[0]["completed_at"]:
        differing = _differences(known[0], params, dates, DEFAULTS)
        if not differing:
            return known[0]
        first, last = known[0]["from_date"], known[0]["to_date"]
        raise BackfillDiffers(
            f"The DAG {params['dag_id']} already has an active backfill, {known[0]['id']} from {first} to {last}, and "
            f"it differs in {', '.join(differing)}. Airflow runs one backfill of a DAG at a time: wait for it, or "
            "cancel it with state: cancelled.",
        )
    if params["force"]:
        return None
    # A cancelled backfill is not what was requested: it is created again.
    ended = (backfill for backfill in known if not backfill["is_paused"])
    return next((backfill for backfill in ended if not _differences(backfill, params, dates)), None)


def _differences(
    existing: JsonObject, params: Params, dates: dict[str, datetime], options: Iterable[str] = WHAT_RUNS
) -> list[str]:
    """The given options in which a backfill differs; its conf may contain secrets, so only names are returned."""
    differing = [name for name, date in dates.items() if moment(existing[name]) != date]
    given = (name for name in options if params[name] is not None)
    return differing + [name for name in given if params[name] != (existing.get(name) or DEFAULTS[name])]


def _plan(
    client: ApiClient, params: Params, dates: dict[str, datetime], check_mode: bool, warn: Warn
) -> list[str] | None:
    """What would run, according to Airflow's dry run: logical dates, or partitions where a DAG has these.

    None if it cannot be known yet, which is no error in check mode: another task may be about to create the DAG.
    """
    dag_id = params["dag_id"]
    problem = blocker_of(client, dag_id)
    unknown = problem is not None and problem.unknown
    if unknown or params["state"] == "present":
        require_runnable(problem, wait=params["wait"], check_mode=check_mode, warn=warn)
    if unknown:
        return None
    runs = requests.dry_run(client, _body(params, dates, dry=True))
    planned = [str(run.get("logical_date") or run.get("partition_key")) for run in runs]
    if not planned:
        warn(
            f"The DAG {dag_id} has nothing to backfill from {params['from_date']} to {params['to_date']}: its schedule "
            "has no runs there that do not exist yet. See reprocess_behavior to run existing ones again."
        )
    return planned


def _body(params: Params, dates: dict[str, datetime], *, dry: bool = False) -> JsonObject:
    body: JsonObject = {"dag_id": params["dag_id"], **{name: in_utc(date) for name, date in dates.items()}}
    for name in ("run_backwards", *DEFAULTS):
        if params[name] is not None:
            body[name] = params[name]
    if params["dag_version"] and not dry:
        body["run_on_latest_version"] = params["dag_version"] == "latest"
    return body


def _create(client: ApiClient, params: Params, dates: dict[str, datetime], known: list[JsonObject]) -> JsonObject:
    return requests.create(
        client,
        _body(params, dates),
        known={backfill["id"] for backfill in known},
        is_wanted=lambda backfill: not _differences(backfill, params, dates),
    )


def _finish(client: ApiClient, params: Params, result: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    """The result, with the runs of the backfill if they are waited for; raises when runs have failed."""
    if check_mode or not params["wait"]:
        return result
    backfill = result["backfill"]
    try:
        if not backfill["completed_at"]:
            problem = blocker_of(client, params["dag_id"])
            if problem:
                raise DagNotReady(f"The backfill {backfill['id']} cannot continue. {problem.text}")
        timeout, interval = params["wait_timeout"], params["poll_interval"]
        backfill = _with_state(wait_for_backfill(client, backfill, timeout=timeout, interval=interval))
        runs = runs_of(client, backfill)
        details = {"backfill": backfill, "dag_runs": [run_summary(run) for run in runs]}
        failure = failure_of_backfill(backfill, runs)
        if failure:
            failure.facts.update(details)
            raise failure
    except ApiError as error:
        # The backfill was created or unpaused nevertheless.
        error.facts.setdefault("changed", result["changed"])
        error.facts.setdefault("backfill", backfill)
        raise
    return {**result, **details}


def _predicted(params: Params, dates: dict[str, datetime]) -> JsonObject:
    return {
        "id": None,
        "is_paused": params["state"] == "paused",
        "completed_at": None,
        **DEFAULTS,
        **_body(params, dates, dry=True),
    }


def _result(before: JsonObject | None, after: JsonObject | None) -> dict[str, Any]:
    diff = {"before": _shown(before), "after": _shown(after)}
    return {
        "changed": diff["before"] != diff["after"],
        "backfill": _with_state(after) if after else None,
        "diff": diff,
    }


def _with_state(backfill: JsonObject) -> JsonObject:
    if backfill["completed_at"]:
        state = "cancelled" if backfill["is_paused"] else "completed"
    else:
        state = "paused" if backfill["is_paused"] else "running"
    return {**backfill, "state": state}


def _shown(backfill: JsonObject | None) -> JsonObject:
    """What the module can set of a backfill: the part of it that belongs in a diff."""
    if backfill is None:
        return {}
    settings = {name: backfill.get(name) or default for name, default in DEFAULTS.items()}
    dates = {name: in_utc(date) for name in DATES if (date := moment(backfill[name]))}
    return {"dag_id": backfill["dag_id"], **dates, **settings, "state": _with_state(backfill)["state"]}

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updating an asset: with an event, or with a run of the DAG that produces it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import hide_secrets
from ansible_collections.airfield.airflow.plugins.module_utils._assets import requests
from ansible_collections.airfield.airflow.plugins.module_utils._assets.records import events_of
from ansible_collections.airfield.airflow.plugins.module_utils._dags.readiness import (
    Warn,
    blocker_of,
    require_runnable,
)
from ansible_collections.airfield.airflow.plugins.module_utils._runs.outcome import failure_of, wait_for_run
from ansible_collections.airfield.airflow.plugins.module_utils._runs.records import FINISHED_RUN, get_run
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_instances import task_instances

Params = Mapping[str, Any]


class NotMaterializable(ApiError):
    """No single DAG can be run to materialize the asset."""


def send_event(client: ApiClient, asset: JsonObject, params: Params, *, check_mode: bool) -> dict[str, Any]:
    if params["partition_key"]:
        client.require("3.2", "An asset event with partition_key")
    if params["once"]:
        existing = next((event for event in events_of(client, asset["id"]) if _same(event, params)), None)
        if existing:
            summary = _shown_event(asset, existing)
            return {"changed": False, "asset_event": existing, "diff": {"before": summary, "after": summary}}
    body: JsonObject = {"asset_id": asset["id"], "extra": params["extra"] or {}}
    if params["partition_key"]:
        body["partition_key"] = params["partition_key"]
    as_shown = {**body, "extra": hide_secrets(body["extra"], None)}
    sent = as_shown if check_mode else requests.send_event(client, body)
    return {"changed": True, "asset_event": sent, "diff": {"before": {}, "after": _shown_event(asset, sent)}}


def materialize(
    client: ApiClient, asset: JsonObject, params: Params, *, check_mode: bool, warn: Warn
) -> dict[str, Any]:
    dag_id = producer_of(asset)
    body: JsonObject = {key: params[option] for key, option in BODY.items() if params[option] is not None}
    if body:
        client.require("3.3", f"Materializing an asset with {', '.join(BODY[key] for key in body)}")
    existing = get_run(client, dag_id, params["run_id"]) if params["run_id"] else None
    if existing:
        _demand_the_same(existing, params)
    if not existing or (params["wait"] and existing["state"] not in FINISHED_RUN):
        problem = blocker_of(client, dag_id, ", which produces the asset,")
        require_runnable(problem, wait=params["wait"], check_mode=check_mode, warn=warn)
    if existing:
        run = existing
    elif check_mode:
        run = {"dag_id": dag_id, "dag_run_id": None, **body}
    else:
        run = requests.materialize(client, asset, dag_id, body)
    summary = _shown_run(run, params)
    result = {"changed": not existing, "diff": {"before": summary if existing else {}, "after": summary}}
    if check_mode or not params["wait"]:
        return {**result, "dag_run": run}
    return {**result, "dag_run": _wait(client, run, params, changed=not existing)}


# What Airflow calls the options.
BODY = {"dag_run_id": "run_id", "conf": "conf", "partition_key": "partition_key"}


def producer_of(asset: JsonObject) -> str:
    """The id of the DAG that produces an asset; raise ``NotMaterializable`` when there is none or more than one."""
    dag_ids = sorted({task["dag_id"] for task in asset["producing_tasks"]})
    if not dag_ids:
        raise NotMaterializable(
            f"No task of a DAG has the asset {asset['name']} as an outlet, so no run can materialize it. "
            "Send an event for it, without materialize."
        )
    if len(dag_ids) > 1:
        raise NotMaterializable(
            f"Several DAGs have a task with the asset {asset['name']} as an outlet: {', '.join(dag_ids)}. Trigger a "
            "run of one of them with the module airfield.airflow.dag_run."
        )
    return str(dag_ids[0])


def _same(event: JsonObject, params: Params) -> bool:
    """Whether an event equals the one that must be sent only once."""
    return _extra(event) == (params["extra"] or {}) and event.get("partition_key") == params["partition_key"]


def _demand_the_same(run: JsonObject, params: Params) -> None:
    """Raise ``ApiError`` if a different run has that id; its conf may contain secrets, so no values are shown."""
    for option in ("conf", "partition_key"):
        wanted = params[option]
        if wanted is not None and wanted != (run.get(option) or ({} if option == "conf" else None)):
            raise ApiError(
                f"A run {run['dag_run_id']} of the DAG {run['dag_id']} already exists, but its {option} differs. "
                "Choose another run_id."
            )


def _wait(client: ApiClient, run: JsonObject, params: Params, *, changed: bool) -> JsonObject:
    dag_id, run_id = run["dag_id"], run["dag_run_id"]
    try:
        if run["state"] not in FINISHED_RUN:
            timeout, interval = params["wait_timeout"], params["poll_interval"]
            run = wait_for_run(client, dag_id, run_id, timeout=timeout, interval=interval)
        if run["state"] == "failed":
            raise failure_of(client, run, task_instances(client, dag_id, run_id), params["log_lines"])
    except ApiError as error:
        # The run was triggered nevertheless.
        error.facts.setdefault("changed", changed)
        error.facts.setdefault("dag_run", run)
        raise
    return run


def _extra(event: JsonObject) -> JsonObject:
    """The ``extra`` of an event as it was sent, without the marker that Airflow adds to it."""
    return {key: value for key, value in (event.get("extra") or {}).items() if key != "from_rest_api"}


def _shown_event(asset: JsonObject, event: JsonObject) -> JsonObject:
    return {"asset": asset["name"], "extra": _extra(event), "partition_key": event.get("partition_key")}


def _shown_run(run: JsonObject, params: Params) -> JsonObject:
    return {"dag_id": run["dag_id"], **{option: params[option] for option in BODY.values()}}

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing DAGs to their state: known to Airflow, paused or not, or deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.for_each import for_each
from ansible_collections.airfield.airflow.plugins.module_utils._dags import requests
from ansible_collections.airfield.airflow.plugins.module_utils._dags.parsing import DagWait, version_mismatch
from ansible_collections.airfield.airflow.plugins.module_utils._dags.records import newest_version
from ansible_collections.airfield.airflow.plugins.module_utils._dags.selection import (
    named_ids,
    recorded_dags,
    selected_dags,
)

Params = Mapping[str, Any]
Warn = Callable[[str], None]
Dags = dict[str, JsonObject]


def present(client: ApiClient, params: Params, *, check_mode: bool, warn: Warn) -> dict[str, Any]:
    ids = named_ids(params)
    missing: list[str] = []
    if ids is None:
        dags = {dag["dag_id"]: dag for dag in selected_dags(client, params, include_stale=False)}
        if not dags:
            warn("The pattern and the tags select no DAG that Airflow knows: nothing is done.")
    else:
        dags, missing = _arrived(client, params, ids, check_mode=check_mode, warn=warn)
    with_versions = bool(params["bundle_version"] or params["show_version"])
    versions = _versions(client, params["bundle_version"], dags, warn) if with_versions else None
    before, after = _states(dags), _states(dags)
    wanted = params["paused"]
    if wanted is not None:
        after = {dag_id: {"dag_id": dag_id, "is_paused": wanted} for dag_id in [*dags, *missing]}
    updated = [dag_id for dag_id in after if after[dag_id] != before.get(dag_id)]

    def update(dag_id: str) -> None:
        dags[dag_id] = requests.pause(client, dag_id, wanted)

    if not check_mode:
        _each(updated, update, "updated")
    now = {dag_id: {**dag, "is_paused": after[dag_id]["is_paused"]} for dag_id, dag in dags.items()}
    shown = _shown(params, now, versions)
    return {**shown, "changed": bool(updated), "updated": updated, "diff": _diff(params, before, after, updated)}


def absent(client: ApiClient, params: Params, *, check_mode: bool) -> dict[str, Any]:
    ids = named_ids(params)
    if ids is None:
        dags = {dag["dag_id"]: dag for dag in selected_dags(client, params, include_stale=True)}
    else:
        dags = recorded_dags(client, ids)

    deleted = list(dags)
    if not check_mode:
        _each(deleted, lambda dag_id: requests.delete(client, dag_id), "deleted")
    diff = _diff(params, _states(dags), {}, deleted)
    return {**_shown(params, {}, None), "changed": bool(deleted), "deleted": deleted, "diff": diff}


def _each(dag_ids: list[str], act: Callable[[str], None], key: str) -> None:
    """Act on each of the DAGs; an error lists under ``key`` those for which it succeeded."""
    done: list[str] = []

    def act_on(dag_id: str) -> None:
        act(dag_id)
        done.append(dag_id)

    try:
        for_each(dag_ids, act_on)
    except ApiError as error:
        error.facts |= {"changed": bool(done), key: done}
        raise


def _arrived(
    client: ApiClient, params: Params, ids: list[str], *, check_mode: bool, warn: Warn
) -> tuple[Dags, list[str]]:
    """The DAGs that exist, and in check mode the ids of those that do not."""
    once = check_mode or not params["wait"]
    # Check mode does not wait, so another commit is not a failure but a warning.
    commit = None if check_mode else params["bundle_version"]
    grace = 0 if once else params["import_error_grace"]
    arrival = DagWait(client, ids, file=params["file"], commit=commit, grace=grace)
    try:
        if once:
            arrival.look_once()
        else:
            arrival.wait(params)
    except ApiError as error:
        if not (check_mode and "import_errors" in error.facts):
            raise
        warn(f"{error}\nOutside check mode the module waits for this, or fails.")
    return {dag_id: arrival.found[dag_id] for dag_id in ids if dag_id in arrival.found}, list(arrival.missing)


def _versions(client: ApiClient, wanted: str | None, dags: Dags, warn: Warn) -> dict[str, JsonObject | None]:
    versions = {dag_id: newest_version(client, dag_id) for dag_id in dags}
    for dag_id, version in versions.items():
        late = version_mismatch(version, wanted) if wanted else ""
        if late:  # only in check mode
            warn(f"The DAG {dag_id} is not up to date: {late}. Outside check mode the module waits for this.")
    return versions


def _states(dags: Dags) -> Dags:
    return {dag_id: {"dag_id": dag_id, "is_paused": dag["is_paused"]} for dag_id, dag in dags.items()}


def _shown(params: Params, dags: Dags, versions: Mapping[str, JsonObject | None] | None) -> dict[str, Any]:
    if params["dag_id"] is None:
        return {
            "dags": [
                dag if versions is None else {**dag, "dag_version": versions[dag_id]} for dag_id, dag in dags.items()
            ]
        }
    shown: dict[str, Any] = {"dag": dags.get(params["dag_id"])}
    return shown if versions is None else {**shown, "dag_version": versions.get(params["dag_id"])}


def _diff(params: Params, before: Dags, after: Dags, changing: list[str]) -> dict[str, Any]:
    """What one DAG was and is; of several, those that change by their ids."""
    if params["dag_id"] is not None:
        return {"before": before.get(params["dag_id"], {}), "after": after.get(params["dag_id"], {})}
    return {
        side: {dag_id: dags[dag_id] for dag_id in changing if dag_id in dags}
        for side, dags in (("before", before), ("after", after))
    }

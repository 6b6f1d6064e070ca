# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that create or change a backfill, and Airflow's dry run of one."""

from __future__ import annotations

from collections.abc import Callable, Container

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, Conflict, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._backfills.records import backfills_of


def dry_run(client: ApiClient, body: JsonObject) -> list[JsonObject]:
    """What the backfill would run: a POST that changes nothing."""
    answer = client.request("POST", "backfills", "dry_run", body=body, repeatable=True)
    runs: list[JsonObject] = answer["backfills"]
    return runs


def create(
    client: ApiClient, body: JsonObject, *, known: Container[int], is_wanted: Callable[[JsonObject], bool]
) -> JsonObject:
    """The new backfill. ``known``: the ids of those that existed before; ``is_wanted``: whether one is as sent."""
    try:
        return client.request("POST", "backfills", body=body)
    except ApiError as error:
        if not (error.outage or isinstance(error, Conflict)):
            raise
        # Perhaps only the answer was lost, not the request; or another client was faster.
        new = [backfill for backfill in backfills_of(client, body["dag_id"]) if backfill["id"] not in known]
        existing = next(filter(is_wanted, new), None)
        if existing is None:
            raise
        return existing


def put(client: ApiClient, backfill: JsonObject, action: str) -> JsonObject:
    path = ("backfills", str(backfill["id"]))
    try:
        return client.request("PUT", *path, action, repeatable=True)
    except Conflict:
        # It has completed in the meantime, or the first of two attempts arrived: either way it is no longer active.
        return client.get(*path)
    except NotFound as error:
        raise NotFound(
            f"The backfill {backfill['id']} has been deleted in the meantime. ({error})", status=404
        ) from error

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assets of Airflow and their events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, NotFound

FILTERS = ("name_pattern", "uri_pattern", "dag_ids", "only_active")


class AssetUnknown(ApiError):
    """Airflow knows no such asset."""


def list_assets(client: ApiClient, filters: Mapping[str, Any]) -> Iterator[JsonObject]:
    """The assets that Airflow finds by ``FILTERS``, in the order of their ids."""
    query = {name: filters[name] for name in FILTERS if filters.get(name) not in (None, [])}
    return client.pages("assets", items="assets", query={**query, "order_by": "id"})


def find_asset(client: ApiClient, wanted: str, *, only_active: bool = True) -> JsonObject | None:
    """The asset of that name, or else of that URI."""
    for field in ("name", "uri"):
        # Airflow's filter finds every string that contains this one: it only saves pages, the comparison here decides.
        for asset in list_assets(client, {f"{field}_pattern": wanted, "only_active": only_active}):
            if asset[field] == wanted:
                return asset
    return None


def demand_asset(client: ApiClient, wanted: str) -> JsonObject:
    """The asset of that name or URI; raise ``AssetUnknown`` when there is none."""
    asset = find_asset(client, wanted)
    if asset is None:
        raise AssetUnknown(
            f"Airflow knows no asset whose name or URI is {wanted}. It knows those that a DAG names as its schedule or "
            "as a task's inlet or outlet: does that DAG exist, as the module airfield.airflow.dag can check? The "
            "module airfield.airflow.asset_info lists the assets."
        )
    return asset


def completed(client: ApiClient, asset: JsonObject) -> JsonObject:
    """The asset with the fields that newer versions of Airflow return and 3.0 does not, under their current names."""
    asset = dict(asset)
    if "scheduled_dags" not in asset:
        asset["scheduled_dags"] = asset.get("consuming_dags") or []
    if "last_asset_event" not in asset:
        newest = next(events_of(client, asset["id"]), None)
        asset["last_asset_event"] = {key: newest[key] for key in ("id", "timestamp")} if newest else None
    if (asset["last_asset_event"] or {}).get("id") is None:
        asset["last_asset_event"] = None
    return asset


def events_of(client: ApiClient, asset_id: int) -> Iterator[JsonObject]:
    """The events of an asset, the newest first."""
    query = {"asset_id": asset_id, "order_by": "-timestamp"}
    return client.pages("assets", "events", items="asset_events", query=query)


def newest_events(client: ApiClient, asset_id: int, limit: int) -> list[JsonObject]:
    return list(islice(events_of(client, asset_id), limit))


def queued_events(client: ApiClient, asset_id: int) -> list[JsonObject]:
    """The events that wait until the other assets of a DAG's schedule have theirs."""
    try:
        queued: list[JsonObject] = client.get("assets", str(asset_id), "queuedEvents").get("queued_events") or []
    except NotFound:  # Airflow's answer before 3.2 when there are none
        return []
    return queued

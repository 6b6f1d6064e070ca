# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow's pools for ``items``."""

from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.module_utils._admin.items import Item, ItemType
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError

DEFAULT_POOL = "default_pool"
FIELDS = ("slots", "description", "include_deferred")
NO_LIMIT = -1


class Pools(ItemType):
    noun = "pool"
    path = "pools"
    key = "name"
    kept = frozenset({DEFAULT_POOL})

    def __init__(self, client: ApiClient) -> None:
        self.client = client

    def check(self, item: Item) -> None:
        slots = item["slots"]
        # Airflow 3.0 accepts any number.
        if slots is not None and slots < NO_LIMIT:
            raise ApiError(f"slots of pool {item['name']} must be 0 or more, or -1 for no limit.")
        if slots == NO_LIMIT:
            # An older version stores it, and from then on answers every request for its pools with 500: seen with
            # 3.0.0.
            self.client.require("3.2", f"A pool without a limit, such as {item['name']},")

    def new(self, item: Item) -> JsonObject:
        if item["slots"] is None:
            raise ApiError(f"slots of pool {item['name']} is missing: there is no such pool yet.")
        given = {field: item[field] for field in FIELDS if item[field] not in (None, "")}
        return {"name": item["name"], **given}

    def changes(self, item: Item, stored: JsonObject) -> JsonObject:
        wanted: JsonObject = {}
        for field in FIELDS:
            value, known = item[field], stored.get(field)
            if value is not None and value != (known or "" if field == "description" else known):
                wanted[field] = value
        if item["name"] == DEFAULT_POOL and "description" in wanted:
            raise ApiError("The description of default_pool cannot be changed: Airflow allows changing only its slots.")
        return wanted

    def update(self, item: Item, stored: JsonObject, changes: JsonObject) -> tuple[JsonObject, list[str]]:
        # Airflow requires all fields, but of its default pool only those that can be changed.
        if item["name"] == DEFAULT_POOL:
            return {"name": item["name"], **changes}, sorted(changes)
        return {"name": item["name"], **{field: stored.get(field) for field in FIELDS}, **changes}, []

    def visible(self, found: JsonObject, stored: JsonObject | None = None, item: Item | None = None) -> JsonObject:
        return {field: found.get(field) for field in FIELDS}

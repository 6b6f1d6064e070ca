# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow's variables for ``items``: strings, compared as JSON if they are JSON, and hidden if they are secrets."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._admin.items import Item, ItemType
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import (
    MASK,
    has_mask,
    hide_secrets,
    is_sensitive,
    matches_masked,
    secrets_in,
)


class Variables(ItemType):
    noun = "variable"
    path = "variables"
    key = "key"

    def __init__(self, always: bool) -> None:
        """``always``: a hidden value is sent too, since nobody can tell whether it differs."""
        self.always = always

    def new(self, item: Item) -> JsonObject:
        if item["value"] is None:
            raise ApiError(f"value of variable {item['key']} is missing: there is no such variable yet.")
        made = {"key": item["key"], "value": text_of(item["value"])}
        return {**made, "description": item["description"]} if item["description"] else made

    def changes(self, item: Item, stored: JsonObject) -> JsonObject:
        wanted: JsonObject = {}
        if item["value"] is not None:
            known = parsed(stored.get("value"))
            unsure = self.always and has_mask(known)
            if unsure or not matches_masked(parsed(text_of(item["value"])), known):
                wanted["value"] = text_of(item["value"])
        description = item["description"]
        if description is not None and (description or None) != (stored.get("description") or None):
            wanted["description"] = description
        return wanted

    def update(self, item: Item, stored: JsonObject, changes: JsonObject) -> tuple[JsonObject, list[str]]:
        # Airflow requires a value in every change, and clears what is not in the body.
        body = {"key": item["key"], "description": stored.get("description"), **changes}
        if "value" in changes:
            return body, []
        if item["value"] is not None and not has_mask(stored.get("value")):
            return {**body, "value": text_of(item["value"])}, []
        return {**body, "value": ""}, ["description"]

    def visible(self, found: JsonObject, stored: JsonObject | None = None, item: Item | None = None) -> JsonObject:
        value = parsed(found.get("value"))
        if secret(found["key"], item):
            value = MASK
        elif isinstance(value, (dict, list)):
            value = hide_secrets(value, parsed((stored or found).get("value")))
        else:
            value = hide_secrets(found.get("value"), (stored or found).get("value"))
        return {"value": value, "description": found.get("description")}

    @staticmethod
    def secrets(item: Item) -> set[str]:
        return set(secrets_in(parsed(text_of(item["value"])), hidden=secret(item["key"], item)))

    def hidden(self, item: Item) -> JsonObject:
        return {"value": self.visible({**item, "value": text_of(item["value"])}, None, item)["value"]}


def secret(key: str, item: Item | None) -> bool:
    return is_sensitive(key) or bool(item and item["secret"])


def text_of(value: Any) -> str | None:
    """What Airflow is to store: a string unchanged, anything else as JSON, formatted like Airflow's own."""
    return value if value is None or isinstance(value, str) else json.dumps(value, indent=2)


def parsed(text: str | None) -> Any:
    """The meaning of a stored string. The API reformats it if it is JSON. Any other string means itself."""
    try:
        return json.loads(text) if text is not None else None
    except ValueError:
        return text

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow's connections for ``items``: compare one with what is wanted, although the API hides its secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._admin.items import Item, ItemType
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import (
    MASK,
    hide_secrets,
    matches_masked,
    secrets_in,
)

PLAIN_FIELDS = ("conn_type", "description", "host", "port", "login", "schema")
HIGHEST_PORT = 65535
NAME = re.compile(r"[\w.-]{1,200}")
# From this version on Airflow takes its own mask for "unchanged"; before, it stored the mask. Source: its code.
TAKES_MASKS = (3, 0, 6)
# Keys whose values every Airflow that accepts masks hides by name; a mask under another key would be stored.
RESTORED = re.compile(
    r"access_token|api_?key|authorization|pass(phrase|wd|word)|private_key|secret|token|keyfile_dict|service_account",
    re.IGNORECASE,
)


class Connections(ItemType):
    noun = "connection"
    path = "connections"
    key = "connection_id"

    def __init__(self, client: ApiClient, always: bool) -> None:
        """``always``: hidden secrets are sent too, since nobody can tell whether they differ."""
        self.client = client
        self.always = always

    def check(self, item: Item) -> None:
        name = item["connection_id"]
        if not NAME.fullmatch(name):
            raise ApiError(
                f"connection_id {name!r} is not valid: use up to 200 letters, digits, underscores, dots and dashes."
            )
        if not item["conn_type"]:
            raise ApiError(
                f"conn_type of connection {name} is missing: Airflow requires it, for example http or postgres."
            )
        if not 0 <= (item["port"] or 0) <= HIGHEST_PORT:
            raise ApiError(f"port of connection {name} must be between 0 and {HIGHEST_PORT}.")

    def new(self, item: Item) -> JsonObject:
        given = {field: item[field] for field in (*PLAIN_FIELDS, "password") if item[field] not in (None, "")}
        if item["extra"] is not None:
            given["extra"] = json.dumps(item["extra"])
        return {"connection_id": item["connection_id"], **given}

    def changes(self, item: Item, stored: JsonObject) -> JsonObject:
        wanted: JsonObject = {}
        for field in PLAIN_FIELDS:
            value = item[field]
            if value is not None and (value or None) != (stored.get(field) or None):
                wanted[field] = value
        password, known = item["password"], stored.get("password") or ""
        if password is not None and password != known and (self.always or not known):
            wanted["password"] = password
        if item["extra"] is not None:
            extra = self._extra(item["extra"], extra_of(stored))
            if extra is not None:
                wanted["extra"] = json.dumps(extra)
        return wanted

    def _extra(self, wanted: Any, stored: Any) -> Any:
        """The ``extra`` to send; None if it is as wanted."""
        if self.always:
            return wanted if wanted != stored else None
        if matches_masked(wanted, stored):
            return None
        masked = keep_hidden(wanted, stored)
        return masked if masked != wanted and self.client.version >= TAKES_MASKS else wanted

    def update(self, item: Item, stored: JsonObject, changes: JsonObject) -> tuple[JsonObject, list[str]]:
        # Airflow requires both in every change, and leaves alone what is not in the body.
        return {"connection_id": item["connection_id"], "conn_type": item["conn_type"], **changes}, []

    def visible(self, found: JsonObject, stored: JsonObject | None = None, item: Item | None = None) -> JsonObject:
        return {
            **{field: found.get(field) for field in PLAIN_FIELDS},
            "password": MASK if found.get("password") else None,
            "extra": hide_secrets(extra_of(found), extra_of(stored or found)),
        }

    @staticmethod
    def secrets(item: Item) -> set[str]:
        return set(secrets_in(item["extra"]))

    def hidden(self, item: Item) -> JsonObject:
        return {"password": item["password"] and MASK, "extra": hide_secrets(item["extra"], None)}


def extra_of(connection: Mapping[str, Any]) -> dict[str, Any]:
    """The ``extra`` of a connection as the API sends it: a JSON string, possibly empty."""
    try:
        extra = json.loads(connection.get("extra") or "{}")
    except ValueError:
        return {}
    return extra if isinstance(extra, dict) else {}


def keep_hidden(wanted: Any, stored: Any, hidden: bool = False) -> Any:
    """The wanted value, with the mask wherever Airflow puts back the value that it hides.

    Not in lists, where Airflow matches by position.
    """
    if hidden and stored == MASK:
        return MASK
    if isinstance(wanted, Mapping) and isinstance(stored, Mapping):
        return {
            key: keep_hidden(value, stored.get(key), hidden or bool(RESTORED.search(str(key))))
            for key, value in wanted.items()
        }
    return wanted

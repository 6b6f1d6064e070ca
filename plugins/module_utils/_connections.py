# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing an Airflow connection with what is wanted, although the API hides its secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# What Airflow's API shows instead of a secret; sent back to it, it means "as it was".
MASK = "***"
PLAIN_FIELDS = ("conn_type", "description", "host", "port", "login", "schema")
SENSITIVE = re.compile(
    r"pass(word|wd|phrase)|secret|token|api_?key|private_?key|access_?key|credential|authorization|keyfile",
    re.IGNORECASE,
)


def extra_of(connection: Mapping[str, Any]) -> dict[str, Any]:
    """The ``extra`` of a connection as the API sends it: a JSON text, perhaps empty."""
    try:
        extra = json.loads(connection.get("extra") or "{}")
    except ValueError:
        return {}
    return extra if isinstance(extra, dict) else {}


def changes(params: Mapping[str, Any], current: Mapping[str, Any], always: bool) -> dict[str, Any]:
    """The fields to send, with their values, so that a connection becomes as wanted; empty when it is.

    ``always``: hidden secrets are sent too, since nobody can tell whether they differ. Else they stay as they are.
    """
    wanted: dict[str, Any] = {}
    for field in PLAIN_FIELDS:
        value = params[field]
        if value is not None and (value or None) != (current.get(field) or None):
            wanted[field] = value
    password = params["password"]
    stored = current.get("password") or ""
    if password is not None and password != stored and (always or not stored):
        wanted["password"] = password
    if params["extra"] is not None:
        stored_extra = extra_of(current)
        extra = params["extra"] if always else keep_hidden(params["extra"], stored_extra)
        if extra != stored_extra:
            wanted["extra"] = json.dumps(extra)
    return wanted


def keep_hidden(wanted: Any, stored: Any) -> Any:
    """What is wanted, with the mask wherever Airflow hides a value that it has."""
    if stored == MASK:
        return MASK
    if isinstance(wanted, dict) and isinstance(stored, dict):
        return {key: keep_hidden(value, stored.get(key)) for key, value in wanted.items()}
    return wanted


def hide_secrets(extra: Any, stored: Any) -> Any:
    """``extra`` for people to read: masked where its key sounds like a secret, or where Airflow hides the value."""
    if not isinstance(extra, dict):
        return MASK if stored == MASK else extra
    known = stored if isinstance(stored, dict) else {}
    return {
        key: MASK if SENSITIVE.search(str(key)) else hide_secrets(value, known.get(key)) for key, value in extra.items()
    }


def secrets_in(extra: Any, hidden: bool = False) -> Iterator[str]:
    """The values in ``extra`` whose keys sound like secrets."""
    if isinstance(extra, dict):
        for key, value in extra.items():
            yield from secrets_in(value, hidden or bool(SENSITIVE.search(str(key))))
    elif isinstance(extra, list):
        for value in extra:
            yield from secrets_in(value, hidden)
    elif hidden and extra not in (None, "", MASK) and not isinstance(extra, bool):
        yield str(extra)


def shown(connection: Mapping[str, Any], stored: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A connection for a diff: every field, no secret. ``stored`` is what Airflow has, to know what it hides."""
    hidden_extra = extra_of(stored or connection)
    return {
        **{field: connection.get(field) for field in PLAIN_FIELDS},
        "password": MASK if connection.get("password") else None,
        "extra": hide_secrets(extra_of(connection), hidden_extra),
    }

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that update an asset."""

from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import Conflict
from ansible_collections.airfield.airflow.plugins.module_utils._runs.records import get_run


def send_event(client: ApiClient, body: JsonObject) -> JsonObject:
    return client.request("POST", "assets", "events", body=body)


def materialize(client: ApiClient, asset: JsonObject, dag_id: str, body: JsonObject) -> JsonObject:
    path = ("assets", str(asset["id"]), "materialize")
    run_id = body.get("dag_run_id")
    try:
        # Safe to repeat with an id: a second request for the same id is answered with 409.
        return client.request("POST", *path, body=body or None, repeatable=bool(run_id))
    except Conflict:
        existing = get_run(client, dag_id, run_id) if run_id else None
        if existing is None:
            raise
        return existing

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DAGs that a module is about: those that its options name, or those that a pattern and tags select."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError

Params = Mapping[str, Any]

SELECTION_ARGUMENTS: dict[str, dict[str, Any]] = {
    "dag_id": {"type": "str"},
    "dag_ids": {"type": "list", "elements": "str"},
    "dag_id_pattern": {"type": "str"},
    "tags": {"type": "list", "elements": "str"},
    "tags_match": {"type": "str", "choices": ["any", "all"], "default": "any"},
}
SELECTION_EXCLUSIVE = [("dag_id", "dag_ids", "dag_id_pattern"), ("dag_id", "dag_ids", "tags")]
# Requesting a few ids one by one saves reading all DAGs in pages of a hundred.
FEW = 10


class SelectionInvalid(ApiError):
    """The options do not clearly select DAGs."""


def named_ids(params: Params) -> list[str] | None:
    """The ids that the options name; None when a pattern or tags select the DAGs."""
    if params["dag_id"] is not None:
        ids = [params["dag_id"]]
    elif params["dag_ids"] is not None:
        ids = params["dag_ids"]
    else:
        return None
    if "" in ids:
        raise SelectionInvalid("The id of a DAG must not be empty: correct dag_id or dag_ids.")
    twice = [dag_id for dag_id, count in Counter(ids).items() if count > 1]
    if twice:
        raise SelectionInvalid(f"dag_ids names some DAGs more than once: {', '.join(twice)}. Name each of them once.")
    return ids


def selected_dags(
    client: ApiClient, params: Params, *, include_stale: bool, paused: bool | None = None
) -> list[JsonObject]:
    """The DAGs that the pattern and the tags select, by their ids; all DAGs without either."""
    query: dict[str, Any] = {"exclude_stale": not include_stale}
    if params["tags"] is not None:
        if not any(params["tags"]):
            # Airflow would take an empty list for every DAG.
            raise SelectionInvalid("tags is empty: name at least one tag, or leave the option out.")
        query |= {"tags": params["tags"], "tags_match_mode": params["tags_match"]}
    if paused is not None:
        query["paused"] = paused
    found = _listed(client, _alternatives(params["dag_id_pattern"]), query)
    return [found[dag_id] for dag_id in sorted(found)]


def recorded_dags(client: ApiClient, dag_ids: list[str]) -> dict[str, JsonObject]:
    """Those of the DAGs that are in Airflow's database, including stale ones and those that were never parsed fully."""
    found = _listed(client, dag_ids if len(dag_ids) <= FEW else ["~"], {"exclude_stale": False})
    return {dag_id: found[dag_id] for dag_id in dag_ids if dag_id in found}


def _alternatives(pattern: str | None) -> list[str]:
    """The parts of a pattern between ``|``: Airflow 3.0 does not yet support it as "or", so each part is a request."""
    if pattern is None:
        return ["~"]
    parts = [part.strip() for part in pattern.split("|") if part.strip()]
    if not parts:
        raise SelectionInvalid("dag_id_pattern is empty: write ~ if you mean all DAGs.")
    return parts


def _listed(client: ApiClient, patterns: Iterable[str], query: Params) -> dict[str, JsonObject]:
    found: dict[str, JsonObject] = {}
    for pattern in patterns:
        asked = {**query, "dag_id_pattern": pattern, "order_by": "dag_id"}
        found |= {dag["dag_id"]: dag for dag in client.pages("dags", items="dags", query=asked)}
    return found

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a DAG and their task instances, as Airflow's API returns them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.dates import in_utc
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._runs.wanted import Reuse, RunRequest

FINISHED_RUN = ("success", "failed")
REUSABLE = ("queued", "running", "success")
_TIME = re.compile(r"\d{8}T\d{6}Z")


def get_run(client: ApiClient, dag_id: str, run_id: str) -> JsonObject | None:
    try:
        return client.get("dags", dag_id, "dagRuns", run_id)
    except NotFound:
        return None


def newest_runs(client: ApiClient, dag_id: str, prefix: str | None, filters: Mapping[str, Any]) -> Iterator[JsonObject]:
    """The runs of a DAG, or of all DAGs with ``~``, newest first. ``filters``: the API's own; empty: any."""
    query: dict[str, Any] = {"order_by": "-id", **{name: value for name, value in filters.items() if value}}
    # Airflow reads | as "or" and ignores punctuation at the end: its filter only saves pages, the comparison here
    # decides.
    if prefix and "|" not in prefix and prefix != "~":
        query["run_id_prefix_pattern"] = prefix
    seen = set()
    for run in client.pages("dags", dag_id, "dagRuns", items="dag_runs", query=query):
        key = (run["dag_id"], run["dag_run_id"])
        # A run created between two pages shifts the others by one.
        if run["dag_run_id"].startswith(prefix or "") and key not in seen:
            seen.add(key)
            yield run


def find_run(client: ApiClient, wanted: RunRequest) -> JsonObject | None:
    """The run as Airflow has it, None if it or its DAG does not exist."""
    if wanted.reuse:
        return _reusable(client, wanted.dag_id, wanted.reuse)
    if wanted.run_id:
        return get_run(client, wanted.dag_id, wanted.run_id)
    query: JsonObject = {"order_by": "-id", "limit": 1}
    if wanted.logical_date:
        date = in_utc(wanted.logical_date)
        query |= {"logical_date_gte": date, "logical_date_lte": date}
    try:
        page = client.get("dags", wanted.dag_id, "dagRuns", query=query)
    except NotFound:
        return None
    return next(iter(page.get("dag_runs") or []), None)


def _reusable(client: ApiClient, dag_id: str, reuse: Reuse) -> JsonObject | None:
    """The newest run with the prefix that has not failed, unless it is too old."""
    if reuse.oldest is None:
        return None
    try:
        for run in newest_runs(client, dag_id, reuse.prefix, {"state": list(REUSABLE)}):
            time = run["dag_run_id"].removeprefix(reuse.prefix)
            if _TIME.fullmatch(time):
                return run if time >= reuse.oldest else None
    except NotFound:
        pass
    return None

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of a backfill, and waiting until all of them have finished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import PAGE, ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.dates import moment
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.polling import wait_for

RUN_FIELDS = ("dag_run_id", "logical_date", "state", "queued_at", "start_date", "end_date")
# For a backfill with hundreds of failed runs, the first few of them are explanation enough.
MOST_FAILED_RUNS = 5


class BackfillFailed(ApiError):
    """Runs of the backfill that the module waited for have failed."""


def runs_of(client: ApiClient, backfill: JsonObject) -> list[JsonObject]:
    """The runs of a backfill, in the order of their logical dates.

    Airflow's API does not say to which backfill a run belongs. They are those in its range, of its type, that were
    queued after it was created: a run that it found and left alone was queued before.
    """
    path = ("dags", backfill["dag_id"], "dagRuns")
    runs = client.pages(*path, items="dag_runs", query={**_query(backfill), "order_by": "id"})
    mine = [run for run in runs if _belongs(run, backfill)]
    return sorted(mine, key=lambda run: (run["logical_date"] or "", run["dag_run_id"]))


def run_summary(run: JsonObject) -> JsonObject:
    return {field: run.get(field) for field in RUN_FIELDS}


def wait_for_backfill(client: ApiClient, backfill: JsonObject, *, timeout: float, interval: float) -> JsonObject:
    """Wait until every run of a backfill has finished, in whatever state; the backfill."""

    def look() -> tuple[JsonObject | None, str]:
        now = client.get("backfills", str(backfill["id"]))
        paused = "it is paused, " if now["is_paused"] else ""
        unfinished = _unfinished(client, now)
        if unfinished:
            return None, f"{paused}{unfinished}"
        # Airflow's scheduler checks for completed backfills only twice a minute: the runs show it earlier.
        return (now if now["completed_at"] or runs_of(client, now) else None), f"{paused}none of its runs exists yet"

    return wait_for(client, _title(backfill), look, timeout=timeout, interval=interval)


def is_over(client: ApiClient, backfill: JsonObject) -> bool:
    """Whether every run of a backfill has finished, although Airflow's scheduler has not noticed yet."""
    return not _unfinished(client, backfill) and bool(runs_of(client, backfill))


def wait_until_noticed(client: ApiClient, backfill: JsonObject, *, timeout: float, interval: float) -> JsonObject:
    """Wait until Airflow's scheduler has noticed that a backfill has completed, which takes half a minute at most."""

    def look() -> tuple[JsonObject | None, str]:
        now = client.get("backfills", str(backfill["id"]))
        return (now if now["completed_at"] else None), "its runs have finished, but Airflow has not noticed yet"

    return wait_for(client, _title(backfill), look, timeout=timeout, interval=interval)


def describe_runs(runs: Sequence[JsonObject], total: int) -> str:
    """``3 runs have not finished (2 queued, 1 running)``"""
    states = Counter(run["state"] for run in runs)
    counted = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    among = f" among the first {len(runs)}" if total > len(runs) else ""
    return f"{total} {'run has' if total == 1 else 'runs have'} not finished ({counted}{among})"


def failure_of_backfill(backfill: JsonObject, runs: Sequence[JsonObject]) -> BackfillFailed | None:
    """The error for a backfill with failed runs; None if none has failed."""
    failed = [run_summary(run) for run in runs if run["state"] == "failed"]
    if not failed:
        return None
    names = ", ".join(str(run["dag_run_id"]) for run in failed[:MOST_FAILED_RUNS])
    more = f" and {len(failed) - MOST_FAILED_RUNS} others" if len(failed) > MOST_FAILED_RUNS else ""
    cancelled = "It was cancelled. " if backfill["completed_at"] and backfill["is_paused"] else ""
    return BackfillFailed(
        f"{len(failed)} of {len(runs)} runs of the backfill {backfill['id']} of the DAG {backfill['dag_id']} failed: "
        f"{names}{more}. {cancelled}Read their logs with the module airfield.airflow.dag_run_info (logs: true), and "
        "run them again with reprocess_behavior: failed.",
        facts={"failed_runs": failed},
    )


def _unfinished(client: ApiClient, backfill: JsonObject) -> str:
    """How many runs of a backfill have not finished, in words; empty if all have."""
    query = {**_query(backfill), "state": ["queued", "running"], "order_by": "id", "limit": PAGE}
    page = client.get("dags", backfill["dag_id"], "dagRuns", query=query)
    found, total = page["dag_runs"], page.get("total_entries") or 0
    mine = [run for run in found if _belongs(run, backfill)]
    if total > len(found):
        return describe_runs(mine, total)
    return describe_runs(mine, len(mine)) if mine else ""


def _title(backfill: JsonObject) -> str:
    return f"the backfill {backfill['id']} of the DAG {backfill['dag_id']}"


def _query(backfill: JsonObject) -> dict[str, Any]:
    return {"run_type": "backfill", "updated_at_gte": backfill["created_at"]}


def _belongs(run: JsonObject, backfill: JsonObject) -> bool:
    created, first, last = _moments(backfill, "created_at", "from_date", "to_date")
    queued = list(_moments(run, "queued_at"))
    if not queued or queued[0] < created:
        return False
    # A run of a partitioned DAG has a partition instead of a logical date.
    return all(first <= date <= last for date in _moments(run, "logical_date"))


def _moments(thing: JsonObject, *fields: str) -> Iterator[Any]:
    return (found for field in fields if (found := moment(thing.get(field) or "")))

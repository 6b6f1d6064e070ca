# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for runs of DAGs together, whether they already exist or will be started by somebody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.polling import wait_for
from ansible_collections.airfield.airflow.plugins.module_utils._runs.outcome import wait_for_run
from ansible_collections.airfield.airflow.plugins.module_utils._runs.plan import Change
from ansible_collections.airfield.airflow.plugins.module_utils._runs.records import find_run
from ansible_collections.airfield.airflow.plugins.module_utils._runs.wanted import require_same

AT_WORK = ("queued", "running")


def wait_for_changes(client: ApiClient, changes: Sequence[Change], *, timeout: float, interval: float) -> None:
    """Wait until each run exists and has finished, in whatever state; stores it in ``run``."""
    first = changes[0]
    if len(changes) == 1 and first.run:
        run_id = first.run["dag_run_id"]
        first.run = wait_for_run(client, first.wanted.dag_id, run_id, timeout=timeout, interval=interval)
        return
    subject = f"the {first.wanted.title}" if len(changes) == 1 else f"{len(changes)} runs"

    def look() -> tuple[bool | None, str]:
        _refresh(client, [change for change in changes if change.at_work])
        for change in changes:
            if change.run is None:
                change.run = find_run(client, change.wanted)
                if change.run:
                    require_same(change.run, change.wanted)
        waiting = [change for change in changes if change.run is None or change.at_work]
        return (None if waiting else True), _describe(waiting, len(changes))

    wait_for(client, subject, look, timeout=timeout, interval=interval)


def _refresh(client: ApiClient, changes: Sequence[Change]) -> None:
    by_dag: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_dag[change.wanted.dag_id].append(change)
    for dag_id, group in by_dag.items():
        known = {}
        # One request for all active runs of a DAG; those that are not among them have ended.
        if len(group) > 1:
            query = {"order_by": "-id", "state": list(AT_WORK)}
            pages = client.pages("dags", dag_id, "dagRuns", items="dag_runs", query=query)
            known = {run["dag_run_id"]: run for run in pages}
        for change in group:
            run_id = (change.run or {})["dag_run_id"]
            change.run = known.get(run_id) or client.get("dags", dag_id, "dagRuns", run_id)


def _describe(waiting: Sequence[Change], total: int) -> str:
    """``1 of 3 runs finished (hello r2 running, run r3 of the DAG hello does not exist yet)``."""
    if total == 1:
        states = [change.run["state"] if change.run else "not created yet" for change in waiting]
        return f"it is {states[0] if states else 'finished'}"
    parts = [
        f"{change.wanted.dag_id} {change.run['dag_run_id']} {change.run['state']}"
        if change.run
        else f"{change.wanted.title} not created yet"
        for change in waiting[:3]
    ]
    more = f" and {len(waiting) - len(parts)} others" if len(waiting) > len(parts) else ""
    return f"{total - len(waiting)} of {total} runs finished" + (f" ({', '.join(parts)}{more})" if parts else "")

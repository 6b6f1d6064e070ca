# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a DAG and their task instances, as Airflow's API shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import PAGE, ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.dates import in_utc
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._api.polling import wait_for
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_instances import describe_tasks, summary
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_logs import read_log
from ansible_collections.airfield.airflow.plugins.module_utils._runs.wanted import Wanted

FINISHED_RUN = ("success", "failed")
# A run with hundreds of failed tasks is explained by the first few of them.
MOST_FAILED_LOGS = 5


class RunFailed(ApiError):
    """The run that the module waited for has failed."""


def get_run(client: ApiClient, dag_id: str, run_id: str) -> JsonObject | None:
    try:
        return client.get("dags", dag_id, "dagRuns", run_id)
    except NotFound:
        return None


def newest_runs(client: ApiClient, dag_id: str, prefix: str | None, filters: Mapping[str, Any]) -> Iterator[JsonObject]:
    """The runs of a DAG, or of all with ``~``, the one created last first. ``filters``: the API's own; empty: any."""
    query: dict[str, Any] = {"order_by": "-id", **{name: value for name, value in filters.items() if value}}
    # Airflow reads | as "or" and leaves out punctuation at the end: its filter only spares pages, ours decides.
    if prefix and "|" not in prefix and prefix != "~":
        query["run_id_prefix_pattern"] = prefix
    seen = set()
    for run in client.pages("dags", dag_id, "dagRuns", items="dag_runs", query=query):
        key = (run["dag_id"], run["dag_run_id"])
        # A run created while we turn a page shifts the others by one.
        if run["dag_run_id"].startswith(prefix or "") and key not in seen:
            seen.add(key)
            yield run


def wait_for_run(client: ApiClient, dag_id: str, run_id: str, *, timeout: float, interval: float) -> JsonObject:
    """Wait until a run has finished, in whatever state; the run."""

    def look() -> tuple[JsonObject | None, str]:
        run = client.get("dags", dag_id, "dagRuns", run_id)
        if run["state"] in FINISHED_RUN:
            return run, run["state"]
        path = ("dags", dag_id, "dagRuns", run_id, "taskInstances")
        page = client.get(*path, query={"limit": PAGE, "order_by": "id"})
        return None, f"it is {run['state']}, {describe_tasks(page['task_instances'], page.get('total_entries'))}"

    subject = f"the run {run_id} of the DAG {dag_id}"
    return wait_for(client, subject, look, timeout=timeout, interval=interval)


def failure_of(client: ApiClient, run: JsonObject, tasks: Sequence[JsonObject], log_lines: int) -> RunFailed:
    """The error of a failed run: which tasks failed, and the last lines of their logs."""
    failed = [task for task in tasks if task["state"] == "failed"]
    explained = []
    for task in failed[:MOST_FAILED_LOGS]:
        lines = read_log(client, task, log_lines).lines if log_lines else []
        explained.append({**summary(task), "log": lines})
    states = Counter(task["state"] or "not scheduled" for task in tasks)
    counted = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "none"
    told = [f"The run {run['dag_run_id']} of the DAG {run['dag_id']} failed (task instances: {counted})."]
    for item in explained:
        index = f"[{item['map_index']}]" if item["map_index"] >= 0 else ""
        told.append(
            f"Task {item['task_id']}{index} failed at try {item['try_number']} on {item['hostname'] or 'no host'}."
        )
        told += [f"  {line}" for line in item["log"]]
    return RunFailed("\n".join(told), facts={"failed_tasks": explained})


def find_run(client: ApiClient, wanted: Wanted) -> JsonObject | None:
    """The run as Airflow has it, None when there is none, or no such DAG."""
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

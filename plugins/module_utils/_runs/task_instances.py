# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task instances of one run or of many, and their tries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import NotFound

FINISHED_TASK = ("success", "failed", "skipped", "upstream_failed", "removed")
# The fields of a task instance that say where and how it ran; the rest is Airflow's bookkeeping.
TASK_FIELDS = (
    "task_id",
    "map_index",
    "state",
    "hostname",
    "try_number",
    "start_date",
    "end_date",
    "duration",
    "operator",
    "executor",
    "queue",
    "pool",
)

# The placeholder for any id in Airflow's API.
ANY = "~"


def find_tasks(client: ApiClient, wanted: Mapping[str, Any]) -> Iterator[JsonObject]:
    """The matching task instances, newest first; none when there is no such DAG or run.

    ``wanted``: ``dag_id``, ``run_id``, ``task_id``, ``state``, ``pool`` and ``started_after`` (a time), each may be
    missing or empty.
    """
    # Ids are derived from the time of creation (UUID version 7).
    query: dict[str, Any] = {"order_by": "-id"}
    query |= {key: wanted[key] for key in ("task_id", "state", "pool") if wanted.get(key)}
    since: datetime | None = wanted.get("started_after")
    if since:
        query["start_date_gte"] = since.isoformat()
    path = ("dags", wanted.get("dag_id") or ANY, "dagRuns", wanted.get("run_id") or ANY, "taskInstances")
    seen = set()
    try:
        for task in client.pages(*path, items="task_instances", query=query):
            # For newer versions of Airflow, a task that has not started yet starts after any time.
            started = bool(task.get("start_date")) or not since
            # One created between two pages shifts the others by one.
            if started and task["id"] not in seen:
                seen.add(task["id"])
                yield task
    except NotFound:
        return


def tries_of(client: ApiClient, task: JsonObject) -> list[JsonObject]:
    """Every try of a task instance, the first one first; none if it has not run."""
    if not task.get("try_number"):
        return []
    path = ("dags", task["dag_id"], "dagRuns", task["dag_run_id"], "taskInstances", task["task_id"], "tries")
    answer = client.get(*path, query={"map_index": task["map_index"]})
    return sorted(answer["task_instances"], key=lambda task: int(task["try_number"]))


def task_instances(client: ApiClient, dag_id: str, run_id: str) -> list[JsonObject]:
    """Every task instance of a run, in the order in which they started."""
    path = ("dags", dag_id, "dagRuns", run_id, "taskInstances")
    found = client.pages(*path, items="task_instances", query={"order_by": "id"})
    return in_order(found)


def in_order(tasks: Iterable[JsonObject]) -> list[JsonObject]:
    """Task instances in the order in which they started; those that have not started come last."""
    return sorted(tasks, key=lambda task: (task.get("start_date") or "~", task["task_id"], task["map_index"]))


def summary(task: JsonObject) -> JsonObject:
    return {field: task.get(field) for field in TASK_FIELDS}


def describe_tasks(tasks: Sequence[JsonObject], total: int | None) -> str:
    """``1 of 3 task instances finished (sleep running, report scheduled)``."""
    finished = sum(task["state"] in FINISHED_TASK for task in tasks)
    unfinished = [
        f"{task['task_id']} {task['state'] or 'not scheduled'}" for task in tasks if task["state"] not in FINISHED_TASK
    ]
    more = f" and {len(unfinished) - 3} others" if len(unfinished) > 3 else ""
    details = f" ({', '.join(unfinished[:3])}{more})" if unfinished else ""
    among = f"{len(tasks)} task instances"
    if total is not None and total > len(tasks):
        among = f"the first {len(tasks)} of {total} task instances"
    return f"{finished} of {among} finished{details}"

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome of a run: the wait for its end, and the reason for its failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import PAGE, ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.polling import wait_for
from ansible_collections.airfield.airflow.plugins.module_utils._runs.records import FINISHED_RUN
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_instances import describe_tasks, summary
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_logs import read_log

# For a run with hundreds of failed tasks, the first few of them are explanation enough.
MOST_FAILED_LOGS = 5


class RunFailed(ApiError):
    """The run that the module waited for has failed."""


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
    """The error for a failed run: which tasks failed, and the last lines of their logs."""
    failed = [task for task in tasks if task["state"] == "failed"]
    explained = []
    for task in failed[:MOST_FAILED_LOGS]:
        explained.append({**summary(task), "log": _last_lines(client, task, log_lines) if log_lines else []})
    states = Counter(task["state"] or "not scheduled" for task in tasks)
    counted = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "none"
    sentences = [f"The run {run['dag_run_id']} of the DAG {run['dag_id']} failed (task instances: {counted})."]
    for item in explained:
        index = f"[{item['map_index']}]" if item["map_index"] >= 0 else ""
        sentences.append(
            f"Task {item['task_id']}{index} failed at try {item['try_number']} on {item['hostname'] or 'no host'}."
        )
        sentences += [f"  {line}" for line in item["log"]]
    return RunFailed("\n".join(sentences), facts={"failed_tasks": explained})


def _last_lines(client: ApiClient, task: JsonObject, log_lines: int) -> list[str]:
    try:
        return read_log(client, task, log_lines).lines
    except ApiError as error:  # the failure of the run is more important than that of its log
        return [f"Its log cannot be read: {error}"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From evidence to checks. Every function is pure, and missing evidence never passes.

A check is ``{name, expected, found, passed, evidence}``. It contains nothing that differs between two reads of the same
state (no times of reading, no heartbeats), so that a second proof of the same runs gives the same report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.airfield.airflow.plugins.plugin_utils._proof.checks import (
    Json,
    check,
    count,
    task_name,
    tasks_of,
)

# Of a host worker's record: enough to find it again; the input and output of the task may be confidential.
SHOWN_OF_A_REQUEST = ("request_id", "task", "task_id", "try_number", "state", "hostname", "started_at", "finished_at")


def airflow_check(airflow: Mapping[str, Any], version: str | None) -> Json:
    """``airflow`` is what the module airflow_info returned."""
    ill = [
        f"{component} is {state.get('status') or 'missing'}"
        for component, state in (airflow.get("health") or {}).items()
        if state.get("status") not in ("healthy", None) or (state.get("status") is None and not airflow.get("healthy"))
    ]
    found_version = airflow.get("version")
    healthy = airflow.get("healthy") is True
    found = f"Airflow {found_version}, {'healthy' if healthy else ', '.join(ill) or 'not healthy'}"
    right_version = bool(found_version) and version in (None, "", found_version)
    expected = f"Airflow {version}, healthy" if version else "a healthy Airflow"
    answer = found if found_version else str(airflow.get("msg") or "no answer")
    return check("Airflow answers", expected, answer, healthy and right_version)


def run_check(run: Mapping[str, Any]) -> Json:
    """``run`` has dag_id, run_id, error (of the module dag_run) and dag_run (of dag_run_info)."""
    dag_run, tasks = run.get("dag_run") or {}, tasks_of(run)
    failed = [f"{task_name(task)} is {task.get('state')}" for task in tasks if task.get("state") != "success"]
    again = [
        f"{task_name(task)} succeeded at try {task.get('try_number')}"
        for task in tasks
        if task.get("state") == "success" and task.get("try_number") != 1
    ]
    state = dag_run.get("state")
    passed = state == "success" and bool(tasks) and not failed and not again
    if not dag_run:
        found = f"no run {run['run_id']}"
    elif passed:
        duration = dag_run.get("duration")
        found = (
            f"success{f' in {duration:.0f} s' if isinstance(duration, (int, float)) else ''}, {count(tasks, 'task')}"
        )
    else:
        wrong = [*failed, *again] if tasks else ["no task of it is known"]
        found = ", ".join([f"run {run['run_id']} is {state}", *wrong])
    evidence = {"run_id": run["run_id"], "tasks": [_shown_task(task) for task in tasks]}
    if run.get("error") and not passed:
        evidence["error"] = run["error"]
    return check(f"{run['dag_id']} succeeded", "success, each of its tasks at its first try", found, passed, evidence)


def log_file_check(run: Mapping[str, Any], files: Sequence[Mapping[str, Any]], directory: str) -> Json:
    """Each task of the run must have a log file with content on the shared volume, where Airflow puts it."""
    with_content = [file for file in files if int(file.get("size") or 0) > 0]
    missing, paths = [], []
    for task in tasks_of(run):
        ending = log_path(run["dag_id"], run["run_id"], task)
        path = next((str(file["path"]) for file in with_content if str(file["path"]).endswith(f"/{ending}")), None)
        if path:
            paths.append(path)
        else:
            missing.append(ending)
    found = f"{count(paths, 'file')} with content" if paths else "no file with content"
    if missing:
        found += f", none {' and none '.join(missing)}"
    name = f"{run['dag_id']}: log files on the shared volume"
    return check(name, f"a log of each task under {directory}", found, bool(paths) and not missing, paths)


def log_path(dag_id: str, run_id: str, task: Mapping[str, Any]) -> str:
    """Airflow's default ``[logging] log_filename_template``."""
    index = task.get("map_index", -1)
    mapped = f"map_index={index}/" if index not in (None, -1) else ""
    return f"dag_id={dag_id}/run_id={run_id}/task_id={task['task_id']}/{mapped}attempt={task.get('try_number')}.log"


def log_api_check(run: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> Json:
    """Airflow's API must return each task's log, and some logs must contain a line that only a real run writes.

    ``lines`` has dag_id, task_id and contains, in which ``{hostname}`` stands for the task's pod.
    """
    problems, evidence = [], []
    wanted = [line for line in lines if line["dag_id"] == run["dag_id"]]
    tasks = tasks_of(run)
    for task in tasks:
        log = str(task.get("log") or "")
        if task.get("log_error"):
            problems.append(f"the log of {task_name(task)} cannot be read: {str(task['log_error']).rstrip('.')}")
        elif not log.strip():
            problems.append(f"the log of {task_name(task)} is empty")
        for line in wanted:
            if line["task_id"] != task["task_id"]:
                continue
            text = line["contains"].replace("{hostname}", str(task.get("hostname") or "?"))
            if text in log:
                evidence.append(f"{task_name(task)}: {text}")
            elif log.strip():
                problems.append(f"the log of {task_name(task)} does not contain `{text}`")
    for line in wanted:
        if line["task_id"] not in [task["task_id"] for task in tasks]:
            problems.append(f"there is no log of {line['task_id']}")
    expected = "the log of each task" + (f", with {count(wanted, 'expected line')}" if wanted else "")
    found = "; ".join(problems) or (
        f"{count(tasks, 'log')}; {', '.join(evidence)}" if evidence else count(tasks, "log")
    )
    name = f"{run['dag_id']}: logs readable through Airflow's API"
    return check(name, expected, found if tasks else "no log", bool(tasks) and not problems, evidence)


def host_worker_check(run: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> Json:
    """A host worker's own record must contain a request of this very run and task that succeeded.

    ``answers`` has of each host worker: host, status (of HTTP), error and requests (of ``GET /requests``).
    """
    tasks = [(task["task_id"], task.get("try_number")) for task in tasks_of(run)]
    # The request's context says which task it came from.
    records = [
        (answer["host"], {**request, **(context if isinstance(context, Mapping) else {})})
        for answer in answers
        for request in answer.get("requests") or []
        for context in [request.get("context")]
    ]
    requests = [
        (host, request)
        for host, request in records
        if request.get("dag_id") == run["dag_id"] and request.get("run_id") == run["run_id"]
    ]
    done = [
        (host, request)
        for host, request in requests
        if request.get("state") == "succeeded" and (request.get("task_id"), request.get("try_number")) in tasks
    ]
    if done:
        found = ", ".join(f"{request.get('task')} succeeded on {host}" for host, request in done)
    elif requests:
        found = ", ".join(f"{request.get('task')} is {request.get('state')} on {host}" for host, request in requests)
    elif not answers:
        found = "group host_workers has no host"
    else:
        found = "; ".join(
            f"{answer['host']}: {answer.get('error') or 'HTTP status ' + str(answer.get('status'))}"
            if answer.get("status") != 200
            else f"{answer['host']} has no request of run {run['run_id']}"
            for answer in answers
        )
    evidence = [
        {"host": host, **{key: request.get(key) for key in SHOWN_OF_A_REQUEST}} for host, request in done or requests
    ]
    name = f"{run['dag_id']}: executed by a host worker"
    return check(name, "a succeeded request of this run in the worker's own record", found, bool(done), evidence)


def _shown_task(task: Mapping[str, Any]) -> Json:
    return {"task": task_name(task), **{key: task.get(key) for key in ("state", "hostname", "try_number", "duration")}}

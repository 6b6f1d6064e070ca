# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing one or many runs of DAGs to their state: all are planned first, then changed, then waited for together."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, WaitTimedOut
from ansible_collections.airfield.airflow.plugins.module_utils._api.for_each import ITEM_ERRORS, combine, for_each
from ansible_collections.airfield.airflow.plugins.module_utils._dags.readiness import Warn
from ansible_collections.airfield.airflow.plugins.module_utils._runs.outcome import failure_of
from ansible_collections.airfield.airflow.plugins.module_utils._runs.plan import Change, Planner
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_instances import summary, task_instances
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_logs import logged_summary
from ansible_collections.airfield.airflow.plugins.module_utils._runs.wait import wait_for_changes
from ansible_collections.airfield.airflow.plugins.module_utils._runs.wanted import (
    Params,
    RunRefused,
    diff_fields,
    run_requests,
)

Result = dict[str, Any]
# For a hundred failed runs, the logs of the first few are explanation enough.
MOST_EXPLAINED = 5


def sync(client: ApiClient, params: Params, *, check_mode: bool, warn: Warn) -> Result:
    wanted = run_requests(params)
    if params["newest"] and params["state"] == "absent":
        raise RunRefused("newest with state: absent would delete another run each time: give the run's run_id.")
    if params["dag_version"] and params["state"] != "rerun":
        raise RunRefused("dag_version requires state: rerun. A triggered run gets the latest version.")
    if params["dag_version"]:
        client.require("3.1", "dag_version")
    if params["state"] != "present" and any(request.reuse for request in wanted):
        raise RunRefused("run_id_prefix requires state: present. Name the run with its run_id.")
    planner = Planner(client, params, check_mode=check_mode, warn=warn)
    changes = for_each(wanted, planner.plan)
    demands_success = params["wait"] and params["state"] in ("present", "rerun")
    try:
        try:
            for_each(changes, _predict if check_mode else _act)
        except ApiError:
            # That others could not be triggered says nothing about those that have finished.
            finished = [change for change in changes if change.run and not change.at_work]
            if demands_success and params["state"] == "present":
                with contextlib.suppress(ApiError), client.single_attempts():
                    _read_tasks(client, params, finished, check_mode=check_mode, warn=warn)
                    _failures(client, finished, params["log_lines"])
            raise
        # A run's progress is not a change of ours.
        diff = _diff(changes, params)
        try:
            if params["wait"] and not check_mode:
                _wait(client, params, changes)
        except WaitTimedOut as error:
            # What the tasks are doing explains more than the timeout, as far as Airflow answers.
            with client.single_attempts():
                with contextlib.suppress(ApiError):
                    _read_tasks(client, params, changes, check_mode=check_mode, warn=warn)
                failures = _failures(client, changes, params["log_lines"]) if demands_success else []
            message = "\n".join(map(str, [error, *failures]))
            raise WaitTimedOut(message, status=error.status, facts=error.facts) from error
        _read_tasks(client, params, changes, check_mode=check_mode, warn=warn)
        if demands_success:
            failures = _failures(client, changes, params["log_lines"])
            if failures:
                raise combine(failures)
    except ApiError as error:
        error.facts = {**_result(changes, params), **error.facts}
        raise
    return {**_result(changes, params), "diff": diff}


def _predict(change: Change) -> None:
    change.run, change.changed = change.predicted, bool(change.acts)


def _act(change: Change) -> None:
    for act in change.acts:
        change.run, change.changed = act(), True
        if change.run:
            change.wanted = change.wanted.as_found(change.run)


def _wait(client: ApiClient, params: Params, changes: Sequence[Change]) -> None:
    to_come = params["state"] == "present"
    waiting = [change for change in changes if change.at_work or (to_come and change.run is None)]
    if waiting:
        wait_for_changes(client, waiting, timeout=params["wait_timeout"], interval=params["poll_interval"])


def _read_tasks(client: ApiClient, params: Params, changes: Sequence[Change], *, check_mode: bool, warn: Warn) -> None:
    """Read the task instances of all runs, then their logs. Each run also gets the error that concerns it."""
    errors: list[ApiError] = []
    for change in changes:
        just_triggered = change.changed and change.found is None and (check_mode or not params["wait"])
        if change.run is None or just_triggered:
            continue
        # After any other error there is no point in going on.
        if not errors or isinstance(errors[-1], ITEM_ERRORS):
            try:
                change.tasks = task_instances(client, change.run["dag_id"], change.run["dag_run_id"])
                continue
            except ApiError as error:
                errors.append(error)
        change.error = str(errors[-1])
    if params["task_log_lines"] is not None:
        _read_logs(client, changes, params["task_log_lines"], warn)
    if errors:
        raise combine(errors)


def _read_logs(client: ApiClient, changes: Sequence[Change], lines: int, warn: Warn) -> None:
    """Read the log of each task instance; one that cannot be read does not keep the others from being shown."""
    with contextlib.ExitStack() as stack:
        for change in changes:
            for task in change.tasks:
                try:
                    shown = logged_summary(client, task, lines)
                except ApiError as error:
                    if error.retry:
                        # It was tried several times already: for the other logs, one attempt each is enough.
                        stack.enter_context(client.single_attempts())
                    run = f"the run {task['dag_run_id']} of the DAG {task['dag_id']}"
                    warn(f"The log of {task['task_id']} of {run} cannot be read: {error}")
                    shown = {**summary(task), "log": "", "log_sources": [], "log_error": str(error)}
                change.shown_tasks.append(shown)


def _failures(client: ApiClient, changes: Sequence[Change], log_lines: int) -> list[ApiError]:
    """The error for each run that failed, which the run also gets."""
    failures: list[ApiError] = []
    for change in changes:
        # Without its task instances there is nothing to say but why they cannot be read.
        if change.run and change.run["state"] == "failed" and change.error is None:
            lines = log_lines if len(failures) < MOST_EXPLAINED else 0
            failure = failure_of(client, change.run, change.tasks, lines)
            change.failed_tasks = failure.facts.pop("failed_tasks")
            change.error = str(failure)
            failures.append(failure)
    return failures


def _diff(changes: Sequence[Change], params: Params) -> Result:
    also = ("state",) if params["state"] in ("cancelled", "rerun") else ()
    pairs = [
        (change.wanted.title, diff_fields(change.found, *also), diff_fields(change.run, *also)) for change in changes
    ]
    if params["runs"] is None:
        return {"before": pairs[0][1], "after": pairs[0][2]}
    return {
        "before": {title: before for title, before, _after in pairs if before},
        "after": {title: after for title, _before, after in pairs if after},
    }


def _result(changes: Sequence[Change], params: Params) -> Result:
    runs: list[Result] = []
    for change in changes:
        result: Result = {"task_instances": change.shown_tasks or [summary(task) for task in change.tasks]}
        if change.failed_tasks is not None:
            result["failed_tasks"] = change.failed_tasks
        runs.append({"dag_run": change.run, **result})
    changed = any(change.changed for change in changes)
    if params["runs"] is None:
        return {"changed": changed, **runs[0]}
    there = [
        {
            **result.pop("dag_run"),
            **result,
            "changed": change.changed,
            **({"error": change.error} if change.error else {}),
        }
        for change, result in zip(changes, runs, strict=True)
        if result["dag_run"]
    ]
    return {"changed": changed, "dag_runs": there}

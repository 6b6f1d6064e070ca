# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do about a run of a DAG to bring it to its state. Planning only reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._dags.readiness import (
    Blocker,
    DagNotReady,
    Warn,
    blocker_of,
    require_runnable,
)
from ansible_collections.airfield.airflow.plugins.module_utils._runs.records import FINISHED_RUN, find_run
from ansible_collections.airfield.airflow.plugins.module_utils._runs.requests import clear, delete, patch, trigger
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_instances import task_instances
from ansible_collections.airfield.airflow.plugins.module_utils._runs.wanted import (
    Params,
    RunRefused,
    RunRequest,
    require_same,
)

RERUN_TASKS = ("failed", "upstream_failed")


@dataclass
class Change:
    """One run: ``found`` before, ``run`` now, ``predicted`` as far as the result of ``acts`` is known.

    Without ``acts`` there is nothing to do. For the result there are ``tasks``, ``shown_tasks`` (with logs),
    ``failed_tasks`` and ``error``.
    """

    wanted: RunRequest
    found: JsonObject | None
    run: JsonObject | None
    predicted: JsonObject | None
    acts: Sequence[Callable[[], JsonObject | None]] = ()
    changed: bool = False
    tasks: list[JsonObject] = field(default_factory=list)
    shown_tasks: list[JsonObject] = field(default_factory=list)
    failed_tasks: list[JsonObject] | None = None
    error: str | None = None

    @property
    def at_work(self) -> bool:
        return self.run is not None and self.run["state"] not in FINISHED_RUN


class Planner:
    def __init__(self, client: ApiClient, params: Params, *, check_mode: bool, warn: Warn) -> None:
        self.client = client
        self.params = params
        self.check_mode = check_mode
        self.warn = warn
        self._obstacles: dict[str, Blocker | None] = {}

    def plan(self, wanted: RunRequest) -> Change:
        """Raise ``RunRefused`` where the state cannot be reached."""
        plans = {"present": self._present, "absent": self._absent, "cancelled": self._cancelled, "rerun": self._rerun}
        return plans[self.params["state"]](wanted, find_run(self.client, wanted))

    def _present(self, wanted: RunRequest, found: JsonObject | None) -> Change:
        if found is not None:
            wanted = wanted.as_found(found)
            require_same(found, wanted)
            return self._left_running(wanted, found)
        if self.params["trigger"] and not wanted.newest:
            self._demand_startable(wanted.dag_id)
            predicted = {
                "dag_run_id": wanted.run_id,
                "dag_id": wanted.dag_id,
                "state": "queued",
                "conf": wanted.conf or {},
                "logical_date": wanted.logical_date.isoformat() if wanted.logical_date else None,
                "note": wanted.note or None,
            }
            return Change(wanted, None, None, predicted, [partial(trigger, self.client, wanted)])
        if not self.params["wait"]:
            raise RunRefused(f"The {wanted.title} does not exist. Set wait: true to wait for it.")
        self._demand_startable(wanted.dag_id)
        if self.check_mode:
            self.warn(f"The {wanted.title} does not exist yet: outside check mode the module waits for it.")
        return Change(wanted, None, None, None)

    def _absent(self, wanted: RunRequest, found: JsonObject | None) -> Change:
        if found is None:
            return Change(wanted, None, None, None)
        # Airflow 3.0 deletes a run while its tasks are running, later versions refuse: here it is the same for all.
        if found["state"] == "running":
            raise RunRefused(f"The {wanted.title} is running: cancel it with state: cancelled before deleting it.")
        return Change(wanted, found, found, None, [partial(delete, self.client, found)])

    def _cancelled(self, wanted: RunRequest, found: JsonObject | None) -> Change:
        if found is None:
            return Change(wanted, None, None, None)
        return self._patched(wanted, found, {} if found["state"] in FINISHED_RUN else {"state": "failed"})

    def _rerun(self, wanted: RunRequest, found: JsonObject | None) -> Change:
        if found is None:
            raise RunRefused(
                f"The {wanted.title} does not exist, so it cannot run again: trigger it with state: present."
            )
        only_failed = self.params["rerun_tasks"] == "failed"
        if found["state"] not in (("failed",) if only_failed else FINISHED_RUN):
            return self._left_running(wanted, found)
        if only_failed:
            tasks = task_instances(self.client, found["dag_id"], found["dag_run_id"])
            if not any(task["state"] in RERUN_TASKS for task in tasks):
                raise RunRefused(
                    f"The {wanted.title} has failed without a failed task, like one that was cancelled before it "
                    "started: run all of it again with rerun_tasks: all."
                )
        self._demand_startable(wanted.dag_id)
        patched = self._patched(wanted, found, {})
        predicted = {**found, **(patched.predicted or {}), "state": "queued"}
        again = partial(clear, self.client, found, only_failed=only_failed, version=self.params["dag_version"])
        return Change(wanted, found, found, predicted, [*patched.acts, again])

    def _left_running(self, wanted: RunRequest, found: JsonObject) -> Change:
        """A run that is not started here, though it may be waited for."""
        if self.params["wait"] and not self.check_mode and found["state"] not in FINISHED_RUN:
            problem = self._obstacle(wanted.dag_id)
            if problem:
                raise DagNotReady(f"The run {found['dag_run_id']} is {found['state']}. {problem.text}")
        return self._patched(wanted, found, {})

    def _patched(self, wanted: RunRequest, found: JsonObject, body: JsonObject) -> Change:
        predicted = {**found, **body}
        if wanted.note is not None and wanted.note != (found.get("note") or ""):
            predicted["note"] = wanted.note or None
            body = {**body, "note": wanted.note}
        if not body:
            return Change(wanted, found, found, found)
        return Change(wanted, found, found, predicted, [partial(patch, self.client, found, body)])

    def _demand_startable(self, dag_id: str) -> None:
        known = dag_id in self._obstacles
        require_runnable(
            self._obstacle(dag_id),
            wait=self.params["wait"],
            check_mode=self.check_mode,
            warn=(lambda _text: None) if known else self.warn,
        )

    def _obstacle(self, dag_id: str) -> Blocker | None:
        if dag_id not in self._obstacles:
            self._obstacles[dag_id] = blocker_of(self.client, dag_id)
        return self._obstacles[dag_id]

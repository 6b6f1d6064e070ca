# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks that this worker may run: those that an installed package registers by name, and nothing else.

A package registers a task by an entry point in the group ``airfield_host_worker.tasks``; the entry point names a
function ``task(parameters, context)`` that returns anything that JSON can represent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from airfield_host_worker.request import RunRequest

ENTRY_POINT_GROUP = "airfield_host_worker.tasks"

log = logging.getLogger(__name__)


class TaskError(Exception):
    """A task's own error: its message is returned to the caller unchanged, without a traceback."""


@dataclass(frozen=True)
class TaskContext:
    """Who requested this task. A task that writes something can use ``request_id`` to write it only once."""

    request_id: str
    dag_id: str
    run_id: str
    task_id: str
    try_number: int
    map_index: int

    @classmethod
    def of(cls, request: RunRequest) -> TaskContext:
        return cls(
            request_id=request.request_id,
            dag_id=request.dag_id,
            run_id=request.run_id,
            task_id=request.task_id,
            try_number=request.try_number,
            map_index=request.map_index,
        )


Task = Callable[[Mapping[str, Any], TaskContext], Any]


@dataclass(frozen=True)
class Registry:
    """``tasks`` by name, and the reason for each registered name that cannot be used."""

    tasks: Mapping[str, Task]
    broken: Mapping[str, str]

    @classmethod
    def load(cls) -> Registry:
        """Import every registered task. One broken package must not disable the tasks of others: it is logged."""
        by_name: dict[str, list[EntryPoint]] = {}
        for point in entry_points(group=ENTRY_POINT_GROUP):
            by_name.setdefault(point.name, []).append(point)
        tasks: dict[str, Task] = {}
        broken: dict[str, str] = {}
        for name, points in sorted(by_name.items()):
            try:
                tasks[name] = _only(points)
            except Exception as error:  # noqa: BLE001 - another package may raise anything during its import
                broken[name] = f"{type(error).__name__}: {error}"
                log.error("task cannot be used", extra={"task": name, "reason": broken[name]})
        return cls(tasks=tasks, broken=broken)


def _only(points: list[EntryPoint]) -> Task:
    targets = sorted({point.value for point in points})
    if len(targets) > 1:
        raise TaskError(f"registered more than once, as {' and '.join(targets)}: rename all but one.")
    task = points[0].load()
    if not callable(task):
        raise TaskError(f"{targets[0]} is not a function.")
    return task  # type: ignore[no-any-return]

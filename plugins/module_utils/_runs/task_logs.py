# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a task's log through Airflow's API."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._progress import report_progress
from ansible_collections.airfield.airflow.plugins.module_utils._runs.task_instances import summary

MOST_PAGES = 100
SOURCES = "::group::Log message source details"
END_OF_GROUP = "::endgroup::"


@dataclass(frozen=True)
class TaskLog:
    """The content of a log.

    ``lines``: the last lines. ``sources``: where Airflow read them, as paths or URLs, or why it could not. ``total``:
    the number of lines, shown or not. ``ended``: whether Airflow said that the log is complete.
    """

    lines: list[str]
    sources: list[str]
    total: int = 0
    ended: bool = True


def logged_summary(client: ApiClient, task: JsonObject, last: int) -> JsonObject:
    """The fields of a task instance that modules return, with the log of its last try."""
    report_progress(f"reading the log of {task['task_id']} of the run {task['dag_run_id']}")
    log = read_log(client, task, last)
    return {**summary(task), "log": "\n".join(log.lines), "log_sources": log.sources}


def read_log(client: ApiClient, task: JsonObject, last: int) -> TaskLog:
    """The log of a task instance's last try; empty if it has not run. ``last``: the number of lines, 0 for all."""
    if not task.get("try_number"):
        return TaskLog([], [])
    try:
        return read_try(client, task, task["try_number"], last)
    except NotFound:  # the try is no longer recorded: there is no log to show
        return TaskLog([], [])


def read_try(client: ApiClient, task: JsonObject, try_number: int, last: int) -> TaskLog:
    """The log of any try of a task instance; raises ``NotFound`` for an unknown try."""
    reading = _Reading(last)
    ended = True
    for page in _pages(client, task, try_number):
        ended = not page.get("continuation_token")
        content = page.get("content") or []
        for message in content.splitlines() if isinstance(content, str) else content:
            reading.take(message)
    return TaskLog(list(reading.lines), reading.sources, reading.total, ended)


class _Reading:
    """Separates the task's own output from Airflow's message about where it read the log."""

    def __init__(self, last: int) -> None:
        self.lines: deque[str] = deque(maxlen=last or None)
        self.sources: list[str] = []
        self.total = 0
        self._among_sources = False

    def take(self, message: Any) -> None:
        event = str((message.get("event") if isinstance(message, dict) else message) or "")
        if event.startswith(SOURCES):
            # Airflow 3.0 lists all sources here; later versions send a message for each, up to the end of the group.
            named = message.get("sources") if isinstance(message, dict) else None
            self.sources += [str(source) for source in named or ()]
            self._among_sources = named is None
        elif event.startswith(END_OF_GROUP):
            self._among_sources = False
        elif self._among_sources:
            self.sources.append(event)
        else:
            rendered = render(message)
            self.lines.extend(rendered)
            self.total += len(rendered)


def _pages(client: ApiClient, task: JsonObject, try_number: int) -> Iterator[JsonObject]:
    path = ("dags", task["dag_id"], "dagRuns", task["dag_run_id"], "taskInstances", task["task_id"])
    query: dict[str, Any] = {"map_index": task["map_index"], "full_content": True}
    for _page in range(MOST_PAGES):
        answer = client.get(*path, "logs", str(try_number), query=query)
        yield answer
        token = answer.get("continuation_token")
        # A running task's log has no end: an empty page means that there is no more for now.
        if not token or not answer.get("content"):
            return
        query["token"] = token


def render(message: Any) -> list[str]:
    """The lines of one message: a string, or a map with ``timestamp``, ``level``, ``event`` and ``error_detail``."""
    if not isinstance(message, dict):
        return str(message).splitlines()
    event = str(message.get("event") or "")
    # Markers with which the UI folds lines, not output of the task.
    if event.startswith(("::group::", END_OF_GROUP)):
        return []
    head = " ".join(str(message[key]) for key in ("timestamp", "level") if message.get(key))
    lines = [f"{head} {line}".strip() for line in event.splitlines() or [""]]
    for failure in message.get("error_detail") or ():
        if isinstance(failure, dict):
            lines += _render_exception(failure)
    return lines


def _render_exception(failure: JsonObject) -> list[str]:
    frames = [
        f'  File "{frame.get("filename")}", line {frame.get("lineno")}, in {frame.get("name")}'
        for frame in failure.get("frames") or ()
        if isinstance(frame, dict)
    ]
    return [*frames, *f"{failure.get('exc_type')}: {failure.get('exc_value')}".splitlines()]

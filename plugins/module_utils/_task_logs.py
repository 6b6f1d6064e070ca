# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a task's log through Airflow's API."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api_client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api_errors import NotFound

MOST_PAGES = 100


@dataclass(frozen=True)
class TaskLog:
    """``lines``: the last lines; ``sources``: where Airflow read them, as paths or URLs, or why it could not."""

    lines: list[str]
    sources: list[str]


def read_log(client: ApiClient, task: JsonObject, last: int) -> TaskLog:
    """The log of a task instance's last try; empty for one that has not run. ``last``: how many lines, 0 for all."""
    lines: deque[str] = deque(maxlen=last or None)
    sources: list[str] = []
    if not task.get("try_number"):
        return TaskLog([], [])
    for message in _messages(client, task):
        if isinstance(message, dict):
            sources += [str(source) for source in message.get("sources") or ()]
        lines.extend(render(message))
    return TaskLog(list(lines), sources)


def _messages(client: ApiClient, task: JsonObject) -> Iterator[Any]:
    path = ("dags", task["dag_id"], "dagRuns", task["dag_run_id"], "taskInstances", task["task_id"])
    query: dict[str, Any] = {"map_index": task["map_index"], "full_content": True}
    for _page in range(MOST_PAGES):
        try:
            answer = client.get(*path, "logs", str(task["try_number"]), query=query)
        except NotFound:  # the try is not recorded any more: there is no log to show
            return
        content = answer.get("content") or []
        yield from content.splitlines() if isinstance(content, str) else content
        token = answer.get("continuation_token")
        # A running task's log has no end: an empty page is as far as it goes for now.
        if not token or not content:
            return
        query["token"] = token


def render(message: Any) -> list[str]:
    """The lines of one message: a text, or a map with ``timestamp``, ``level``, ``event`` and ``error_detail``."""
    if not isinstance(message, dict):
        return str(message).splitlines()
    event = str(message.get("event") or "")
    # Marks with which the UI folds lines, not something that a task said.
    if event.startswith(("::group::", "::endgroup::")):
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

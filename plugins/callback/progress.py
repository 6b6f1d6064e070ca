# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: progress
type: aggregate
short_description: Report the progress of long tasks, and show the proof or the overview at the end
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - While a task runs for more than ten seconds, prints a line every ten seconds with its name, how long it has been
    running, and the latest progress message of its module.
  - At the end prints the report of the role P(airfield.airflow.verify#role) as a table, and the result of the module
    M(airfield.airflow.overview) on one screen.
  - Shows only the name of a task with C(no_log).
requirements:
  - enabled in the configuration, C(callbacks_enabled = airfield.airflow.progress)
"""

import atexit
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible import constants as C
from ansible.plugins.callback import CallbackBase
from ansible_collections.airfield.airflow.plugins.module_utils._progress import PROGRESS_FILE_VARIABLE
from ansible_collections.airfield.airflow.plugins.plugin_utils._screen.overview import screen
from ansible_collections.airfield.airflow.plugins.plugin_utils._screen.progress import ProgressBoard
from ansible_collections.airfield.airflow.plugins.plugin_utils._screen.report import table

SECONDS_BETWEEN_LOOKS = 1.0
OVERVIEW = "airfield.airflow.overview"


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core has no type hints for others
    """Prints in addition to the callback that writes the results of the tasks."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "airfield.airflow.progress"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, clock: Callable[[], float] = time.monotonic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock = clock
        self._board: ProgressBoard | None = None
        self._ended = threading.Event()
        self._reports: list[dict[str, Any]] = []
        self._overviews: list[dict[str, Any]] = []

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Set everything up before the first worker process is forked: it inherits the environment."""
        if self._board is not None:
            return
        directory = Path(tempfile.mkdtemp(prefix="airfield-progress-"))
        # Also when the user presses Ctrl-C; the forked worker processes exit without running this.
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
        self._board = ProgressBoard(directory / "line")
        os.environ[PROGRESS_FILE_VARIABLE] = str(directory / "line")
        threading.Thread(target=self._watch, name="airfield-progress", daemon=True).start()

    def _watch(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            self.tick()

    def tick(self) -> None:
        """Print a line about the running task when one is due."""
        line = self._board.due_line(self._clock()) if self._board else None
        if line is not None:
            self._display.display(line, color=C.COLOR_VERBOSE)
        # Ansible flushes its output to a pipe or a file only when its buffer is full: nobody would see that a task
        # started.
        sys.stdout.flush()

    def _start(self, task: Any) -> None:
        if self._board is not None:
            secret = (
                task.no_log is not None and task.no_log is not False
            )  # a template counts: its value is not known here
            self._board.start(task.get_name().strip(), self._clock(), secret=secret)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._start(task)

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self._start(task)

    def v2_playbook_on_cleanup_task_start(self, task: Any) -> None:
        self._start(task)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        if self._board is not None:
            self._board.end()

    def _keep_report(self, result: Any) -> None:
        # Ansible has already removed everything from a result with no_log. Before 2.19 only the private name existed.
        data = result.result if hasattr(result, "result") else result._result
        report = data.get("airfield_report")
        if isinstance(report, dict) and report not in self._reports:
            self._reports.append(report)
        task = result.task if hasattr(result, "task") else result._task
        if task.resolved_action == OVERVIEW and "attention" in data:
            self._overviews.append(data)

    def v2_runner_on_ok(self, result: Any) -> None:
        self._keep_report(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._keep_report(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Stop the progress lines and show the reports, after the recap of the default callback."""
        self._ended.set()
        if self._board is not None:
            self._board.end()
        colours = {True: C.COLOR_OK, False: C.COLOR_ERROR, None: None}
        for report in self._reports:
            for line in table(report, shutil.get_terminal_size((120, 24)).columns):
                self._display.display(line.text, color=colours[line.passed])
            self._display.display("")
        for overview in self._overviews:
            lines = screen(overview)
            verdict = len(lines) - lines[::-1].index("")  # it is the last paragraph
            for at, text in enumerate(lines):
                self._display.display(text, color=colours[overview["healthy"]] if at >= verdict else None)

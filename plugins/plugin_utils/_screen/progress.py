# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the progress callback knows about the running task, and when to print it."""

from __future__ import annotations

import threading
from pathlib import Path

SECONDS_BETWEEN_LINES = 10.0


def spoken_duration(seconds: float) -> str:
    """``45 s`` or ``3 min 5 s``."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class ProgressBoard:
    """Combines the running task's name with the line that its module left in the progress file.

    The main thread starts and ends tasks, another one requests lines: every method can be called from both.
    """

    def __init__(self, file: Path, interval: float = SECONDS_BETWEEN_LINES) -> None:
        self._file = file
        self._interval = interval
        self._lock = threading.Lock()
        self._name: str | None = None
        self._secret = False
        self._started = 0.0
        self._next_line = 0.0

    def start(self, name: str, now: float, *, secret: bool = False) -> None:
        """A task starts; of a ``secret`` one (no_log) only name and time are ever shown."""
        with self._lock:
            # The progress of the previous task does not apply to this one.
            self._file.unlink(missing_ok=True)
            self._name, self._secret, self._started = name, secret, now
            self._next_line = now + self._interval

    def end(self) -> None:
        """No task runs any more."""
        with self._lock:
            self._name = None

    def due_line(self, now: float) -> str | None:
        """The line to show now, or None when it is not yet time for one."""
        with self._lock:
            if self._name is None or now < self._next_line:
                return None
            while self._next_line <= now:  # after a suspended laptop wakes up: one line, not a thousand
                self._next_line += self._interval
            head = f"  … {self._name} ({spoken_duration(now - self._started)})"
            said = "" if self._secret else self._said()
            return f"{head}: {said}" if said else head

    def _said(self) -> str:
        try:
            text = self._file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return " ".join(text.split())

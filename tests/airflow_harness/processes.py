# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a run: started with a log each, watched, and ended together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ansible_collections.airfield.airflow.tests.airflow_harness import sessions

LAST_LINES = 30
PATIENCE_TO_END = 5.0

Command = Sequence[str | Path]


class Failed(Exception):
    """The test harness itself does not work; the message says what failed, with the last lines of its log."""


class Stopping(Failed):
    """The run is being stopped: nothing new may start."""


@dataclass(frozen=True)
class Process:
    name: str
    popen: subprocess.Popen[str]
    started: int
    log: Path
    ask: int

    def check(self) -> None:
        """Raise ``Failed`` if it has ended: it must not end by itself."""
        if (code := self.popen.poll()) is not None:
            raise Failed(f"{self.name} ended with code {code}. {self.last_lines()}")

    def last_lines(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return f"The last lines of {self.log.name}:\n" + "\n".join(lines[-LAST_LINES:])


class Processes:
    """Keeps a file for each process in ``directory``, so that a later run finds leftovers of a killed one."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._running: list[Process] = []
        self._lock = threading.Lock()
        self._stopping = False

    def start(
        self,
        name: str,
        command: Command,
        *,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
        ask: int = signal.SIGTERM,
        stdout: int | IO[str] | None = None,
    ) -> Process:
        """Start a program as the leader of a session. ``ask`` is the signal that makes it terminate.

        ``user``: the user to run it as, if another one. ``stdout``: where its output goes, its log by default.
        """
        log = self.directory / f"{name}.log"
        with self._lock, log.open("a") as file:
            if self._stopping:
                raise Stopping(f"{name} is not started: the run is being stopped")
            popen = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd or self.directory,
                env=dict(os.environ if environment is None else environment),
                stdin=subprocess.DEVNULL,
                stdout=file if stdout is None else stdout,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=[] if user else None,
            )
            seen = sessions.look(popen.pid)
            process = Process(name, popen, seen.started if seen else 0, log, ask)
            self._running.append(process)
            note = {"pid": popen.pid, "started": process.started, "ask": ask, "boot": sessions.boot()}
            (self.directory / f"{popen.pid}.process").write_text(json.dumps(note))
        return process

    def run(
        self,
        name: str,
        command: Command,
        *,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
        patience: float = 300,
    ) -> None:
        """Run a program to its end; raise ``Failed`` with its last lines unless its exit code is a good one."""
        process = self.start(name, command, environment=environment, cwd=cwd, user=user)
        try:
            code = process.popen.wait(patience)
        except subprocess.TimeoutExpired:
            raise Failed(f"{name} has not ended within {patience:g} s. {process.last_lines()}") from None
        finally:
            self.end(process)
        if code:
            raise Failed(f"{name} ended with code {code}. {process.last_lines()}")

    def end(self, *processes: Process) -> None:
        """End these with everything that they started, and forget them."""
        sessions.end({one.popen.pid: (one.started, one.ask) for one in processes}, PATIENCE_TO_END)
        for process in processes:
            process.popen.wait()
            (self.directory / f"{process.popen.pid}.process").unlink(missing_ok=True)
            with self._lock:
                self._running = [one for one in self._running if one is not process]

    def end_all(self) -> None:
        """End everything, newest first, and let nothing start any more."""
        with self._lock:
            self._stopping = True
            running = list(reversed(self._running))
        # The database last, when it has no clients any more.
        for kind in (signal.SIGTERM, signal.SIGINT):
            self.end(*(process for process in running if process.ask == kind))

    def wait(self, seconds: float, *watched: Process) -> None:
        """Sleep, and raise ``Failed`` as soon as one of ``watched`` ends, ``Stopping`` when the run does."""
        until = time.monotonic() + seconds
        while True:
            if self._stopping:
                raise Stopping("the run is being stopped")
            for process in watched:
                process.check()
            if time.monotonic() >= until:
                return
            time.sleep(0.1)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one command, or two connected by a pipe, with a log file of their output that is read while they run."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from ansible_collections.airfield.airflow.plugins.module_utils._signals import signals_raise

TAIL_LINES = 30
PROGRESS_LENGTH = 120
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_TO_END_POLITELY = 5.0
_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_READ_SIZE = 1 << 20
_LONGEST_UNFINISHED_LINE = 4096


class Terminated(Exception):
    """The module itself was asked to terminate (Ctrl-C, a stopped playbook)."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal.Signals(signal_number).name)


@dataclass
class Outcome:
    """How the command ended: one return code for each command of the pipe, -15 for one that SIGTERM ended."""

    return_codes: list[int]
    duration: float
    lines: int
    tail: list[str] = field(default_factory=list)
    timed_out: bool = False

    @property
    def return_code(self) -> int:
        """The exit code to report: a command that died because its reader had exited is not the cause."""
        failed = [code for code in self.return_codes if code]
        causes = [code for code in failed if code != -signal.SIGPIPE]
        return (causes or failed or [0])[0]


class LogFollower:
    """Counts the lines of a growing file and keeps the newest ones, without ever reading the whole file into memory."""

    def __init__(self, path: str, start: int = 0) -> None:
        self._path = path
        self._offset = start
        self._unfinished = b""
        self.lines = 0
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)

    def look(self) -> None:
        """Read what was appended since the last call."""
        with open(self._path, "rb") as file:
            file.seek(self._offset)
            while chunk := file.read(_READ_SIZE):
                self._offset += len(chunk)
                *finished, self._unfinished = (self._unfinished + chunk).split(b"\n")
                self._unfinished = self._unfinished[-_LONGEST_UNFINISHED_LINE:]
                self.lines += len(finished)
                for line in finished[-4 * TAIL_LINES :]:
                    self._keep(line)

    def finish(self) -> None:
        """Count a last line without a line end."""
        self.look()
        if self._unfinished:
            self.lines += 1
            self._keep(self._unfinished)
            self._unfinished = b""

    @property
    def newest(self) -> str:
        """The newest line that is not empty; for a progress bar that rewrites its line, the current state."""
        return readable(self._unfinished) or (self.tail[-1] if self.tail else "")

    def _keep(self, line: bytes) -> None:
        if text := readable(line):
            self.tail.append(text)


def readable(line: bytes) -> str:
    """What a terminal would still show of a line: the part after the last carriage return, without colours."""
    text = _ESCAPE_SEQUENCE.sub("", line.decode("utf-8", "replace"))
    parts = [part.strip() for part in text.split("\r") if part.strip()]
    return _CONTROL_CHARACTER.sub("", parts[-1]).strip() if parts else ""


def progress_line(name: str, lines: int, newest: str, expected_lines: int | None = None) -> str:
    """One short line such as ``kind: 214 of about 900 lines, newest: k8s.io/client-go/rest``."""
    amount = (
        f"{lines} of about {expected_lines} lines" if expected_lines else f"{lines} line{'' if lines == 1 else 's'}"
    )
    line = f"{name}: {amount}, newest: {newest}" if newest else f"{name}: {amount}"
    return line if len(line) <= PROGRESS_LENGTH else line[: PROGRESS_LENGTH - 1] + "…"


def run_logged(
    commands: Sequence[Sequence[str]],
    *,
    log: str,
    chdir: str | None = None,
    environment: Mapping[str, str] | None = None,
    stdin_file: str | None = None,
    timeout: float | None = None,
    expected_lines: int | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> Outcome:
    """Run one command, or several connected by pipes, and append their output to ``log``.

    Output that goes to a pipe is not logged. ``report`` gets a progress line about once a second.
    Raises OSError when a command cannot be started and Terminated when this process is asked to terminate; all started
    processes are then ended, including their children.
    """
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        # The child processes are ended first.
        stack.enter_context(signals_raise(Terminated, signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
        log_file = stack.enter_context(open(log, "ab"))
        follower = LogFollower(log, start=log_file.tell())
        stdin = stack.enter_context(open(stdin_file, "rb")) if stdin_file else None
        processes: list[subprocess.Popen[bytes]] = []
        stack.callback(_end, processes)
        _start(processes, commands, log_file, stdin, chdir, environment)
        timed_out = _follow(processes, follower, started, timeout, commands[0][0], expected_lines, report)
        if timed_out:
            _end(processes)
        follower.finish()
        codes = [process.returncode for process in processes]
    return Outcome(codes, round(time.monotonic() - started, 2), follower.lines, list(follower.tail), timed_out)


def _start(
    processes: list[subprocess.Popen[bytes]],
    commands: Sequence[Sequence[str]],
    log_file: IO[bytes],
    stdin: IO[bytes] | None,
    chdir: str | None,
    environment: Mapping[str, str] | None,
) -> None:
    reader = stdin
    for position, command in enumerate(commands):
        is_last = position == len(commands) - 1
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL if reader is None else reader,
            stdout=log_file if is_last else subprocess.PIPE,
            stderr=log_file,
            cwd=chdir,
            env={**os.environ, **(environment or {})},
            start_new_session=True,  # its own process group, so that its children can be ended with it
        )
        processes.append(process)
        if reader is not None:
            # Only the reading command may keep the reading end open: the writer must notice when that command exits.
            reader.close()
        reader = process.stdout


def _follow(
    processes: Sequence[subprocess.Popen[bytes]],
    follower: LogFollower,
    started: float,
    timeout: float | None,
    executable: str,
    expected_lines: int | None,
    report: Callable[[str], None],
) -> bool:
    """Wait for all processes; return whether they timed out."""
    name = os.path.basename(executable)  # noqa: PTH119 (a name from an argument list, not a file)
    while True:
        look_until = time.monotonic() + SECONDS_BETWEEN_LOOKS
        if timeout is not None:
            look_until = min(look_until, started + timeout)
        running = [process for process in processes if not _ended_before(process, look_until)]
        if not running:
            return False
        follower.look()
        report(progress_line(name, follower.lines, follower.newest, expected_lines))
        if timeout is not None and time.monotonic() >= started + timeout:
            return True


def _ended_before(process: subprocess.Popen[bytes], moment: float) -> bool:
    try:
        process.wait(timeout=max(0.0, moment - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End every process that still runs, with its process group: SIGTERM first, then SIGKILL."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        _signal_group(process, signal.SIGTERM)
    patience = time.monotonic() + SECONDS_TO_END_POLITELY
    for process in running:
        _ended_before(process, patience)
    for process in running:
        _signal_group(process, signal.SIGKILL)  # also for children of a leader that has already exited
        process.wait()


def _signal_group(process: subprocess.Popen[bytes], signal_number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal_number)

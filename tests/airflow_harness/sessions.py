# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of processes in /proc: each process of a run leads one, so that all of its children can be found.

A process group is not enough: Airflow puts each task into a separate group.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process: ``started`` is in clock ticks since boot, so that the pair of pid and ``started`` is unique."""

    pid: int
    state: str
    session: int
    started: int


def look(pid: int) -> Process | None:
    """The process with an id, None if it does not exist or has already exited."""
    try:
        # The name, in parentheses, may contain anything.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    process = Process(pid, fields[0], int(fields[3]), int(fields[19]))
    return None if process.state in "ZX" else process


def boot() -> str:
    """The id of this boot: after another one, process ids mean nothing."""
    return (PROC / "sys/kernel/random/boot_id").read_text().strip()


def members(leader: int, started: int) -> list[Process]:
    """The processes in the session that ``leader`` opened at ``started``; none if another process has its id by now."""
    now = look(leader)
    if now is not None and now.started != started:
        return []
    everybody = (look(int(entry.name)) for entry in PROC.iterdir() if entry.name.isdigit())
    return [process for process in everybody if process and process.session == leader and process.started >= started]


def end(sessions: dict[int, tuple[int, int]], patience: float) -> None:
    """Ask the leaders to terminate, each with its own signal, then kill what is left of their sessions.

    ``sessions`` maps a leader's id to its start and its signal.
    """
    for leader, (started, ask) in sessions.items():
        process = look(leader)
        if process is not None and process.started == started:
            _signal(leader, ask)
    until = time.monotonic() + patience
    while time.monotonic() < until and any(_alive(leader, started) for leader, (started, _ask) in sessions.items()):
        time.sleep(0.05)
    for leader, (started, _ask) in sessions.items():
        while left := members(leader, started):
            for process in left:
                _signal(process.pid, signal.SIGKILL)
            time.sleep(0.02)


def _alive(leader: int, started: int) -> bool:
    process = look(leader)
    return process is not None and process.started == started


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.tests.airflow_harness import processes as processes_module
from ansible_collections.airfield.airflow.tests.airflow_harness import run_directory as run_directory_module
from ansible_collections.airfield.airflow.tests.airflow_harness import sessions
from ansible_collections.airfield.airflow.tests.airflow_harness.processes import Failed, Processes, Stopping
from ansible_collections.airfield.airflow.tests.airflow_harness.run_directory import OWNER, clear, run_directory

# Starts a child in a process group of its own that does not listen, and waits.
FAMILY = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); "
                          "print('ready', flush=True); time.sleep(60)"], preexec_fn=os.setpgrp, stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes_module, "PATIENCE_TO_END", 0.3)
    monkeypatch.setattr(run_directory_module, "PATIENCE_TO_END", 0.3)


def family(processes: Processes) -> list[int]:
    """A leader and its child."""
    process = processes.start("family", [sys.executable, "-c", FAMILY])
    for _attempt in range(200):
        if (text := process.log.read_text()).strip():
            return [process.popen.pid, int(text)]
        time.sleep(0.05)
    raise AssertionError("the family does not come up")


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if sessions.look(pid)]


def test_ending_also_ends_other_children(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    pids = family(processes)
    assert alive(pids) == pids
    processes.end_all()
    assert alive(pids) == []
    assert list(tmp_path.glob("*.process")) == []
    with pytest.raises(Stopping):
        processes.start("late", ["true"])


def test_a_program_that_fails_shows_its_last_lines(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    processes.run("good", ["true"])
    with pytest.raises(Failed, match=r"bad ended with code 3\. The last lines of bad\.log:\nso sad"):
        processes.run("bad", ["sh", "-c", "echo so sad; exit 3"])
    with pytest.raises(Failed, match=r"slow has not ended within 0\.1 s"):
        processes.run("slow", ["sleep", "60"], patience=0.1)


def test_waiting_fails_early(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    process = processes.start("short", ["sh", "-c", "echo out of memory; exit 9"])
    with pytest.raises(Failed, match=r"short ended with code 9\.(.|\n)*out of memory"):
        processes.wait(30, process)


def test_a_run_removes_its_directory_and_keeps_others_out(tmp_path: Path) -> None:
    with run_directory(tmp_path) as directory:
        assert directory.stat().st_mode & 0o777 == 0o711
        with run_directory(tmp_path) as other:
            assert directory.is_dir()
            assert other != directory
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    directory = tmp_path / "run-1"
    directory.mkdir()
    pids = family(Processes(directory))
    (directory / OWNER).write_text(json.dumps({"pid": 2**22, "started": 1, "boot": sessions.boot()}))
    clear(tmp_path)
    assert alive(pids) == []
    assert not directory.exists()


@pytest.mark.parametrize("wrong", [{"started": 1}, {"boot": "another"}])
def test_a_process_that_is_another_one_by_now_is_left_alone(tmp_path: Path, wrong: dict[str, object]) -> None:
    directory = tmp_path / "run-1"
    directory.mkdir()
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        seen = sessions.look(stranger.pid)
        assert seen
        note = {"pid": stranger.pid, "started": seen.started, "ask": signal.SIGTERM, "boot": sessions.boot(), **wrong}
        (directory / "1.process").write_text(json.dumps(note))
        clear(tmp_path)
        assert stranger.poll() is None
        assert not directory.exists()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_directory_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    (tmp_path / f"airfield-tests-{os.getuid()}").symlink_to("/")
    with pytest.raises(Failed, match="is not a directory of yours"):
        run_directory_module.own_directory()

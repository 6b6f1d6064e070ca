# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from worker_process import WorkerProcess

StartWorker = Callable[..., WorkerProcess]


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[StartWorker]:
    """Return a function that starts a worker with these options; end it afterwards."""
    started: list[WorkerProcess] = []

    def start(*options: str) -> WorkerProcess:
        directory = tmp_path / f"worker{len(started)}"
        directory.mkdir()
        started.append(WorkerProcess(directory, *options))
        return started[-1].start()

    yield start
    for worker in started:
        worker.end()


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
    """One worker for the tests of a file that do not affect each other."""
    shared = WorkerProcess(tmp_path_factory.mktemp("worker"), "--max-body-bytes", "10000", "--revision", "r1").start()
    yield shared
    shared.end()

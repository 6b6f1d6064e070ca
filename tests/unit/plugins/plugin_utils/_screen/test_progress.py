# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._screen.progress import ProgressBoard, spoken_duration


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "line"


@pytest.mark.parametrize(("seconds", "text"), [(0.9, "0 s"), (45.7, "45 s"), (60, "1 min 0 s"), (185, "3 min 5 s")])
def test_durations_are_spoken(seconds: float, text: str) -> None:
    assert spoken_duration(seconds) == text


def test_nothing_is_said_of_a_short_task(file: Path) -> None:
    board = ProgressBoard(file)
    assert board.due_line(5) is None
    board.start("Wait", 0)
    assert board.due_line(9.9) is None


def test_a_long_task_says_how_far_it_is_every_ten_seconds(file: Path) -> None:
    board = ProgressBoard(file)
    board.start("Wait for the pods", 100)
    file.write_text("3 of 5 ready,\n airflow-scheduler is ContainerCreating ")
    assert board.due_line(110) == "  … Wait for the pods (10 s): 3 of 5 ready, airflow-scheduler is ContainerCreating"
    assert board.due_line(111) is None
    file.write_text("5 of 5 ready")
    assert board.due_line(120) == "  … Wait for the pods (20 s): 5 of 5 ready"


def test_without_a_word_of_the_module_the_time_is_said(file: Path) -> None:
    board = ProgressBoard(file)
    board.start("Build", 0)
    assert board.due_line(70) == "  … Build (1 min 10 s)"


def test_a_long_pause_gives_one_line(file: Path) -> None:
    board = ProgressBoard(file)
    board.start("Build", 0)
    assert board.due_line(1000) is not None
    assert board.due_line(1001) is None
    assert board.due_line(1010) is not None


def test_the_next_task_does_not_repeat_what_the_last_one_said(file: Path) -> None:
    board = ProgressBoard(file)
    board.start("First", 0)
    file.write_text("half of the first")
    board.start("Second", 9)
    assert not file.exists()
    assert board.due_line(18) is None
    assert board.due_line(19) == "  … Second (10 s)"


def test_what_a_secret_task_says_is_not_shown(file: Path) -> None:
    board = ProgressBoard(file)
    board.start("Log in", 0, secret=True)
    file.write_text("token hunter2")
    assert board.due_line(10) == "  … Log in (10 s)"


def test_nothing_is_said_after_the_end(file: Path) -> None:
    board = ProgressBoard(file)
    board.start("Wait", 0)
    board.end()
    assert board.due_line(100) is None


def test_bytes_that_are_no_text_do_no_harm(file: Path) -> None:
    board = ProgressBoard(file)
    board.start("Wait", 0)
    file.write_bytes(b"\xff ok")
    assert board.due_line(10) == "  … Wait (10 s): � ok"

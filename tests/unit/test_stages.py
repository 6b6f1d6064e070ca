# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which `make test` runs its stages."""

from __future__ import annotations

import subprocess
import threading

import pytest
from ansible_collections.airfield.airflow.tests import run


def failing() -> None:
    raise subprocess.CalledProcessError(3, ["a", "command"])


def names(costs: list[run.Cost]) -> list[tuple[str, bool]]:
    return [(cost.stage, cost.passed) for cost in costs]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stages that ran: two lanes whose first stages wait for each other, then two phases of one stage."""
    ran: list[str] = []
    both = threading.Barrier(2, timeout=10)

    def one() -> None:
        both.wait()
        ran.append("one")

    def two() -> None:
        both.wait()
        run.run("sh", "-c", "echo the output of two")

    def three() -> None:
        ran.append("three")

    def four() -> None:
        ran.append("four")

    monkeypatch.setattr(run, "PHASES", (((one,), (two, failing, three)), ((four,),)))
    monkeypatch.setattr(run, "STAGES", {stage.__name__: stage for stage in (one, two, failing, three, four)})
    return ran


def test_lanes_run_at_once_and_phases_one_after_the_other(ran: list[str]) -> None:
    assert names(run.run_stages(["four", "two", "one"])) == [("one", True), ("two", True), ("four", True)]
    assert ran == ["one", "four"]


def test_a_failure_ends_its_lane_and_the_phases_after_it(ran: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    costs = run.run_stages(["one", "two", "failing", "three", "four"])
    assert names(costs) == [("one", True), ("two", True), ("failing", False)]
    assert ran == ["one"]
    printed = capfd.readouterr()
    assert "===== two =====\nthe output of two\n" in printed.out
    assert "The stage failing failed: a command ended with code 3." in printed.err


def test_a_stage_alone_needs_no_other(ran: list[str]) -> None:
    assert names(run.run_stages(["four"])) == [("four", True)]
    assert ran == ["four"]

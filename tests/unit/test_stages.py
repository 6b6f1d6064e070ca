# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which `make test` runs its stages, what they build, and what stays of a failure."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.tests import isolation, run
from ansible_collections.airfield.airflow.tests.costs import Cost, report


def failing() -> None:
    raise subprocess.CalledProcessError(3, ["a", "command"])


def names(costs: list[Cost]) -> list[tuple[str, bool]]:
    return [(cost.stage, cost.passed) for cost in costs]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The stages that ran. `two` waits until another stage runs at the same time."""
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

    def slow() -> None:
        both.wait()
        time.sleep(0.5)

    def four() -> None:
        ran.append("four")

    monkeypatch.setattr(isolation, "HOME", tmp_path)
    monkeypatch.setattr(run, "PHASES", ((one, two, slow, failing, three), (four,)))
    monkeypatch.setattr(run, "STAGES", {stage.__name__: stage for stage in (one, two, slow, failing, three, four)})
    return ran


def test_lanes_run_at_once_and_phases_one_after_the_other(ran: list[str]) -> None:
    assert names(run.run_stages(["four", "two", "one"])) == [("one", True), ("two", True), ("four", True)]
    assert ran == ["one", "four"]


def test_after_a_failure_no_stage_begins(ran: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    costs = run.run_stages(["slow", "four", "two", "failing", "three"])
    assert names(costs) == [("two", True), ("slow", True), ("failing", False)]
    assert ran == []
    printed = capfd.readouterr()
    assert "===== two =====\nthe output of two\n" in printed.out
    assert "The stage failing failed: a command ended with code 3." in printed.err


def test_a_stage_that_cannot_start_fails_like_any_other(
    ran: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(run.STAGES, "four", lambda: run.run("/no/such/program"))
    assert names(run.run_stages(["four"])) == [("four", False)]
    assert "The stage four failed: [Errno 2] No such file or directory: '/no/such/program'." in capfd.readouterr().err


def test_a_mistake_in_one_lane_stops_the_other_and_hides_no_output(
    ran: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    two = run.STAGES["two"]

    def mistaken() -> None:
        two()
        run.run("printf", "\\377 is not UTF-8")
        raise ValueError

    monkeypatch.setitem(run.STAGES, "two", mistaken)
    with pytest.raises(ValueError):
        run.run_stages(["slow", "four", "two", "three"])
    assert ran == []
    assert "===== two =====\nthe output of two\n\ufffd is not UTF-8" in capfd.readouterr().out


def test_a_stage_alone_needs_no_other(ran: list[str]) -> None:
    assert names(run.run_stages(["four"])) == [("four", True)]
    assert ran == ["four"]


def test_two_scenarios_build_once(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[str] = []

    def noted(*command: object, **_options: object) -> None:
        time.sleep(0.05)
        commands.append(Path(str(command[-1])).name)

    monkeypatch.setattr(run, "run", noted)
    monkeypatch.setattr(run, "engine", lambda: None)
    run.build.cache_clear()
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(run.molecule, ["one", "two"]))
    finally:
        run.build.cache_clear()
    assert commands[:2] == ["images.yml", "images.yml"]
    assert sorted(commands[2:]) == ["one", "two"]


def test_the_logs_of_a_failed_run_are_kept_and_those_before_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setattr(isolation, "OWN", tmp_path)
    monkeypatch.setattr(isolation, "HOME", home)
    for name in ("a/first.log", "a/secret.txt"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(name)
    (home / "a/gone.log").symlink_to(home / "nothing")
    assert isolation.keep_logs() == tmp_path / "logs"
    (home / "a/first.log").rename(home / "a/second.log")
    kept = isolation.keep_logs()
    assert [str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file()] == ["a/second.log"]
    assert kept.stat().st_mode & 0o777 == 0o700


def test_the_costs_are_printed_and_are_json_for_programs() -> None:
    costs = [Cost("one", 61.4, True), Cost("failing", 0.6, False)]
    _title, *rows, data, end = report(costs, 4200)
    assert [row.split() for row in rows[:-1]] == [["one", "61", "passed"], ["failing", "1", "failed"]]
    assert rows[-1].split()[-1] == "4200"
    stages = [
        {"stage": "one", "seconds": 61, "passed": True},
        {"stage": "failing", "seconds": 1, "passed": False},
    ]
    assert json.loads(data) == {"seconds": 4200, "stages": stages}
    assert end == "1 passed, 1 failed"


def test_a_run_that_takes_too_long_is_warned_about() -> None:
    lines = list(report([], 4201))
    assert any(line.startswith("WARNING: This run took 70 min.") for line in lines)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.callback import progress
from ansible_collections.airfield.airflow.plugins.module_utils._progress import PROGRESS_FILE_VARIABLE, report_progress
from ansible_collections.airfield.airflow.plugins.module_utils._status.result import result_of
from ansible_collections.airfield.airflow.plugins.plugin_utils._screen.overview import screen
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import AIRFLOW, overview


class FakeDisplay:
    verbosity = 0

    def __init__(self) -> None:
        self.lines: list[tuple[str, str | None]] = []

    def display(self, message: str, color: str | None = None) -> None:
        self.lines.append((message, color))

    @property
    def text(self) -> str:
        return "\n".join(message for message, dummy in self.lines)


class FakeClock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def task(name: str, no_log: Any = False) -> Any:
    return SimpleNamespace(get_name=lambda: name, no_log=no_log)


def result(data: dict[str, Any], action: str = "ansible.builtin.debug") -> Any:
    return SimpleNamespace(result=data, task=SimpleNamespace(resolved_action=action))


class Scene:
    """The callback with a display that records, and with a clock that stands still."""

    def __init__(self) -> None:
        self.display = FakeDisplay()
        self.clock = FakeClock()
        self.callback = progress.CallbackModule(display=self.display, clock=self.clock)

    def after(self, seconds: float) -> str:
        """The lines until ``seconds`` later, checked every second."""
        said = len(self.display.lines)
        for _second in range(int(seconds)):
            self.clock.now += 1
            self.callback.tick()
        return "\n".join(message for message, dummy in self.display.lines[said:])


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv(PROGRESS_FILE_VARIABLE, "")
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 3600)
    monkeypatch.setenv("COLUMNS", "100")
    scene = Scene()
    scene.callback.v2_playbook_on_start(None)
    yield scene
    scene.callback.v2_playbook_on_stats(None)


def test_the_modules_words_are_shown(scene: Scene) -> None:
    scene.callback.v2_playbook_on_task_start(task("Wait for the pods"), False)
    report_progress("3 of 5 ready")
    assert scene.after(9) == ""
    assert scene.after(1) == "  … Wait for the pods (10 s): 3 of 5 ready"
    report_progress("5 of 5 ready")
    assert scene.after(20).splitlines() == [
        "  … Wait for the pods (20 s): 5 of 5 ready",
        "  … Wait for the pods (30 s): 5 of 5 ready",
    ]


@pytest.mark.parametrize("kind", ["v2_playbook_on_handler_task_start", "v2_playbook_on_cleanup_task_start"])
def test_handlers_count_as_tasks(scene: Scene, kind: str) -> None:
    getattr(scene.callback, kind)(task("Restart"))
    assert scene.after(10) == "  … Restart (10 s)"


def test_stale_words_are_not_shown(scene: Scene) -> None:
    scene.callback.v2_playbook_on_task_start(task("First"), False)
    report_progress("of the first")
    scene.callback.v2_playbook_on_task_start(task("Second"), False)
    assert scene.after(10) == "  … Second (10 s)"


@pytest.mark.parametrize("no_log", [True, "{{ secret }}"])
def test_words_of_a_task_with_no_log_are_not_shown(scene: Scene, no_log: Any) -> None:
    scene.callback.v2_playbook_on_task_start(task("Log in", no_log), False)
    report_progress("hunter2")
    assert scene.after(10) == "  … Log in (10 s)"


def test_nothing_is_said_between_plays_and_after_the_end(scene: Scene) -> None:
    scene.callback.v2_playbook_on_task_start(task("Wait"), False)
    scene.callback.v2_playbook_on_play_start(None)
    assert scene.after(30) == ""
    scene.callback.v2_playbook_on_task_start(task("Wait"), False)
    scene.callback.v2_playbook_on_stats(None)
    assert scene.after(30) == ""


def test_the_file_is_private(scene: Scene) -> None:
    file = Path(os.environ[PROGRESS_FILE_VARIABLE])
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("event", ["v2_runner_on_ok", "v2_runner_on_failed"])
def test_the_report_is_shown_once_at_the_end(scene: Scene, event: str) -> None:
    checks = [
        {"name": "poc_test succeeded", "expected": "success", "found": "success", "passed": True},
        {"name": "node", "expected": "airfield-worker", "found": "airfield-control-plane", "passed": False},
    ]
    report = {"checks": checks, "passed": False, "notes": ["UI: http://127.0.0.1:32080"]}
    getattr(scene.callback, event)(result({"airfield_report": report}))
    getattr(scene.callback, event)(result({"airfield_report": dict(report)}))
    assert scene.display.lines == []
    scene.callback.v2_playbook_on_stats(None)
    assert scene.display.lines == [
        ("Proof of this run: 2 checks, 1 passed, 1 FAILED", "red"),
        ("  ok      poc_test succeeded  success", "green"),
        ("  FAILED  node                airfield-control-plane (expected: airfield-worker)", "red"),
        ("", None),
        ("UI: http://127.0.0.1:32080", None),
        ("", None),
    ]
    scene.display.lines.clear()


@pytest.mark.parametrize(
    ("airflow", "colour", "verdict"), [(AIRFLOW, "green", 1), ({"msg": "refused " * 20}, "red", 2)]
)
def test_the_overview_is_shown_at_the_end_and_its_verdict_has_a_colour(
    scene: Scene, airflow: dict[str, Any], colour: str, verdict: int
) -> None:
    data = result_of(overview(), airflow)
    scene.callback.v2_runner_on_ok(result(data, "airfield.airflow.overview"))
    assert scene.display.lines == []
    scene.callback.v2_playbook_on_stats(None)
    assert [text for text, _colour in scene.display.lines] == screen(data)
    rest = len(scene.display.lines) - verdict
    assert [colour for _text, colour in scene.display.lines] == [None] * rest + [colour] * verdict
    scene.display.lines.clear()


@pytest.mark.parametrize(
    ("data", "action"),
    [
        ({}, "airfield.airflow.overview"),
        ({"failed": True, "msg": "no answer"}, "airfield.airflow.overview"),
        ({"censored": "hidden"}, "airfield.airflow.overview"),
        ({"attention": [], "healthy": True}, "ansible.builtin.debug"),
        ({"airfield_report": "no dict"}, "airfield.airflow.proof"),
    ],
)
def test_other_results_show_nothing(scene: Scene, data: dict[str, Any], action: str) -> None:
    scene.callback.v2_runner_on_ok(result(data, action))
    scene.callback.v2_playbook_on_stats(None)
    assert scene.display.lines == []


def test_the_thread_looks_by_itself_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROGRESS_FILE_VARIABLE, "")
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.01)
    scene = Scene()
    scene.callback.v2_playbook_on_start(None)
    scene.callback.v2_playbook_on_task_start(task("Wait"), False)
    scene.clock.now += 10
    deadline = time.monotonic() + 5
    while not scene.display.lines and time.monotonic() < deadline:
        time.sleep(0.01)
    assert scene.display.text == "  … Wait (10 s)"
    scene.callback.v2_playbook_on_stats(None)
    scene.callback.v2_playbook_on_task_start(task("Later"), False)
    scene.clock.now += 10
    time.sleep(0.1)
    assert scene.display.text == "  … Wait (10 s)"

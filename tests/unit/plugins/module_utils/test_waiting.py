# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils import _clock, _waiting
from ansible_collections.airfield.airflow.plugins.module_utils._waiting import Wait, wait_until


class Outage(Exception):
    """A temporary error."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time; sleeping advances it."""
    time = [100.0]
    monkeypatch.setattr(_clock, "now", lambda: time[0])
    monkeypatch.setattr(_clock, "sleep", lambda seconds: time.__setitem__(0, time[0] + seconds))
    return time


@pytest.fixture(autouse=True)
def progress(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The reported progress."""
    reported: list[str] = []
    monkeypatch.setattr(_waiting, "report_progress", reported.append)
    return reported


def waited(*looks: int | Exception, timeout: float = 10, interval: float = 3, done: int = 9) -> Wait[int]:
    """Wait for ``done`` with checks that return these numbers or raise; the last one repeats."""
    left = list(looks)

    def look() -> tuple[bool, int]:
        seen = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(seen, Exception):
            raise seen
        return seen == done, seen

    return wait_until(
        look,
        0,
        timeout=timeout,
        interval=interval,
        is_outage=lambda error: isinstance(error, Outage),
        progress=lambda wait: f"{wait.seen}, {wait.outage}, {wait.seconds:g} s, {wait.left:g} s left",
    )


def test_what_is_there_is_not_waited_for(progress: list[str]) -> None:
    wait = waited(9, timeout=0)
    assert (wait.done, wait.seen, wait.seconds, progress) == (True, 9, 0, [])


def test_each_look_but_the_last_is_reported(progress: list[str]) -> None:
    wait = waited(1, 2, 9)
    assert (wait.done, wait.seen, wait.seconds) == (True, 9, 6)
    assert progress == ["1, None, 0 s, 10 s left", "2, None, 3 s, 7 s left"]


def test_the_last_look_is_at_the_end_of_the_time(clock: list[float]) -> None:
    wait = waited(1)
    assert (wait.done, wait.seen, wait.left, clock) == (False, 1, 0, [110.0])


def test_without_time_there_is_one_look() -> None:
    assert waited(1, 9, timeout=0).seen == 1


def test_an_outage_passes(progress: list[str]) -> None:
    wait = waited(1, Outage("away"), 9)
    assert (wait.done, wait.outage, wait.outage_seconds) == (True, None, 0)
    assert progress[1] == "1, away, 3 s, 7 s left"


def test_an_outage_that_stays_is_known_with_its_length() -> None:
    wait = waited(1, Outage("away"))
    assert (wait.done, wait.seen, str(wait.outage), wait.outage_seconds) == (False, 1, "away", 7)


def test_an_outage_is_counted_from_its_own_beginning() -> None:
    wait = waited(Outage("first"), 1, Outage("second"))
    assert (str(wait.outage), wait.outage_seconds) == ("second", 4)


def test_another_error_is_raised_at_once(clock: list[float]) -> None:
    with pytest.raises(ValueError, match="broken"):
        waited(1, ValueError("broken"), 9)
    assert clock == [103.0]


def test_by_default_every_error_is_raised() -> None:
    def look() -> tuple[bool, None]:
        raise Outage("away")

    with pytest.raises(Outage):
        wait_until(look, None, timeout=10, interval=1, progress=str)

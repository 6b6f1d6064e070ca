# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of everything that waits: check, tolerate outages, report progress, sleep, until done or timed out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._progress import report_progress

T = TypeVar("T")


@dataclass
class Wait(Generic[T]):
    """The state of a wait, or its outcome."""

    seen: T  # the result of the last successful check, or the initial value
    done: bool = False
    seconds: float = 0.0  # since the start
    left: float = 0.0  # seconds; 0 or less when it has timed out
    outage: Exception | None = None  # the error of the last check, if that is an outage
    outage_since: float | None = None  # the time of the clock at the first failed check

    @property
    def outage_seconds(self) -> float:
        return 0.0 if self.outage_since is None else _clock.now() - self.outage_since


def never(_error: Exception) -> bool:
    """No error is an outage."""
    return False


def wait_until(
    look: Callable[[], tuple[bool, T]],
    first: T,
    *,
    timeout: float,
    interval: float,
    progress: Callable[[Wait[T]], str],
    is_outage: Callable[[Exception], bool] = never,
) -> Wait[T]:
    """Check every ``interval`` seconds until ``look`` is done, or ``timeout`` seconds have passed.

    ``look`` returns whether it is done, and its result. It is called at least once. Errors for which ``is_outage`` is
    true are tolerated; any other is raised unchanged. The caller decides what a timeout means.
    """
    started = _clock.now()
    wait = Wait(first)
    while True:
        before = _clock.now()
        try:
            wait.done, wait.seen = look()
            wait.outage = wait.outage_since = None
        except Exception as error:
            if not is_outage(error):
                raise
            wait.outage = error
            wait.outage_since = before if wait.outage_since is None else wait.outage_since
        wait.seconds = _clock.now() - started
        wait.left = timeout - wait.seconds
        if wait.done or wait.left <= 0:
            return wait
        report_progress(progress(wait))
        _clock.sleep(min(interval, wait.left))

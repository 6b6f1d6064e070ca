# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of everything that waits: look, bear an outage, report the progress, sleep, until done or too late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._progress import report_progress

T = TypeVar("T")


@dataclass
class Wait(Generic[T]):
    """How a wait stands, or how it ended."""

    seen: T  # what the last look that succeeded returned, or what the wait began with
    done: bool = False
    seconds: float = 0.0  # since the beginning
    left: float = 0.0  # seconds; 0 or less when it is too late
    outage: Exception | None = None  # the error of the last look, if that is an outage
    outage_since: float | None = None  # the time of the clock at which the first look failed

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
    """Look every ``interval`` seconds until the look says that all is done, or ``timeout`` seconds have passed.

    ``look`` returns whether all is done, and what it saw. It is called once at least. An error for which ``is_outage``
    holds is waited through; any other is raised as it is. What a time-out means is for the caller to say.
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

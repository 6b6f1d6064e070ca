# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting with a word about it at least every ten seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PROGRESS_SECONDS = 10.0


class Progress:
    """Prints a line when the last one is old."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._started = self._told = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def tell(self, state: str) -> None:
        if time.monotonic() - self._told >= PROGRESS_SECONDS:
            self._told = time.monotonic()
            print(f"\n  … {self._what} ({self.seconds:.0f} s): {state}", end="", flush=True)


def wait_until(what: str, look: Callable[[], tuple[T | None, str]], timeout: float, interval: float = 0.5) -> T:
    """Look until there is something. ``look`` returns it, or None, and a few words on how things are."""
    progress = Progress(what)
    while True:
        found, state = look()
        if found is not None:
            return found
        if progress.seconds > timeout:
            raise AssertionError(f"Timed out after {timeout:.0f} s waiting for {what}: {state}")
        progress.tell(state)
        time.sleep(interval)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A termination signal as an exception, so that a module can clean up first."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


@contextmanager
def signals_raise(exception: Callable[[int], BaseException], *signals: signal.Signals) -> Iterator[None]:
    """Raise ``exception``, created with the number, on each of these signals; restore the handlers at the end."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise exception(number)

    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

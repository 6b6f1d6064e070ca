# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock for retries and waits, in one place so that a test can advance it instead of sleeping."""

from __future__ import annotations

import time


def now() -> float:
    """Seconds of a monotonic clock."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    time.sleep(seconds)

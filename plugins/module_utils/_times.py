# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moments and ages."""

from __future__ import annotations

from datetime import datetime, timezone


def moment(text: str | None) -> datetime | None:
    """A time of the Kubernetes API (RFC 3339, UTC), or None when there is none."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def age_of(text: str | None, now: datetime) -> int | None:
    """Seconds since a time of the Kubernetes API; never below 0, because clocks differ."""
    then = moment(text)
    if then is None:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=timezone.utc)
    return max(int((now - then).total_seconds()), 0)

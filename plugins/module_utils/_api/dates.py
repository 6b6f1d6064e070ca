# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dates as a user writes them and as Airflow's API returns them: the same moment in different formats."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError

DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def moment(text: str) -> datetime | None:
    """The moment of a date and time with a time zone; None for anything else."""
    try:
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None


def parse_datetime(name: str, text: str, *, days: bool = False) -> datetime:
    """The moment that the option ``name`` gives; raises ``ApiError`` with the expected format.

    ``days``: a date may stand for its midnight in UTC.
    """
    parsed = moment(f"{text}T00:00:00Z" if days and DAY.match(text) else text)
    if parsed is None:
        day = ", or a date such as 2026-11-21" if days else ""
        raise ApiError(
            f"{name} must be a date and time with a time zone, such as 2026-11-21T00:00:00Z{day}, not {text}."
        )
    return parsed


def in_utc(date: datetime) -> str:
    """The canonical format, in which equal moments are equal strings."""
    return date.astimezone(timezone.utc).isoformat()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The latest warnings of a cluster, without repetitions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._times import age_of

Json = dict[str, Any]
RECENT = 3600


def latest_warnings(events: Iterable[Json], now: datetime, most: int) -> list[Json]:
    """The last warnings of the last hour, newest first. Equal ones for one object are merged; their counts add up."""
    merged: dict[tuple[str, ...], Json] = {}
    for event in events:
        age = age_of(_last_seen(event), now)
        if event.get("type", "Warning") != "Warning" or age is None or age > RECENT:
            continue
        concerned = event.get("involvedObject") or {}
        warning = {
            "namespace": concerned.get("namespace") or event["metadata"].get("namespace", ""),
            "object": f"{concerned.get('kind', '')}/{concerned.get('name', '')}",
            "reason": event.get("reason") or "",
            "message": " ".join((event.get("message") or "").split()),
        }
        first = merged.setdefault(tuple(warning.values()), {**warning, "count": 0, "age": age})
        first["count"] += _count(event)
        first["age"] = min(first["age"], age)
    return sorted(merged.values(), key=lambda warning: (warning["age"], warning["namespace"], warning["object"]))[:most]


def _last_seen(event: Json) -> str | None:
    """Old and new events keep their time in different places (events.k8s.io/v1 against core/v1)."""
    series = event.get("series") or {}
    seen: str | None = (
        series.get("lastObservedTime")
        or event.get("lastTimestamp")
        or event.get("eventTime")
        or event["metadata"].get("creationTimestamp")
    )
    return seen


def _count(event: Json) -> int:
    return int((event.get("series") or {}).get("count") or event.get("count") or 1)

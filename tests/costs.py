# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stages of `make test` cost, as the lines at the end of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# CI ends a run after 90 minutes, and later work needs some of them.
WARNING_SECONDS = 70 * 60


class Cost(NamedTuple):
    stage: str
    seconds: float
    passed: bool


def report(costs: Sequence[Cost], seconds: float) -> Iterator[str]:
    """The lines at the end of a run that took so many seconds: a table, and the same as one line of JSON."""
    yield "stage            seconds  result"
    for cost in costs:
        yield f"{cost.stage:<15} {cost.seconds:>8.0f}  {'passed' if cost.passed else 'failed'}"
    yield f"all, in parallel {seconds:>7.0f}"
    stages = [{**cost._asdict(), "seconds": round(cost.seconds)} for cost in costs]
    yield json.dumps({"seconds": round(seconds), "stages": stages})
    if seconds > WARNING_SECONDS:
        yield f"WARNING: This run took {seconds / 60:.0f} min. Above {WARNING_SECONDS // 60} min, make a stage cheaper."
    failed = sum(not cost.passed for cost in costs)
    yield f"{len(costs) - failed} passed, {failed} failed"

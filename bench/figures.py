# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bench measured, and what it is compared with."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Figure(NamedTuple):
    """One comparison. ``ratio``: how many times ``ours`` fits into ``other``, so that more is better."""

    bench: str
    what: str
    ours: float
    other: float
    ratio: float
    unit: str
    goal: str = ""


def paired(
    bench: str, what: str, ours: Sequence[float], other: Sequence[float], unit: str = "s", goal: str = ""
) -> Figure:
    """Compare runs that alternate: the ratio is the median of the pairs' ratios, not that of the medians.

    A machine that is slow for a while is slow for both of a pair.
    """
    ratios = [theirs / mine for mine, theirs in zip(ours, other, strict=True)]
    return Figure(bench, what, statistics.median(ours), statistics.median(other), statistics.median(ratios), unit, goal)


def table(figures: Sequence[Figure]) -> str:
    width = max((len(figure.what) for figure in figures), default=0)
    lines = [f"{'bench':<10} {'what':<{width}} {'ours':>10}     {'other':>10}     {'other/ours':>10}  goal"]
    lines += [
        f"{figure.bench:<10} {figure.what:<{width}} {figure.ours:>10.2f} {figure.unit:<3} "
        f"{figure.other:>10.2f} {figure.unit:<3} {figure.ratio:>9.1f}x  {figure.goal}".rstrip()
        for figure in figures
    ]
    return "\n".join(lines)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Aligned columns that fit a screen, and numbers and times in few characters."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

ELLIPSIS = "…"
GAP = "  "
UNKNOWN = "-"


class Column(NamedTuple):
    """A column of a table. ``least``: how narrow it may become when the table is too wide; None: never narrower.

    ``cut`` says which part of a string is then left out: its "start", or its "middle".
    """

    title: str
    least: int | None = None
    cut: str = "middle"
    right: bool = False


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """The titles and the rows as lines of at most ``width`` characters; the columns with ``least`` give way."""
    widths = [max(len(column.title), *(len(row[at]) for row in rows), 0) for at, column in enumerate(columns)]
    excess = sum(widths) + len(GAP) * (len(columns) - 1) - width
    # The last column first: the columns that identify a row are on the left.
    for at in reversed(range(len(columns))):
        least = columns[at].least
        if excess > 0 and least is not None:
            given = max(min(excess, widths[at] - least), 0)
            widths[at] -= given
            excess -= given
    lines = [[column.title for column in columns], *rows]
    return [_line(columns, cells, widths)[:width] for cells in lines]


def _line(columns: Sequence[Column], cells: Sequence[str], widths: Sequence[int]) -> str:
    parts = []
    for column, cell, width in zip(columns, cells, widths, strict=True):
        text = shortened(cell, width, column.cut)
        parts.append(text.rjust(width) if column.right else text.ljust(width))
    return GAP.join(parts).rstrip()


def shortened(text: str, width: int, cut: str = "end") -> str:
    """The string with one ellipsis instead of what does not fit: its "start", its "middle" or its "end"."""
    if len(text) <= width:
        return text
    room = width - len(ELLIPSIS)
    kept = {"start": 0, "middle": room // 2, "end": room}[cut]
    return text[:kept] + ELLIPSIS + text[len(text) - (room - kept) :]


def wrapped(head: str, text: str, width: int, lines: int) -> list[str]:
    """``head`` and the text next to it, on at most so many lines of at most ``width``; line breaks are removed."""
    return textwrap.wrap(
        " ".join(text.split()),
        width,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        max_lines=lines,
        placeholder=f" {ELLIPSIS}",
        break_on_hyphens=False,
    ) or [head.rstrip()]


def short_age(seconds: int | None) -> str:
    """``45s``, ``12m``, ``5h``, ``3d``: the largest unit of which there are at least two, like kubectl."""
    if seconds is None:
        return UNKNOWN
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= 2 * size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def cores(used: float | None) -> str:
    return UNKNOWN if used is None else f"{used:.3f}"


def memory(used: float | None) -> str:
    if used is None:
        return UNKNOWN
    return f"{used / 2**30:.1f} GiB" if used >= 2**30 else f"{used / 2**20:.0f} MiB"


def share(used: str, of: float | None, whole: str, part: float | None) -> str:
    """``0.610 of 2.000 (31%)``; only the usage when the total is unknown."""
    return f"{used} of {whole} ({part / of:.0%})" if part is not None and of else used

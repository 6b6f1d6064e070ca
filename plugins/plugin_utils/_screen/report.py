# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verify role's report as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

NARROWEST = 60
LONGEST_NAME = 60


class Line(NamedTuple):
    """One line of the table; ``passed`` determines its colour, None means no colour."""

    text: str
    passed: bool | None = None


def table(report: Mapping[str, Any], width: int = 120) -> list[Line]:
    """Lay out the checks in three columns (mark, name, result), each line at most ``width`` long, then the notes.

    For a check that failed, the table also says what was expected.
    """
    checks: Sequence[Mapping[str, Any]] = report.get("checks") or []
    width = max(width, NARROWEST)
    mark_width = max((len(_mark(check)) for check in checks), default=0)
    name_width = min(max((len(str(check.get("name", ""))) for check in checks), default=0), LONGEST_NAME, width // 2)
    lines = [_headline(checks)]
    for check in checks:
        lines += _row(check, mark_width, name_width, width)
    notes = [str(note) for note in report.get("notes") or []]
    return [*lines, *([Line("")] if notes else []), *(Line(note) for note in notes)]


def _headline(checks: Sequence[Mapping[str, Any]]) -> Line:
    passed = sum(1 for check in checks if check.get("passed") is True)
    if not checks:
        return Line("Proof of this run: no checks were made", passed=False)
    failed = len(checks) - passed
    text = f"Proof of this run: {len(checks)} check{'' if len(checks) == 1 else 's'}, {passed} passed"
    return Line(f"{text}, {failed} FAILED" if failed else text, passed=not failed)


def _row(check: Mapping[str, Any], mark_width: int, name_width: int, width: int) -> list[Line]:
    passed = check.get("passed") is True
    found_at = 2 + mark_width + 2 + name_width + 2
    found = str(check.get("found", ""))
    text = found if passed else f"{found or 'nothing'} (expected: {check.get('expected', '')})"
    names = textwrap.wrap(str(check.get("name", "")), name_width) or [""]
    cells = textwrap.wrap(text, width - found_at, break_on_hyphens=False) or [""]
    rows = []
    for position in range(max(len(names), len(cells))):
        mark = _mark(check) if position == 0 else ""
        name = names[position] if position < len(names) else ""
        cell = cells[position] if position < len(cells) else ""
        rows.append(Line(f"  {mark:<{mark_width}}  {name:<{name_width}}  {cell}".rstrip(), passed))
    return rows


def _mark(check: Mapping[str, Any]) -> str:
    return "ok" if check.get("passed") is True else "FAILED"

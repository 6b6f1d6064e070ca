# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.plugin_utils._screen.report import Line, table


def check(name: str, found: str, passed: Any = True, expected: str = "as it should be") -> dict[str, Any]:
    return {"name": name, "expected": expected, "found": found, "passed": passed, "evidence": ""}


def test_columns_are_aligned() -> None:
    lines = table({"checks": [check("poc_test succeeded", "success in 42 s"), check("logs", "2 files")]})
    assert lines == [
        Line("Proof of this run: 2 checks, 2 passed", True),
        Line("  ok  poc_test succeeded  success in 42 s", True),
        Line("  ok  logs                2 files", True),
    ]


def test_a_failed_check_says_what_was_expected() -> None:
    lines = table(
        {"checks": [check("one", "fine"), check("two", "node b", False, "node a"), check("three", "", False)]}
    )
    assert lines == [
        Line("Proof of this run: 3 checks, 1 passed, 2 FAILED", False),
        Line("  ok      one    fine", True),
        Line("  FAILED  two    node b (expected: node a)", False),
        Line("  FAILED  three  nothing (expected: as it should be)", False),
    ]


def test_only_true_counts_as_passed() -> None:
    for passed in (None, "no", "yes", 1, 0):
        assert table({"checks": [check("one", "x", passed)]})[0] == Line(
            "Proof of this run: 1 check, 0 passed, 1 FAILED", False
        )


def test_no_check_is_no_proof() -> None:
    assert table({"passed": True}) == [Line("Proof of this run: no checks were made", False)]


def test_notes_follow_after_an_empty_line() -> None:
    lines = table({"checks": [check("one", "x")], "notes": ["UI: http://127.0.0.1:32080", "Password: kubectl …"]})
    assert lines[2:] == [Line(""), Line("UI: http://127.0.0.1:32080"), Line("Password: kubectl …")]


def test_no_line_is_longer_than_the_terminal() -> None:
    lines = table({"checks": [check("name " * 20, "word " * 100), check("short", "")]}, width=80)
    assert max(len(line.text) for line in lines) <= 80
    assert sum(line.text.count("word") for line in lines) == 100
    assert sum(line.text.count("name") for line in lines) == 20

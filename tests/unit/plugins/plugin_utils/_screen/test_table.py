# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._screen import table as text
from ansible_collections.airfield.airflow.plugins.plugin_utils._screen.table import Column


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    columns = [Column("POD"), Column("AGE", right=True), Column("NODE")]
    assert text.table(columns, [["scheduler", "5h", "cp"], ["db", "12m", "-"]], 120) == [
        "POD        AGE  NODE",
        "scheduler   5h  cp",
        "db         12m  -",
    ]


def test_a_table_that_is_too_wide_gives_way_at_the_right_first_and_never_below_the_least() -> None:
    columns = [Column("POD", 6, "middle"), Column("READY"), Column("NODE", 8, "start")]
    row = ["airflow-scheduler", "1/1", "airfield-control-plane"]
    assert text.table(columns, [row], 44)[1] == "airflow-scheduler  1/1    …eld-control-plane"
    assert text.table(columns, [row], 30)[1] == "airflo…eduler  1/1    …l-plane"
    assert all(len(line) <= 20 for line in text.table(columns, [row], 20))


def test_a_table_without_rows_has_its_titles() -> None:
    assert text.table([Column("POD"), Column("NODE", 14)], [], 120) == ["POD  NODE"]


@pytest.mark.parametrize(
    ("cut", "expected"), [("start", "…uler-7d5b8"), ("middle", "airfl…7d5b8"), ("end", "airflow-sc…")]
)
def test_what_is_cut_has_one_ellipsis_and_the_full_width(cut: str, expected: str) -> None:
    assert text.shortened("airflow-scheduler-7d5b8", 11, cut) == expected
    assert text.shortened("airflow-sch", 11, cut) == "airflow-sch"


def test_a_long_text_goes_on_beside_its_head_and_ends_in_time() -> None:
    assert text.wrapped("Why  ", "one  two\nthree four five six seven", 15, 2) == ["Why  one two", "     three …"]
    assert text.wrapped("Why  ", "", 15, 2) == ["Why"]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(None, "-"), (0, "0s"), (119, "119s"), (120, "2m"), (7199, "119m"), (7200, "2h"), (172800, "2d")],
)
def test_ages_have_one_unit(seconds: int | None, expected: str) -> None:
    assert text.short_age(seconds) == expected


def test_numbers_in_few_characters() -> None:
    assert (text.cores(0.0124), text.cores(None)) == ("0.012", "-")
    assert (text.memory(420 * 2**20), text.memory(5.06 * 2**30), text.memory(None)) == ("420 MiB", "5.1 GiB", "-")
    assert text.share("0.610", 2.0, "2 cores", 0.61) == "0.610 of 2 cores (30%)"
    assert text.share("-", 2.0, "2 cores", None) == "-"
    assert text.share("0.610", None, "0 cores", 0.61) == "0.610"

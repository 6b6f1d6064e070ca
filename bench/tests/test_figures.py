# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.bench.figures import Figure, paired, table


def test_ratio_is_the_median_of_the_pairs() -> None:
    # The machine was slow during the second pair: the medians alone would say 10 / 2 = 5.
    figure = paired("trigger", "what", [1.0, 4.0, 2.0], [6.0, 24.0, 10.0], goal="5 times")
    assert figure == Figure("trigger", "what", 2.0, 10.0, 6.0, "s", "5 times")


def test_runs_without_a_partner_are_refused() -> None:
    with pytest.raises(ValueError):
        paired("trigger", "what", [1.0, 2.0], [6.0])


def test_table_has_a_line_for_each_figure() -> None:
    memory = Figure("placement", "memory", 60.0, 390.0, 6.5, "MiB", "ours in 120 MiB")
    heading, first, second = table([memory, Figure("a", "b", 1, 2, 2, "s")]).splitlines()
    assert heading.split() == ["bench", "what", "ours", "other", "other/ours", "goal"]
    assert " ".join(first.split()) == "placement memory 60.00 MiB 390.00 MiB 6.5x ours in 120 MiB"
    assert second == second.rstrip() and second.endswith("2.0x")
    assert len(table([]).splitlines()) == 1

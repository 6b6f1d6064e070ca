# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A further run with pools changes nothing. This comes first: later tests push what a run would take back."""

from __future__ import annotations

from ansible_collections.airfield.airflow.molecule.testing.scenario import PROJECT, Scenario


def test_a_further_run_changes_nothing(scenario: Scenario) -> None:
    again = scenario.run(PROJECT / "site.yml", log=scenario.logs / "with-pools-again.log")
    assert again.return_code == 0, again.output[-5000:]
    assert again.changed_tasks == []
    assert set(again.changed.values()) == {0}

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.filter.overview_screen import FilterModule
from ansible_collections.airfield.airflow.plugins.module_utils._status.result import result_of
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import AIRFLOW, overview


def test_the_result_of_the_module_becomes_lines() -> None:
    lines = FilterModule().filters()["overview_screen"](result_of(overview(), AIRFLOW))
    assert lines[0] == "Airflow      3.3.2; healthy: metadatabase, scheduler, dag_processor, triggerer"
    assert lines[-1] == "Everything is healthy."

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.filter.reusable_runs import reusable_runs

YOUNG = "airfield-0-20261201T001000Z"
OLDEST, NEW = "airfield-0-20261201T000000Z", "airfield-0-20261201T004500Z"


@pytest.mark.parametrize(
    ("runs", "run_id", "reused", "succeeded"),
    [
        ([], NEW, False, False),
        ([{"dag_run_id": "airfield-0-20261130T235959Z", "state": "success"}], NEW, False, False),
        ([{"dag_run_id": OLDEST, "state": "success"}], NEW, False, False),
        (
            [{"dag_run_id": YOUNG, "state": "success"}],
            "airfield-0-20261201T001000Z",
            True,
            True,
        ),
        (
            [{"dag_run_id": YOUNG, "state": "queued"}],
            "airfield-0-20261201T001000Z",
            True,
            False,
        ),
    ],
)
def test_a_young_run_is_used_again(runs: list[dict[str, Any]], run_id: str, reused: bool, succeeded: bool) -> None:
    assert reusable_runs([{"item": "poc_test", "dag_runs": runs}], OLDEST, NEW) == [
        {"dag_id": "poc_test", "run_id": run_id, "reused": reused, "succeeded": succeeded}
    ]

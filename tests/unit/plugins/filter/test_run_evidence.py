# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.filter.run_evidence import run_evidence

READ: list[dict[str, Any]] = [
    {"item": {"dag_id": "a", "run_id": "r1"}, "dag_runs": [{"state": "success"}]},
    {"item": {"dag_id": "b", "run_id": "r2"}, "dag_runs": []},
]


def test_what_is_known_of_a_dag_and_its_run_stands_together() -> None:
    known: list[dict[str, Any]] = [{"dag": {"dag_id": "a"}, "dag_version": {"version_number": 1}}, {"dag": None}]
    finished: list[dict[str, Any]] = [{"skipped": True}, {"failed": True, "msg": "Timed out."}]
    assert run_evidence(READ, known, finished) == {
        "dags": [
            {"dag_id": "a", "dag": {"dag_id": "a"}, "dag_version": {"version_number": 1}},
            {"dag_id": "b", "dag": {}, "dag_version": {}},
        ],
        "runs": [
            {"dag_id": "a", "run_id": "r1", "dag_run": {"state": "success"}, "error": ""},
            {"dag_id": "b", "run_id": "r2", "dag_run": {}, "error": "Timed out."},
        ],
    }


def test_loops_of_different_length_are_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        run_evidence(READ, [{}], [{}, {}])

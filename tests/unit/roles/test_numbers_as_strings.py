# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles compute with numbers that --extra-vars name=value makes strings."""

from __future__ import annotations

from pathlib import Path

from .rendering import evaluate

ROLES = ["airflow", "host_worker", "verify"]
COMPUTED = ("airflow_pods", "airflow_present", "host_worker_stop_seconds", "verify_reuse_seconds")


def test_strings_are_the_same_as_numbers(tmp_path: Path) -> None:
    numbers = {
        "airflow_replicas": {"scheduler": 2, "triggerer": 0},
        "host_worker_grace_seconds": 30,
        "verify_reuse_minutes": 30,
    }
    strings = {
        "airflow_replicas": {"scheduler": "2", "triggerer": "0"},
        "host_worker_grace_seconds": "30",
        "verify_reuse_minutes": "30",
    }
    names = {name: name for name in COMPUTED}
    found = evaluate(tmp_path, ROLES, names, {"numbers": numbers, "strings": strings})
    assert found["numbers"]["airflow_present"] == ["api_server", "scheduler", "dag_processor"]
    assert (found["numbers"]["host_worker_stop_seconds"], found["numbers"]["verify_reuse_seconds"]) == (70, 1800)
    assert {name: str(value) for name, value in found["strings"].items()} == {
        name: str(value) for name, value in found["numbers"].items()
    }

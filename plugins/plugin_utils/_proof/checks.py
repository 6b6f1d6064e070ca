# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A check of the proof, and phrases that checks share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]


def check(name: str, expected: str, found: str, passed: bool, evidence: Any = None) -> Json:
    return {"name": name, "expected": expected, "found": found, "passed": passed, "evidence": evidence}


def tasks_of(run: Mapping[str, Any]) -> list[Json]:
    return list((run.get("dag_run") or {}).get("task_instances") or [])


def task_name(task: Mapping[str, Any]) -> str:
    index = task.get("map_index", -1)
    return f"{task['task_id']}[{index}]" if index not in (None, -1) else str(task["task_id"])


def count(things: int | Sequence[Any], noun: str) -> str:
    number = things if isinstance(things, int) else len(things)
    return f"{number} {noun}{'' if number == 1 else 's'}"

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the module dag_run, as a module's argument spec."""

from __future__ import annotations

from typing import Any

OF_A_RUN: dict[str, dict[str, Any]] = {
    "dag_id": {"type": "str"},
    "run_id": {"type": "str"},
    "logical_date": {"type": "str"},
    "conf": {"type": "dict"},
    "note": {"type": "str"},
}
ARGUMENTS: dict[str, dict[str, Any]] = {
    **OF_A_RUN,
    "newest": {"type": "bool", "default": False},
    "runs": {"type": "list", "elements": "dict", "options": OF_A_RUN},
    "state": {"type": "str", "choices": ["present", "absent", "cancelled", "rerun"], "default": "present"},
    "trigger": {"type": "bool", "default": True},
    "rerun_tasks": {"type": "str", "choices": ["failed", "all"], "default": "failed"},
    "dag_version": {"type": "str", "choices": ["original", "latest"]},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": 600},
    "poll_interval": {"type": "int", "default": 2},
    "log_lines": {"type": "int", "default": 20},
}
MUTUALLY_EXCLUSIVE = [
    *[("runs", name) for name in ("run_id", "logical_date", "newest", "conf", "note")],
    ("newest", "run_id"),
    ("newest", "logical_date"),
]
REQUIRED_ONE_OF = [["dag_id", "runs"]]

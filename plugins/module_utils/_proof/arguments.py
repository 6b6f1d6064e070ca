# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the module report that contain evidence and expectations."""

from __future__ import annotations

from typing import Any

Arguments = dict[str, dict[str, Any]]

SETTING_ARGUMENTS: Arguments = {name: {"type": "str", "required": True} for name in ("section", "option", "value")}
DAG_ARGUMENTS: Arguments = {
    "dag_id": {"type": "str", "required": True},
    "dag": {"type": "dict"},
    "dag_version": {"type": "dict"},
}
RUN_ARGUMENTS: Arguments = {
    "dag_id": {"type": "str", "required": True},
    "run_id": {"type": "str", "required": True},
    "dag_run": {"type": "dict"},
    "error": {"type": "str"},
}
LOG_LINE_ARGUMENTS: Arguments = {name: {"type": "str", "required": True} for name in ("dag_id", "task_id", "contains")}
HOST_WORKER_ARGUMENTS: Arguments = {
    "host": {"type": "str", "required": True},
    "status": {"type": "int"},
    "error": {"type": "str"},
    "requests": {"type": "list", "elements": "dict", "default": []},
}
EVIDENCE_ARGUMENTS: Arguments = {
    "airflow": {"type": "dict", "required": True},
    "airflow_version": {"type": "str"},
    "application": {"type": "dict", "default": {}},
    "application_revision": {"type": "str"},
    "airflow_cfg": {"type": "str"},
    "settings": {"type": "list", "elements": "dict", "default": [], "options": SETTING_ARGUMENTS},
    "dags": {"type": "list", "elements": "dict", "default": [], "options": DAG_ARGUMENTS},
    "dags_commit": {"type": "str"},
    "steady_pods": {"type": "list", "elements": "dict", "default": []},
    "idle_pods": {"type": "list", "elements": "dict", "default": []},
    "steady_placement": {"type": "dict", "default": {}},
    "pod_runs": {"type": "list", "elements": "dict", "default": []},
    "runs": {"type": "list", "elements": "dict", "required": True, "options": RUN_ARGUMENTS},
    "expectations": {"type": "list", "elements": "dict", "default": []},
    "placement": {"type": "dict", "default": {}},
    "log_files": {"type": "list", "elements": "dict", "default": []},
    "log_folder": {"type": "str", "required": True},
    "log_lines": {"type": "list", "elements": "dict", "default": [], "options": LOG_LINE_ARGUMENTS},
    "host_worker_dags": {"type": "list", "elements": "str", "default": []},
    "host_workers": {"type": "list", "elements": "dict", "default": [], "options": HOST_WORKER_ARGUMENTS},
}

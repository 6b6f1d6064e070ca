# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.run_evidence``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: run_evidence
short_description: What the proof needs to know of runs
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Puts together what the loops of the role C(verify) registered of each run. All loops have the same order.
positional: known, finished
options:
  _input:
    description:
      - The results of M(airfield.airflow.dag_run_info).
      - The C(item) of each has the C(dag_id) and the C(run_id).
    type: list
    elements: dict
    required: true
  known:
    description: The results of M(airfield.airflow.dag) for the same DAGs.
    type: list
    elements: dict
    required: true
  finished:
    description:
      - The results of M(airfield.airflow.dag_run) that waited for the same runs.
      - One that was skipped says nothing.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the evidence
  ansible.builtin.debug:
    msg: "{{ read.results | airfield.airflow.run_evidence(known.results, finished.results) }}"
"""

RETURN = r"""
_value:
  description: The evidence.
  type: dict
  contains:
    dags:
      description: Each DAG with its C(dag_id), C(dag) and C(dag_version).
      type: list
      elements: dict
    runs:
      description: Each run with its C(dag_id), C(run_id), C(dag_run) and C(error).
      type: list
      elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Result = Mapping[str, Any]


def run_evidence(
    read: Iterable[Result], known: Iterable[Result], finished: Iterable[Result]
) -> dict[str, list[dict[str, Any]]]:
    """Return the DAGs and their runs, in the order of the loops."""
    dags, runs = [], []
    for result, dag, wait in zip(read, known, finished, strict=True):
        run = result["item"]
        dags.append(
            {
                "dag_id": run["dag_id"],
                "dag": dag.get("dag") or {},
                "dag_version": dag.get("dag_version") or {},
            }
        )
        runs.append(
            {
                "dag_id": run["dag_id"],
                "run_id": run["run_id"],
                "dag_run": next(iter(result["dag_runs"]), {}),
                "error": wait.get("msg", ""),
            }
        )
    return {"dags": dags, "runs": runs}


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"run_evidence": run_evidence}

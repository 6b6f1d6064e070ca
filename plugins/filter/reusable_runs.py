# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.reusable_runs``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: reusable_runs
short_description: Which DAGs need a new run
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Compares the newest run of each DAG with the age up to which a run counts.
  - The ids of runs end with a time that sorts as text.
positional: oldest, new_run_id
options:
  _input:
    description: One result of M(airfield.airflow.dag_run_info) for each DAG, whose id is the C(item) of the loop.
    type: list
    elements: dict
    required: true
  oldest:
    description: Only runs whose id sorts after this one are used again.
    type: str
    required: true
  new_run_id:
    description: The id of a new run.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show which DAGs need a new run
  ansible.builtin.debug:
    msg: "{{ earlier.results | airfield.airflow.reusable_runs('nightly-20261201T00', 'nightly-20261201T01') }}"
"""

RETURN = r"""
_value:
  description: The run of each DAG.
  type: list
  elements: dict
  contains:
    dag_id:
      description: The id of the DAG.
      type: str
      sample: poc_test
    run_id:
      description: The id of the run.
      type: str
      sample: nightly-20261201T010000Z
    reused:
      description: Whether the run exists already.
      type: bool
      sample: false
    succeeded:
      description: Whether it exists and has succeeded, so that nobody needs to wait for it.
      type: bool
      sample: false
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def reusable_runs(earlier: Iterable[Mapping[str, Any]], oldest: str, new_run_id: str) -> list[dict[str, Any]]:
    """Return for each DAG the run that counts: the newest one if it is young enough, else a new one."""
    runs = []
    for result in earlier:
        young = [run for run in result["dag_runs"] if run["dag_run_id"] > oldest]
        runs.append(
            {
                "dag_id": result["item"],
                "run_id": young[0]["dag_run_id"] if young else new_run_id,
                "reused": bool(young),
                "succeeded": bool(young) and young[0]["state"] == "success",
            }
        )
    return runs


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"reusable_runs": reusable_runs}

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a run of a DAG could not be created, or would never finish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.for_each import Refused
from ansible_collections.airfield.airflow.plugins.module_utils._dags.records import get_dag

Warn = Callable[[str], None]


class DagNotReady(Refused):
    """A run of that DAG cannot be created, or would never finish."""


@dataclass(frozen=True)
class Blocker:
    """What prevents a run. ``unknown``: the DAG does not exist, so not even a run can be created."""

    text: str
    unknown: bool = False


def blocker_of(client: ApiClient, dag_id: str, which: str = "") -> Blocker | None:
    """``which``: a description of the DAG in addition to its id, such as ``, which produces it,``."""
    dag = get_dag(client, dag_id)
    if dag is None or dag.get("is_stale"):
        return Blocker(
            f"Airflow does not know the DAG {dag_id}{', its file is gone or cannot be read' if dag else ''}. "
            "Put its file into the DAG directory and wait for it with the module airfield.airflow.dag.",
            unknown=True,
        )
    if dag["is_paused"]:
        return Blocker(
            f"The DAG {dag_id}{which} is paused: its runs stay queued. Unpause it with the module airfield.airflow.dag "
            "(paused: false)."
        )
    return None


def require_runnable(problem: Blocker | None, *, wait: bool, check_mode: bool, warn: Warn) -> None:
    """Raise ``DagNotReady`` if a run is pointless. Otherwise, and in check mode, warn: another task may fix it."""
    if problem is None:
        return
    if (problem.unknown or wait) and not check_mode:
        raise DagNotReady(problem.text)
    warn(problem.text)

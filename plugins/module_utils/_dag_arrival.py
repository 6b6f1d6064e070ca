# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until Airflow knows a DAG, or is known not to be able to read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api_client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api_errors import ApiError, WaitTimedOut
from ansible_collections.airfield.airflow.plugins.module_utils._dag_runs import get_dag, newest_version
from ansible_collections.airfield.airflow.plugins.module_utils._import_errors import (
    Confirmation,
    describe_errors,
    import_errors,
    related_error,
)
from ansible_collections.airfield.airflow.plugins.module_utils._polling import wait_for


class DagBroken(ApiError):
    """Airflow cannot read the DAG's file."""


class DagMissing(ApiError):
    """Airflow does not know the DAG, and no import error says why."""


def await_dag(client: ApiClient, params: Mapping[str, Any], once: bool) -> JsonObject:
    """The DAG as soon as Airflow knows it in the newest state of its file, and of the wanted commit if there is one.

    ``once``: look once and wait for nothing.
    """
    dag_id = params["dag_id"]
    confirmation = Confirmation(0 if once else params["import_error_grace"])
    errors: list[JsonObject] = []

    def look() -> tuple[JsonObject | None, str]:
        nonlocal errors
        dag = get_dag(client, dag_id)
        # A DAG whose file is gone or broken stays in Airflow's database, as stale; it cannot be triggered.
        if dag and not dag.get("is_stale") and not dag.get("has_import_errors"):
            wanted = params["bundle_version"]
            late = lateness(newest_version(client, dag_id), wanted) if wanted else ""
            return (None, late) if late else (dag, "it is there")
        errors = import_errors(client)
        error = related_error(errors, dag_id, params["file"], dag)
        if confirmation.holds(error) and error is not None:
            raise DagBroken(
                f"Airflow cannot read {error['filename']}, the file of the DAG {dag_id}. Mend it; Airflow says:\n"
                f"{str(error['stack_trace']).strip()}",
                facts={"import_errors": [error]},
            )
        if error is not None:
            return None, f"it has an import error, perhaps from before ({describe_errors([error])})"
        return None, "its file is gone or not read again yet" if dag else "Airflow does not know it yet"

    if once:
        found, state = look()
        if found is not None:
            return found
        raise DagMissing(f"The DAG {dag_id} is not to be had: {state}.{_others(errors)}", facts=_facts(errors))
    try:
        timeout, interval = params["wait_timeout"], params["poll_interval"]
        return wait_for(client, f"the DAG {dag_id}", look, timeout=timeout, interval=interval)
    except WaitTimedOut as error:
        advice = " Is its file in the DAG folder, and does the DAG processor run?"
        facts = _facts(errors)
        raise WaitTimedOut(f"{error}{advice}{_others(errors)}", status=error.status, facts=facts) from error


def lateness(version: JsonObject | None, wanted: str) -> str:
    """Why the newest version of a DAG is not of the wanted commit; empty when it is."""
    found = (version or {}).get("bundle_version")
    if found == wanted:
        return ""
    return f"its newest version is of {f'commit {found}' if found else 'no commit'}, not of {wanted}"


def _others(errors: list[JsonObject]) -> str:
    return f" Airflow cannot read these files: {describe_errors(errors)}." if errors else ""


def _facts(errors: list[JsonObject]) -> dict[str, Any]:
    return {"import_errors": errors}

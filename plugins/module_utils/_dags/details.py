# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that Airflow reports about DAGs, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._dags.import_errors import (
    import_errors,
    is_about_file_of,
)


def with_details(client: ApiClient, dags: Sequence[JsonObject]) -> dict[str, Any]:
    """``dags`` with their details, import errors and warnings; ``import_errors``: all of them."""
    errors = import_errors(client)
    warnings = list(client.pages("dagWarnings", items="dag_warnings"))
    return {"import_errors": errors, "dags": [_detailed(client, dag, errors, warnings) for dag in dags]}


def _detailed(
    client: ApiClient, dag: JsonObject, errors: Iterable[JsonObject], warnings: Iterable[JsonObject]
) -> JsonObject:
    dag_id = dag["dag_id"]
    try:
        details = client.get("dags", dag_id, "details")
    except NotFound:
        details = {}  # it was never parsed completely, or was deleted in the meantime
    version = details.pop("latest_dag_version", None)
    return {
        **dag,
        **details,
        "dag_version": version,
        "import_errors": [error for error in errors if is_about_file_of(error, dag)],
        "dag_warnings": [warning for warning in warnings if warning.get("dag_id") == dag_id],
    }

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DAGs as Airflow's API returns them."""

from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import NotFound

VERSION_FIELDS = ("version_number", "bundle_name", "bundle_version", "created_at")


def get_dag(client: ApiClient, dag_id: str) -> JsonObject | None:
    try:
        return client.get("dags", dag_id)
    except NotFound:
        return None


def newest_version(client: ApiClient, dag_id: str) -> JsonObject | None:
    """The version of the DAG that new runs get, with its commit if its bundle has commits."""
    page = client.get("dags", dag_id, "dagVersions", query={"order_by": "-version_number", "limit": 1})
    versions = page.get("dag_versions") or [None]
    return {key: versions[0].get(key) for key in VERSION_FIELDS} if versions[0] else None

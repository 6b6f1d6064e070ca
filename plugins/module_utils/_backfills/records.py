# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backfills as Airflow's API returns them."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject


def backfills_of(client: ApiClient, dag_id: str) -> Iterator[JsonObject]:
    """The backfills of a DAG, the newest first, so that the only one which may be active comes first."""
    return client.pages("backfills", items="backfills", query={"dag_id": dag_id, "order_by": "-id"})

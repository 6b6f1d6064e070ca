# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that change or delete a DAG."""

from __future__ import annotations

import contextlib

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import Conflict, NotFound


class DagsRunning(Conflict):
    """DAGs that are to be deleted have running tasks."""


def pause(client: ApiClient, dag_id: str, paused: bool) -> JsonObject:
    # Setting a value twice is the same as setting it once.
    return client.request("PATCH", "dags", dag_id, body={"is_paused": paused}, repeatable=True)


def delete(client: ApiClient, dag_id: str) -> None:
    try:
        # Not found: another client, or the first of two attempts, was faster, and it is gone.
        with contextlib.suppress(NotFound):
            client.request("DELETE", "dags", dag_id, repeatable=True)
    except Conflict as error:
        raise DagsRunning(
            f"{error} Wait for its runs or cancel them with the module airfield.airflow.dag_run, then delete it.",
            status=error.status,
        ) from error

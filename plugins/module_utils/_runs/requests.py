# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that change a run of a DAG, sent in such a way that a lost answer does not cause a double change."""

from __future__ import annotations

import contextlib

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ATTEMPTS, ApiClient, JsonObject, pause
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, Conflict, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._runs.records import find_run, get_run
from ansible_collections.airfield.airflow.plugins.module_utils._runs.wanted import RunRequest, require_same


class _IdTaken(Exception):
    """A run that is not to be used again has the id of the new one."""


def trigger(client: ApiClient, wanted: RunRequest) -> JsonObject:
    while True:
        try:
            return _trigger(client, wanted)
        except _IdTaken:
            wanted = wanted.a_second_later()


def _trigger(client: ApiClient, wanted: RunRequest) -> JsonObject:
    body: JsonObject = {
        "dag_run_id": wanted.run_id,
        # Airflow requires the key, and takes null for "none".
        "logical_date": wanted.logical_date.isoformat() if wanted.logical_date else None,
        "conf": wanted.conf or {},
    }
    if wanted.note:
        body["note"] = wanted.note
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return client.request("POST", "dags", wanted.dag_id, "dagRuns", body=body)
        except Conflict as error:
            # It did not exist a moment ago: our first attempt succeeded after all, or another client was faster.
            existing = _conflicting(client, wanted, ours=attempt > 1)
            if existing is None:
                raise Conflict(
                    f"The DAG {wanted.dag_id} already has another run for the logical date {body['logical_date']}: "
                    f"leave logical_date out or choose another. ({error})",
                    status=409,
                ) from error
            require_same(existing, wanted.as_found(existing))
            return existing
        except ApiError as error:
            # The client has already repeated what was certainly not processed. All else is safe to repeat here: a
            # second request for the same id or logical date is answered with 409.
            if attempt == ATTEMPTS or not error.retry or error.unprocessed:
                raise
            _clock.sleep(pause(attempt, error.retry_after))
    raise AssertionError("unreachable: the last attempt returns or raises")


def _conflicting(client: ApiClient, wanted: RunRequest, *, ours: bool) -> JsonObject | None:
    """The run because of which a new one is refused; raises ``_IdTaken`` if another id is what it takes.

    ``ours``: an earlier attempt, whose answer was lost, may have triggered it.
    """
    if not wanted.reuse or not wanted.run_id:
        return find_run(client, wanted)
    existing = None if ours else find_run(client, wanted)
    if existing is None:
        existing = get_run(client, wanted.dag_id, wanted.run_id)
        if existing is not None and not ours:
            raise _IdTaken
    return existing


def delete(client: ApiClient, run: JsonObject) -> None:
    # Not found: the first attempt succeeded but its answer was lost.
    with contextlib.suppress(NotFound):
        client.request("DELETE", *_path(run), repeatable=True)


def patch(client: ApiClient, run: JsonObject, body: JsonObject) -> JsonObject:
    return client.request("PATCH", *_path(run), body=body, repeatable=True)


def clear(client: ApiClient, run: JsonObject, *, only_failed: bool, version: str | None) -> JsonObject:
    """Queue a finished run again, with its failed tasks or all. ``version``: original, latest or Airflow's default."""
    body: JsonObject = {"dry_run": False, "only_failed": only_failed}
    if version:
        body["run_on_latest_version"] = version == "latest"
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return client.request("POST", *_path(run), "clear", body=body)
        except ApiError as error:
            # The client has already repeated what was certainly not processed.
            if attempt == ATTEMPTS or not error.retry or error.unprocessed:
                raise
            _clock.sleep(pause(attempt, error.retry_after))
        # Clearing it once more would kill the tasks that have started since: check whether the first request succeeded.
        now = client.get(*_path(run))
        if any(now.get(key) != run.get(key) for key in ("state", "end_date", "queued_at")):
            return now
    raise AssertionError("unreachable: the last attempt returns or raises")


def _path(run: JsonObject) -> tuple[str, str, str, str]:
    return "dags", run["dag_id"], "dagRuns", run["dag_run_id"]

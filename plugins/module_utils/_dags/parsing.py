# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until Airflow knows DAGs, or is known to be unable to parse one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, WaitTimedOut
from ansible_collections.airfield.airflow.plugins.module_utils._api.polling import wait_for
from ansible_collections.airfield.airflow.plugins.module_utils._dags.import_errors import (
    Confirmation,
    describe_errors,
    import_errors,
    related_error,
)
from ansible_collections.airfield.airflow.plugins.module_utils._dags.records import get_dag, newest_version


class DagBroken(ApiError):
    """Airflow cannot parse the file of a DAG."""


class DagMissing(ApiError):
    """Airflow does not know a DAG, and no import error explains it."""


class DagWait:
    """Waits until Airflow knows each DAG in the newest state of its file, and from the wanted commit if there is one.

    ``found``: the available DAGs. ``missing``: the ids of the others, with the reason.
    """

    def __init__(
        self, client: ApiClient, dag_ids: Sequence[str], *, file: str | None, commit: str | None, grace: float
    ) -> None:
        self.found: dict[str, JsonObject] = {}
        self.missing = dict.fromkeys(dag_ids, "it was not checked")
        self._client = client
        self._file = file
        self._commit = commit
        self._errors: list[JsonObject] = []
        self._noun = f"DAG {dag_ids[0]}" if len(dag_ids) == 1 else f"{len(dag_ids)} DAGs"
        self._confirmations = {dag_id: Confirmation(grace) for dag_id in dag_ids}

    def look_once(self) -> None:
        """Raise ``DagBroken`` or ``DagMissing`` unless all are available now."""
        arrived, state = self._look()
        if arrived is None:
            subject = f"The {self._noun} is not" if len(self._confirmations) == 1 else f"The {self._noun} are not all"
            raise DagMissing(f"{subject} available: {state}.{self._others()}", facts=_facts(self._errors))

    def wait(self, params: Mapping[str, Any]) -> None:
        """Check until all are available; raise ``DagBroken``, or finally ``WaitTimedOut``."""
        timeout, interval = params["wait_timeout"], params["poll_interval"]
        try:
            wait_for(self._client, f"the {self._noun}", self._look, timeout=timeout, interval=interval)
        except WaitTimedOut as error:
            file = "Is its file" if len(self.missing) == 1 else "Are their files"
            advice = f" {file} in the DAG directory, and is the DAG processor running?"
            message = f"{error}{advice}{self._others()}"
            raise WaitTimedOut(message, status=error.status, facts=_facts(self._errors)) from error

    def _look(self) -> tuple[bool | None, str]:
        unread: dict[str, JsonObject | None] = {}
        for dag_id in list(self.missing):
            dag = get_dag(self._client, dag_id)
            # A DAG whose file is gone or broken stays in Airflow's database as stale; it cannot be triggered.
            if not dag or dag.get("is_stale") or dag.get("has_import_errors"):
                unread[dag_id] = dag
                continue
            late = version_mismatch(newest_version(self._client, dag_id), self._commit) if self._commit else ""
            if late:
                self.missing[dag_id] = late
            else:
                self.found[dag_id] = dag
                del self.missing[dag_id]
        if unread:
            self._explain(unread)
        return (None if self.missing else True), self._state()

    def _explain(self, unread: Mapping[str, JsonObject | None]) -> None:
        """Record why these are missing; raise ``DagBroken`` if an import error is known to apply to one of them."""
        self._errors = import_errors(self._client)
        broken: dict[str, JsonObject] = {}
        for dag_id, dag in unread.items():
            error = related_error(self._errors, dag_id, self._file, dag)
            if self._confirmations[dag_id].holds(error) and error is not None:
                broken[dag_id] = error
            if error is not None:
                self.missing[dag_id] = f"it has an import error, possibly an outdated one ({describe_errors([error])})"
            else:
                self.missing[dag_id] = (
                    "its file is gone or has not been parsed again yet" if dag else "Airflow does not know it yet"
                )
        if broken:
            raise DagBroken("\n".join(map(_story, broken, broken.values())), facts=_facts(list(broken.values())))

    def _state(self) -> str:
        if not self.missing:
            return "it is available" if len(self.found) == 1 else "they are available"
        if len(self._confirmations) == 1:
            return next(iter(self.missing.values()))
        reasons = [f"{dag_id}: {reason}" for dag_id, reason in self.missing.items()]
        more = f"; and {len(reasons) - 3} others" if len(reasons) > 3 else ""
        return f"{len(self.found)} of {len(self._confirmations)} are available; {'; '.join(reasons[:3])}{more}"

    def _others(self) -> str:
        return f" Airflow cannot read these files: {describe_errors(self._errors)}." if self._errors else ""


def version_mismatch(version: JsonObject | None, wanted: str) -> str:
    """Why the newest version of a DAG is not from the wanted commit; empty when it is."""
    commit = (version or {}).get("bundle_version")
    if commit == wanted:
        return ""
    return f"its newest version is from {f'commit {commit}' if commit else 'no commit'}, not from {wanted}"


def _story(dag_id: str, error: JsonObject) -> str:
    return (
        f"Airflow cannot read {error['filename']}, the file of the DAG {dag_id}. Fix the file; Airflow reports:\n"
        f"{str(error['stack_trace']).strip()}"
    )


def _facts(errors: list[JsonObject]) -> dict[str, Any]:
    return {"import_errors": errors}

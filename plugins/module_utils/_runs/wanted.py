# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of DAGs that a user names, and which of Airflow's runs they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.dates import in_utc, moment, parse_datetime
from ansible_collections.airfield.airflow.plugins.module_utils._api.for_each import Refused

Params = Mapping[str, Any]


class RunRefused(Refused):
    """What was requested for a run is not possible."""


class RunDiffers(RunRefused):
    """A run with that id exists, but it is a different one."""


@dataclass(frozen=True)
class RunRequest:
    """A run by its id, by its logical date, or as the newest of its DAG. ``conf`` and ``note`` of None: any."""

    dag_id: str
    run_id: str | None
    logical_date: datetime | None
    newest: bool
    conf: JsonObject | None
    note: str | None

    @property
    def title(self) -> str:
        if self.run_id:
            return f"run {self.run_id} of the DAG {self.dag_id}"
        if self.logical_date:
            return f"run of the DAG {self.dag_id} for {in_utc(self.logical_date)}"
        return f"newest run of the DAG {self.dag_id}"


def run_requests(params: Params) -> list[RunRequest]:
    """The runs that the options name; raises ``RunRefused`` if they are incomplete or name a run twice."""
    if params["runs"] is None:
        return [_wanted(params, params["dag_id"], params["newest"], "")]
    wanted: list[RunRequest] = []
    seen: set[tuple[str, Any]] = set()
    for index, item in enumerate(params["runs"]):
        request = _wanted(item, item["dag_id"] or params["dag_id"], False, f"runs[{index}].")
        keys = {(request.dag_id, key) for key in (request.run_id, request.logical_date) if key}
        if keys & seen:
            raise RunRefused(f"runs names the {request.title} twice, or two runs of that DAG for one logical_date.")
        wanted.append(request)
        seen |= keys
    return wanted


def _wanted(item: Params, dag_id: str | None, newest: bool, where: str) -> RunRequest:
    if not dag_id:
        raise RunRefused(f"{where}dag_id is missing: set it there, or set dag_id for all runs.")
    if dag_id == "~":
        raise RunRefused(f"{where}dag_id must be the id of one DAG: to Airflow, ~ means all DAGs.")
    date = parse_datetime(f"{where}logical_date", item["logical_date"]) if item["logical_date"] else None
    if not (item["run_id"] or date or newest):
        names = f"{where}run_id or {where}logical_date" if where else "One of run_id, logical_date, newest and runs"
        raise RunRefused(f"{names} is required to identify the run.")
    return RunRequest(dag_id, item["run_id"] or None, date, newest, item["conf"], item["note"])


def require_same(existing: JsonObject, wanted: RunRequest) -> None:
    """Raise ``RunDiffers`` if the existing run differs from the request; conf may contain secrets: names only."""
    what = f"The {wanted.title} already exists, but "
    other = "Choose another run_id." if wanted.run_id else "Leave conf out, or choose another run."
    if wanted.conf is not None:
        given, stored = wanted.conf, existing.get("conf") or {}
        keys = sorted({*given, *stored}, key=str)
        differing = [key for key in keys if key not in given or key not in stored or given[key] != stored[key]]
        if differing:
            raise RunDiffers(f"{what}its conf differs in {', '.join(map(str, differing))}. {other}")
    if wanted.logical_date and wanted.logical_date != moment(existing.get("logical_date") or ""):
        raise RunDiffers(f"{what}its logical date is {existing.get('logical_date') or 'none'}. {other}")


def diff_fields(run: JsonObject | None, *also: str) -> JsonObject:
    """What the module can set of a run: the part of it that belongs in a diff."""
    if run is None:
        return {}
    date = moment(run.get("logical_date") or "")
    return {
        **{key: run.get(key) for key in ("dag_run_id", "dag_id", *also, "conf")},
        "logical_date": in_utc(date) if date else None,
        # Airflow 3.0 keeps an empty string for a note that was removed.
        "note": run.get("note") or None,
    }

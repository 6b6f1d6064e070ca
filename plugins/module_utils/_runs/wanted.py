# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of DAGs that a user names, and which of Airflow's runs they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.dates import in_utc, moment, parse_datetime
from ansible_collections.airfield.airflow.plugins.module_utils._api.for_each import Refused

Params = Mapping[str, Any]
# In ids of runs: it sorts as a string, and is valid in the label of a pod.
TIME_FORMAT = "%Y%m%dT%H%M%SZ"
# In seconds. There are no times before the year 1.
MOST_AGE = 100 * 365 * 24 * 3600


class RunRefused(Refused):
    """What was requested for a run is not possible."""


class RunDiffers(RunRefused):
    """A run with that id exists, but it is a different one."""


@dataclass(frozen=True)
class Reuse:
    """Which run is as good as a new one: its id is ``prefix`` and a time not before ``oldest`` (None: no run is)."""

    prefix: str
    oldest: str | None


@dataclass(frozen=True)
class RunRequest:
    """A run by its id, by its logical date, or as the newest of its DAG. ``conf`` and ``note`` of None: any.

    With ``reuse``, ``run_id`` is the id of a new run if there is none to be used again.
    """

    dag_id: str
    run_id: str | None
    logical_date: datetime | None
    newest: bool
    conf: JsonObject | None
    note: str | None
    reuse: Reuse | None = None

    def as_found(self, run: JsonObject) -> RunRequest:
        """The request for the run that is used, which may be an older one."""
        return replace(self, run_id=run["dag_run_id"]) if self.reuse else self

    def a_second_later(self) -> RunRequest:
        """The request for a new run with ``reuse`` whose id is not that of this one."""
        if self.run_id is None or self.reuse is None:
            raise ValueError("only an id that was made here has a time")
        time = datetime.strptime(self.run_id.removeprefix(self.reuse.prefix), TIME_FORMAT) + timedelta(seconds=1)
        return replace(self, run_id=self.reuse.prefix + time.strftime(TIME_FORMAT))

    @property
    def title(self) -> str:
        if self.run_id:
            return f"run {self.run_id} of the DAG {self.dag_id}"
        if self.logical_date:
            return f"run of the DAG {self.dag_id} for {in_utc(self.logical_date)}"
        return f"newest run of the DAG {self.dag_id}"


def run_requests(params: Params) -> list[RunRequest]:
    """The runs that the options name; raises ``RunRefused`` if they are incomplete or name a run twice."""
    age = params["max_age"]
    if age > MOST_AGE:
        raise RunRefused(f"max_age must be {MOST_AGE} (100 years) or less, not {age}.")
    now = utc_now()
    # Without a trigger, even a new run has to be looked for: somebody else starts it.
    always_new = age == 0 and params["trigger"]
    oldest = None if always_new else (now - timedelta(seconds=age)).strftime(TIME_FORMAT)
    if params["runs"] is None:
        return [_wanted(params, params["dag_id"], params["newest"], "", now, oldest)]
    wanted: list[RunRequest] = []
    seen: set[tuple[str, Any]] = set()
    for index, item in enumerate(params["runs"]):
        request = _wanted(item, item["dag_id"] or params["dag_id"], False, f"runs[{index}].", now, oldest)
        keys = {(request.dag_id, key) for key in (request.run_id, request.logical_date) if key}
        if keys & seen:
            raise RunRefused(f"runs names the {request.title} twice, or two runs of that DAG for one logical_date.")
        wanted.append(request)
        seen |= keys
    return wanted


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def _wanted(
    item: Params, dag_id: str | None, newest: bool, where: str, now: datetime, oldest: str | None
) -> RunRequest:
    if not dag_id:
        raise RunRefused(f"{where}dag_id is missing: set it there, or set dag_id for all runs.")
    if dag_id == "~":
        raise RunRefused(f"{where}dag_id must be the id of one DAG: to Airflow, ~ means all DAGs.")
    date = parse_datetime(f"{where}logical_date", item["logical_date"]) if item["logical_date"] else None
    prefix = item["run_id_prefix"]
    if not (item["run_id"] or prefix or date or newest):
        names = "run_id, run_id_prefix, logical_date" if where else "run_id, run_id_prefix, logical_date, newest, runs"
        head = f"{where.rstrip('.')}: one" if where else "One"
        raise RunRefused(f"{head} of {names} is required to identify the run.")
    if prefix:
        if item["run_id"]:
            raise RunRefused(f"{where}run_id and {where}run_id_prefix exclude each other. Leave one of them out.")
        reuse = Reuse(prefix, oldest)
        return RunRequest(dag_id, prefix + now.strftime(TIME_FORMAT), date, False, item["conf"], item["note"], reuse)
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

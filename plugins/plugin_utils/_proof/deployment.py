# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From evidence to checks of the deployment: Argo CD's Application, airflow.cfg and the DAGs that Airflow reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from configparser import Error, RawConfigParser
from typing import Any

from ansible_collections.airfield.airflow.plugins.plugin_utils._proof.checks import Json, check

SHORT = 12  # of a commit


def application_check(application: Mapping[str, Any], revision: str | None) -> Json:
    """``application`` is what the module argocd_application returned.

    ``revision``: the commit, or a prefix of it, that one of the Application's sources must be at.
    """
    names = application.get("application") or {}
    sync, health = application.get("sync") or {}, application.get("health") or {}
    revisions = [str(item) for item in sync.get("revisions") or [sync.get("revision")] if item]
    wanted = ("Synced", "Healthy")
    states = (sync.get("status"), health.get("status"))
    right_revision = any(item.startswith(revision or "") for item in revisions)
    passed = states == wanted and right_revision
    found = " and ".join(str(state or "unknown") for state in states)
    found += f" at {', '.join(item[:SHORT] for item in revisions)}" if revisions else ", without a revision"
    if states != wanted and application.get("msg"):
        found = str(application["msg"])  # the reason
    expected = "Synced and Healthy" + (f" at {revision[:SHORT]}" if revision else "")
    return check("Argo CD's Application", expected, found, passed, {**names, "revisions": revisions})


def setting_checks(text: str | None, settings: Iterable[Mapping[str, Any]]) -> list[Json]:
    """One check for each setting of airflow.cfg. ``settings`` has section, option and value."""
    parser, problem = RawConfigParser(strict=False), "" if text else "no airflow.cfg"
    try:
        parser.read_string(text or "")
    except Error as error:
        problem = f"an airflow.cfg that cannot be read: {error.message}"
    checks = []
    for setting in settings:
        value = parser.get(setting["section"], setting["option"], fallback=None) if not problem else None
        # Only boolean values can be written in several ways: Airflow does not even trim the names in a list.
        truth = setting["value"].lower() in ("true", "false")
        passed = value is not None and (
            value.lower() == setting["value"].lower() if truth else value == setting["value"]
        )
        name = f"[{setting['section']}] {setting['option']} as deployed"
        checks.append(check(name, setting["value"], problem or ("not set" if value is None else value), passed))
    return checks


def dag_check(dag: Mapping[str, Any], commit: str | None, run: Mapping[str, Any]) -> Json:
    """Airflow must know the DAG, and its newest version and its run must be from the commit, if one is expected.

    ``dag`` is what the module dag returned of it, empty if nothing; ``run`` is its run with dag_id and dag_run.
    """
    version = dag.get("dag_version") or {}
    found_commit, of_run = version.get("bundle_version"), (run.get("dag_run") or {}).get("bundle_version")
    faults = [
        text
        for key, text in (("is_stale", "its file is gone"), ("has_import_errors", "it has import errors"))
        if dag.get(key)
    ]
    if commit and found_commit != commit:
        faults.append(f"its version is from {_commit(found_commit)}")
    if commit and of_run not in (None, commit):
        faults.append(f"its run is from {_commit(of_run)}")
    if not dag:
        found = "Airflow does not know it"
    else:
        bundle = version.get("bundle_name") or dag.get("bundle_name")
        found = ", ".join(faults) or f"{_commit(found_commit)} of bundle {bundle}"
    expected = f"read without errors{f', from {_commit(commit)}' if commit else ''}"
    evidence = {"bundle_name": dag.get("bundle_name"), "file": dag.get("relative_fileloc"), "commit": found_commit}
    return check(f"{run['dag_id']} is known to Airflow", expected, found, bool(dag) and not faults, evidence)


def _commit(commit: str | None) -> str:
    return f"commit {commit[:SHORT]}" if commit else "no commit"

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole report: all checks together, and its two files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from ansible_collections.airfield.airflow.plugins.plugin_utils._proof.checks import Json, check
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof.deployment import (
    application_check,
    dag_check,
    setting_checks,
)
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof.placement import (
    idle_checks,
    keep_details,
    placement_checks,
    steady_checks,
)
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof.runs import (
    airflow_check,
    host_worker_check,
    log_api_check,
    log_file_check,
    run_check,
)

SUITE = "airfield.airflow.verify"
# Characters that XML 1.0 does not allow (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def judged_runs(params: Mapping[str, Any]) -> list[Json]:
    """Each run to judge with dag_id, run_id, and its dag_run and its error as far as there are any."""
    existing = {(run.get("dag_id"), run.get("dag_run_id")): run for run in params["dag_runs"]}
    runs = []
    for run in params["runs"]:
        dag_run = existing.get((run["dag_id"], run["run_id"])) or {}
        # The error of the whole call may be that of other runs. A run that has ended has its own, or none.
        error_of_call = None if dag_run.get("state") in ("success", "failed") else params["run_error"]
        runs.append({**run, "dag_run": dag_run, "error": dag_run.get("error") or error_of_call})
    return runs


def all_checks(params: Mapping[str, Any]) -> list[Json]:
    """The checks of the parameters of the action proof, in the order of a user's questions: up, done, where, proved."""
    runs = judged_runs(params)
    checks = []
    if params["application"]:
        checks.append(application_check(params["application"], params["application_revision"]))
    checks.append(airflow_check(params["airflow"], params["airflow_version"]))
    checks += setting_checks(params["airflow_cfg"], params["settings"])
    if params["dags"] is not None:
        known = {dag.get("dag_id"): dag for dag in params["dags"]}
        checks += [dag_check(known.get(run["dag_id"]) or {}, params["dags_commit"], run) for run in runs]
    checks += steady_checks(params["steady_pods"], params["steady_placement"])
    checks += idle_checks(params["idle_pods"], params["steady_placement"], params["pod_runs"])
    checks += [run_check(run) for run in runs] or [check("DAG runs", "at least one", "none", False)]
    checks += placement_checks(params["expectations"], params["placement"])
    checks += [log_file_check(run, params["log_files"], params["log_directory"]) for run in runs]
    checks += [log_api_check(run, params["log_lines"]) for run in runs]
    checks += [
        host_worker_check(run, params["host_workers"]) for run in runs if run["dag_id"] in params["host_worker_dags"]
    ]
    return checks


def report_of(params: Mapping[str, Any], earlier: Mapping[str, Any]) -> Json:
    """The report; ``earlier`` is the previous one, empty when there is none."""
    checks = all_checks(params)
    keep_details(checks, earlier.get("checks") or [])
    return {
        "passed": all(item["passed"] for item in checks),
        "checks": checks,
        "run_ids": {run["dag_id"]: run["run_id"] for run in params["runs"]},
        "versions": {str(name): str(version) for name, version in params["versions"].items()},
        "notes": list(params["notes"]),
    }


def failure_sentences(report: Mapping[str, Any]) -> list[str]:
    """What did not pass: what was expected, what was found instead, and the error message if there is one."""
    sentences = []
    for item in report["checks"]:
        if not item["passed"]:
            error = item["evidence"].get("error") if isinstance(item["evidence"], dict) else None
            sentence = f"{item['name']}: expected {item['expected']}, found {item['found']}."
            sentences.append(f"{sentence}\n{error}" if error else sentence)
    return sentences


def parse_report(text: str | None) -> Json:
    """The report that a file contains; empty when there is no file, or no report in it."""
    try:
        report = json.loads(text or "")
    except ValueError:
        return {}
    checks = report.get("checks") if isinstance(report, dict) else None
    return report if isinstance(checks, list) and all(isinstance(item, dict) for item in checks) else {}


def as_json(report: Mapping[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def as_junit(report: Mapping[str, Any]) -> str:
    """One test case for each check, in the format of CI systems."""
    failed = sum(1 for item in report["checks"] if not item["passed"])
    counts = {"tests": str(len(report["checks"])), "failures": str(failed), "errors": "0", "skipped": "0"}
    root = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(root, "testsuite", {"name": SUITE, **counts})
    for item in report["checks"]:
        case = ElementTree.SubElement(suite, "testcase", {"classname": SUITE, "name": _clean(item["name"])})
        text = _clean(f"expected: {item['expected']}\nfound: {item['found']}")
        if not item["passed"]:
            ElementTree.SubElement(case, "failure", {"message": _clean(item["found"])}).text = text
        else:
            ElementTree.SubElement(case, "system-out").text = text
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    return _NOT_XML.sub("?", text)

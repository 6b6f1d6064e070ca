# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from ansible_collections.airfield.airflow.plugins.module_utils import _proof_report as proof

PARAMS: dict[str, Any] = {
    "airflow": {"version": "3.3.2", "healthy": True},
    "airflow_version": "3.3.2",
    "runs": [],
    "expectations": [{"name": "scheduler", "namespace": "airflow"}],
    "placement": {},
    "log_files": [],
    "log_folder": "/logs",
    "log_lines": [],
    "host_worker_dags": ["b"],
    "host_workers": [],
    "versions": {"airflow": "3.3.2", "postgres": 17},
    "notes": ["UI"],
}
CHECKS = [
    {"name": "fine <&>", "expected": "a", "found": "a", "passed": True, "evidence": None},
    {"name": "bad", "expected": "a", "found": "b\x1b", "passed": False, "evidence": {"error": "boom"}},
    {"name": "worse", "expected": "c", "found": "d", "passed": False, "evidence": []},
]


def test_every_run_gets_every_check_and_only_some_the_host_workers() -> None:
    runs = [{"dag_id": dag_id, "run_id": "1", "dag_run": None, "error": None} for dag_id in ("a", "b")]
    report = proof.report_of({**PARAMS, "runs": runs})
    assert [one["name"] for one in report["checks"]] == [
        "Airflow answers",
        "a succeeded",
        "b succeeded",
        "scheduler",
        "a: log files on the shared volume",
        "b: log files on the shared volume",
        "a: logs readable through Airflow's API",
        "b: logs readable through Airflow's API",
        "b: executed by a host worker",
    ]
    assert [one["passed"] for one in report["checks"]] == [True] + [False] * 8
    assert not report["passed"]
    assert report["run_ids"] == {"a": "1", "b": "1"}
    assert report["versions"] == {"airflow": "3.3.2", "postgres": "17"}


def test_without_runs_nothing_is_proved() -> None:
    report = proof.report_of({**PARAMS, "expectations": []})
    assert not report["passed"]
    assert [one["name"] for one in report["checks"]] == ["Airflow answers", "DAG runs"]


def test_failures_are_sentences() -> None:
    assert proof.failure_sentences({"checks": CHECKS}) == [
        "bad: expected a, found b\x1b.\nboom",
        "worse: expected c, found d.",
    ]


def test_json_is_stable() -> None:
    report = proof.report_of(PARAMS)
    assert proof.as_json(report) == proof.as_json(dict(reversed(report.items())))
    assert json.loads(proof.as_json(report)) == report


def test_junit_counts_and_quotes() -> None:
    root = ElementTree.fromstring(proof.as_junit({"checks": CHECKS}))
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == ["fine <&>", "bad", "worse"]
    failures = [case.find("failure") for case in cases]
    assert [failure.get("message") if failure is not None else None for failure in failures] == [None, "b?", "d"]

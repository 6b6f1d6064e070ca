# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof import report as proof

PARAMS: dict[str, Any] = {
    "airflow": {"version": "3.3.2", "healthy": True},
    "airflow_version": "3.3.2",
    "application": {},
    "application_revision": None,
    "airflow_cfg": None,
    "settings": [],
    "dags": None,
    "dags_commit": None,
    "steady_pods": [],
    "idle_pods": [],
    "steady_placement": {},
    "pod_runs": [],
    "runs": [],
    "dag_runs": [],
    "run_error": None,
    "expectations": [{"name": "scheduler", "namespace": "airflow"}],
    "placement": {},
    "log_files": [],
    "log_directory": "/logs",
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
    runs = [{"dag_id": dag_id, "run_id": "1"} for dag_id in ("a", "b")]
    report = proof.report_of({**PARAMS, "runs": runs}, {})
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


def test_what_is_deployed_and_at_rest_comes_before_the_runs() -> None:
    changes = {
        "application": {"msg": "no"},
        "settings": [{"section": "core", "option": "executor", "value": "x"}],
        "dags": [],
        "steady_pods": [{"name": "scheduler", "namespace": "airflow", "count": 1}],
        "idle_pods": [{"name": "no idle task pod in airflow", "namespace": "airflow", "count": 0}],
        "runs": [{"dag_id": "a", "run_id": "1"}],
    }
    checks = proof.report_of({**PARAMS, **changes}, {})["checks"]
    assert [one["name"] for one in checks][:7] == [
        "Argo CD's Application",
        "Airflow answers",
        "[core] executor as deployed",
        "a is known to Airflow",
        "Steady state: scheduler",
        "no idle task pod in airflow",
        "a succeeded",
    ]
    assert [one["passed"] for one in checks][:7] == [False, True, False, False, False, False, False]


def test_each_dag_is_compared_with_its_own_run() -> None:
    dags = [{"dag_id": name, "dag_version": {"bundle_version": "new"}} for name in ("b", "a")]
    runs = [{"dag_id": name, "run_id": "1"} for name in ("a", "b")]
    # Airflow has other runs, too.
    dag_runs = [
        {"dag_id": name, "dag_run_id": run_id, "bundle_version": commit}
        for name, run_id, commit in (("b", "1", "new"), ("a", "2", "new"), ("a", "1", "old"))
    ]
    changes = {"dags": dags, "dags_commit": "new", "runs": runs, "dag_runs": dag_runs}
    checks = proof.report_of({**PARAMS, **changes}, {})["checks"]
    assert [one["passed"] for one in checks if one["name"].endswith("is known to Airflow")] == [False, True]


def test_a_run_that_did_not_succeed_says_why() -> None:
    runs = [{"dag_id": name, "run_id": "1"} for name in ("a", "b")]
    dag_runs = [{"dag_id": "a", "dag_run_id": "1", "state": "failed", "error": "Task x failed."}]
    report = proof.report_of({**PARAMS, "runs": runs, "dag_runs": dag_runs, "run_error": "Airflow refused b."}, {})
    sentences = [text for text in proof.failure_sentences(report) if " succeeded: " in text]
    assert [text.partition("\n")[2] for text in sentences] == ["Task x failed.", "Airflow refused b."]


@pytest.mark.parametrize(
    ("state", "told"), [("success", ""), ("failed", ""), ("running", "Timed out."), (None, "Timed out.")]
)
def test_the_error_of_the_call_explains_only_runs_that_have_not_ended(state: str | None, told: str) -> None:
    runs = [{"dag_id": "a", "run_id": "1"}]
    dag_runs = [{"dag_id": "a", "dag_run_id": "1", "state": state}] if state else []
    report = proof.report_of({**PARAMS, "runs": runs, "dag_runs": dag_runs, "run_error": "Timed out."}, {})
    (sentence,) = [text for text in proof.failure_sentences(report) if " succeeded: " in text]
    assert sentence.partition("\n")[2] == told


def test_without_runs_nothing_is_proved() -> None:
    report = proof.report_of({**PARAMS, "expectations": []}, {})
    assert not report["passed"]
    assert [one["name"] for one in report["checks"]] == ["Airflow answers", "DAG runs"]


def test_failures_are_sentences() -> None:
    assert proof.failure_sentences({"checks": CHECKS}) == [
        "bad: expected a, found b\x1b.\nboom",
        "worse: expected c, found d.",
    ]


def test_json_is_stable() -> None:
    report = proof.report_of(PARAMS, {})
    assert proof.as_json(report) == proof.as_json(dict(reversed(report.items())))
    assert json.loads(proof.as_json(report)) == report


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"checks": 1}', '{"checks": [1]}'])
def test_what_is_no_report_is_none(text: str | None) -> None:
    assert proof.parse_report(text) == {}


def test_junit_counts_and_quotes() -> None:
    root = ElementTree.fromstring(proof.as_junit({"checks": CHECKS}))
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == ["fine <&>", "bad", "worse"]
    failures = [case.find("failure") for case in cases]
    assert [failure.get("message") if failure is not None else None for failure in failures] == [None, "b?", "d"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof import placement as proof

TOLERATION = {"key": "dedicated", "operator": "Exists", "effect": "NoSchedule"}
DETAILS = {"node_selector": {"role": "airflow-control"}, "tolerations": [TOLERATION]}
EXPECTATION = {"name": "scheduler", "namespace": "airflow", "node_selector": {"role": "airflow-control"}}
POD = {"namespace": "airflow", "pod": "scheduler-1", "node": "node-a", "source": "live", "containers": 1}
SEEN = {"expectation": "scheduler", "checked": 1, "nodes": {"node-a": 1}, "pods": [POD]}


def test_a_pod_at_its_place_passes() -> None:
    (check,) = proof.placement_checks([EXPECTATION], {"evidence": [SEEN], "violations": []})
    assert check == {
        "name": "scheduler",
        "expected": "nodes with role=airflow-control, namespace airflow",
        "found": "1 pod on node-a",
        "passed": True,
        "evidence": [{"namespace": "airflow", "pod": "scheduler-1", "node": "node-a"}],
    }


@pytest.mark.parametrize(
    "placement",
    [
        {},
        {"passed": True},
        {"evidence": []},
        {"evidence": [{**SEEN, "expectation": "another"}]},
        {"evidence": [{**SEEN, "checked": 0}]},
        {"evidence": [{**SEEN, "nodes": {}}]},
    ],
)
def test_without_evidence_of_a_place_nothing_passes(placement: dict[str, Any]) -> None:
    assert [check["passed"] for check in proof.placement_checks([EXPECTATION], placement)] == [False]


def test_a_violation_fails_its_own_expectation_only() -> None:
    violation = {"expectation": "scheduler", "message": "scheduler: pod x is on node-b."}
    other = {**EXPECTATION, "name": "api-server", "namespaces": ["a", "b"], "namespace": None}
    placement = {"evidence": [SEEN, {**SEEN, "expectation": "api-server"}], "violations": [violation]}
    first, second = proof.placement_checks([EXPECTATION, other], placement)
    assert (first["passed"], first["found"]) == (False, "pod x is on node-b")
    assert (second["passed"], second["expected"]) == (True, "nodes with role=airflow-control, namespace a or b")


def test_the_kind_of_evidence_is_not_in_the_report() -> None:
    """A second proof of the same run finds an event where the first one saw the pod: the report must not change."""
    gone = {**SEEN, "pods": [{**POD, "source": "event", "containers": None}]}
    reports = [proof.placement_checks([EXPECTATION], {"evidence": [seen]}) for seen in (SEEN, gone)]
    assert reports[0] == reports[1]


def test_the_details_of_a_pod_are_evidence() -> None:
    seen = {**SEEN, "pods": [{**POD, **DETAILS, "task": None}]}
    wanted = {**EXPECTATION, "tolerations": [TOLERATION]}
    (check,) = proof.placement_checks([wanted], {"evidence": [seen]})
    assert check["evidence"] == [{"namespace": "airflow", "pod": "scheduler-1", "node": "node-a", **DETAILS}]
    assert check["expected"].endswith(", namespace airflow, tolerating dedicated:NoSchedule")


ROW = {"name": "scheduler", "namespace": "airflow", "label_selector": "a=b", "count": 2, "containers": 2}
AT_REST = {"expectation": "scheduler", "checked": 2, "containers": 4, "pods": [POD, {**POD, "pod": "scheduler-0"}]}


def test_the_steady_state_shows_both_counts() -> None:
    (check,) = proof.steady_checks([ROW], {"evidence": [AT_REST], "violations": []})
    assert (check["name"], check["passed"]) == ("Steady state: scheduler", True)
    assert check["expected"] == "2 pods, 2 containers each, 4 containers"
    assert check["found"] == "2 pods, 4 containers"
    assert [pod["pod"] for pod in check["evidence"]] == ["scheduler-0", "scheduler-1"]


def fault(kind: str, message: str = "") -> dict[str, Any]:
    return {"expectation": "scheduler", "kind": kind, "message": f"scheduler: {message}."}


@pytest.mark.parametrize(
    ("placement", "found"),
    [
        ({}, "not checked"),
        ({"evidence": [{**AT_REST, "expectation": "another"}]}, "not checked"),
        ({"evidence": [{**AT_REST, "checked": 1, "containers": 2}]}, "1 pod, 2 containers"),
        (
            {"evidence": [{**AT_REST, "checked": 3, "containers": 6}], "violations": [fault("wrong_count")]},
            "3 pods, 6 containers",
        ),
        (
            {"evidence": [{**AT_REST, "checked": 0, "containers": 0}], "violations": [fault("nothing_matched")]},
            "0 pods, 0 containers",
        ),
        (
            {"evidence": [{**AT_REST, "containers": 5}], "violations": [fault("wrong_containers", "pod x has 3")]},
            "2 pods, 5 containers; pod x has 3",
        ),
    ],
)
def test_any_other_number_is_no_steady_state(placement: dict[str, Any], found: str) -> None:
    (check,) = proof.steady_checks([ROW], placement)
    assert (check["passed"], check["found"]) == (False, found)


def test_no_pod_can_be_the_steady_state() -> None:
    row = {"name": "scheduler", "namespace": "airflow", "count": 0}
    seen = {"expectation": "scheduler", "checked": 0, "containers": 0, "pods": []}
    (check,) = proof.steady_checks([row], {"evidence": [seen]})
    assert (check["passed"], check["expected"], check["found"]) == (True, "0 pods", "0 pods, 0 containers")


IDLE = {"name": "no idle task pod in airflow-cron", "namespace": "airflow-cron", "count": 0}
TASK = {"dag_id": "example_cron_dag", "run_id": "scheduled__1", "task_id": "say_hi"}
WORKING = {"dag_id": "example_cron_dag", "dag_run_id": "scheduled__1", "state": "running"}


def worker_pods(*pods: dict[str, Any], checked: int | None = None) -> dict[str, Any]:
    """The result of the module placement; it reports each of them as a violation."""
    number = len(pods) if checked is None else checked
    violations = [{"expectation": IDLE["name"], "kind": "wrong_count", "message": ""}] if number else []
    return {
        "evidence": [{"expectation": IDLE["name"], "checked": number, "pods": list(pods)}],
        "violations": violations,
    }


def test_without_worker_pods_none_is_idle() -> None:
    (check,) = proof.idle_checks([IDLE], worker_pods(), [])
    assert (check["name"], check["passed"], check["found"]) == (IDLE["name"], True, "0 idle")


@pytest.mark.parametrize("state", ["running", "queued"])
def test_a_pod_of_a_run_in_progress_is_at_work(state: str) -> None:
    (check,) = proof.idle_checks([IDLE], worker_pods({"pod": "p1", "task": TASK}), [{**WORKING, "state": state}])
    (without,) = proof.idle_checks([IDLE], worker_pods(), [])
    assert check["passed"]
    assert check == without, "a schedule must not change the report"


@pytest.mark.parametrize(
    ("placement", "runs", "found"),
    [
        (worker_pods({"pod": "p1", "task": TASK}), [], "1 idle: p1 of example_cron_dag, run scheduled__1 (unknown)"),
        (
            worker_pods({"pod": "p1", "task": TASK}),
            [{**WORKING, "state": "success"}],
            "1 idle: p1 of example_cron_dag, run scheduled__1 (success)",
        ),
        (worker_pods({"pod": "p1", "task": TASK}), [{**WORKING, "dag_id": "other"}], "(unknown)"),
        (worker_pods({"pod": "p1", "task": TASK}), [{**WORKING, "dag_run_id": "other"}], "(unknown)"),
        (worker_pods({"pod": "p1", "task": None}), [WORKING], "1 idle: p1 of no task"),
        (worker_pods({"pod": "p1", "task": TASK}, checked=3), [WORKING], "2 more that were not checked"),
        ({}, [WORKING], "not checked"),
    ],
)
def test_any_other_worker_pod_is_idle(placement: dict[str, Any], runs: list[dict[str, Any]], found: str) -> None:
    (check,) = proof.idle_checks([IDLE], placement, runs)
    assert not check["passed"]
    assert found in check["found"]


def test_a_pod_that_ended_while_it_was_looked_at_is_not_idle() -> None:
    (check,) = proof.idle_checks([IDLE], worker_pods({"pod": "p1"}), [])
    assert (check["passed"], check["found"]) == (True, "0 idle")


def test_one_idle_pod_is_found_beside_one_at_work() -> None:
    other = {"pod": "p2", "task": {**TASK, "run_id": "manual__2"}}
    (check,) = proof.idle_checks([IDLE], worker_pods({"pod": "p1", "task": TASK}, other), [WORKING])
    assert not check["passed"]
    assert check["found"].startswith("1 idle: p2 of example_cron_dag, run manual__2 (unknown); 1 active: p1")


def test_the_details_of_a_pod_that_is_gone_stay() -> None:
    gone: list[dict[str, Any]] = [{"name": "a", "evidence": [{"namespace": "n", "pod": "p", "node": "w"}]}]
    earlier = copy.deepcopy(gone)
    earlier[0]["evidence"][0].update(DETAILS, source="live")
    proof.keep_details(gone, earlier)
    assert gone[0]["evidence"] == [{"namespace": "n", "pod": "p", "node": "w", **DETAILS}]


@pytest.mark.parametrize("other", [{"namespace": "m"}, {"pod": "q"}, {"node": "v"}])
def test_the_details_of_another_pod_are_not_taken(other: dict[str, str]) -> None:
    pod = {"namespace": "n", "pod": "p", "node": "w"}
    checks = [{"name": "a", "evidence": [dict(pod)]}]
    proof.keep_details(checks, [{"name": "a", "evidence": [{**pod, **other, **DETAILS}]}])
    assert checks[0]["evidence"] == [pod]


def test_what_is_seen_now_beats_what_was_seen_before() -> None:
    pod = {"namespace": "n", "pod": "p", "node": "w", "tolerations": []}
    checks: list[dict[str, Any]]
    checks = [{"name": "a", "evidence": [dict(pod)]}, {"name": "b", "evidence": None}, {"name": "c", "evidence": ["x"]}]
    proof.keep_details(checks, [{"name": "a", "evidence": [{**pod, **DETAILS}]}, {"evidence": {"pod": "p"}}])
    assert checks[0]["evidence"] == [{**pod, "node_selector": DETAILS["node_selector"]}]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.modules import placement
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    METADATA,
    TABLE,
    FakeKube,
    Json,
    RunModule,
    failure,
    run_fake_fixture,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.pods import (
    CONTROL,
    NOT_FINISHED,
    PODS,
    WORKER,
    cells,
    full_pod,
    one,
    table,
    with_nodes,
    with_pods,
)

__all__ = ["run_fake_fixture"]


@pytest.mark.parametrize("check", [False, True])
def test_pods_in_their_places_pass(run_fake: RunModule, check: bool) -> None:
    fake = with_pods(table([cells("a", "cp", 2), cells("b", "cp", 2)]), labelSelector="component=scheduler")
    wanted = one(label_selector="component=scheduler", node_selector=CONTROL, count=2, containers=2, total_containers=4)
    result = run_fake(placement, fake, check=check, expectations=wanted)
    assert (result["changed"], result["passed"], result["violations"]) == (False, True, [])
    evidence = result["evidence"][0]
    assert (evidence["checked"], evidence["containers"], evidence["nodes"]) == (2, 4, {"cp": 2})
    assert evidence["pods"][0] == {"namespace": "airflow", "pod": "a", "node": "cp", "source": "live", "containers": 2}


def test_a_wrong_node_fails_with_pod_node_expected_and_found(run_fake: RunModule) -> None:
    result = run_fake(placement, with_pods(table([cells("a", "w1")])), expectations=one(node_selector=CONTROL))
    assert (result["failed"], result["passed"]) == (True, False)
    assert result["violations"] == [
        {
            "expectation": "Scheduler",
            "kind": "wrong_node",
            "namespace": "airflow",
            "pod": "a",
            "node": "w1",
            "expected": "a node with role=airflow-control (cp)",
            "found": "node w1 with role=airflow-worker",
            "message": "Scheduler: pod airflow/a: expected a node with role=airflow-control (cp), "
            "found node w1 with role=airflow-worker.",
        }
    ]
    assert result["violations"][0]["message"] in result["msg"]


def test_report_only_does_not_fail(run_fake: RunModule) -> None:
    fake = with_pods(table([cells("a", "w1")]))
    result = run_fake(placement, fake, expectations=one(node_selector=CONTROL), report_only=True)
    assert (result.get("failed", False), result["passed"], len(result["violations"])) == (False, False, 1)


@pytest.mark.parametrize(
    ("rows", "more", "kind", "expected", "found"),
    [
        ([cells("a", "w1")], {"node_names": ["cp"]}, "wrong_node", "node cp", "node w1"),
        ([cells("a", "w1")], {"node_names": ["w11"]}, "wrong_node", "did you mean w1?", "node w1"),
        ([cells("a", "w9")], {"node_selector": WORKER}, "node_gone", "(w1, w2)", "no longer exists"),
        ([cells("a", "cp")], {"node_selector": {"gpu": "yes"}}, "wrong_node", "no node has that", "no label gpu"),
        ([cells("a", None, status="Pending")], {"node_selector": WORKER}, "no_node", "airflow-worker", "Pending"),
        ([cells("a", None, status="Pending")], {"node_names": ["w1"]}, "no_node", "node w1", "not scheduled"),
        ([cells("a", "cp", 3)], {"containers": 2}, "wrong_containers", "2 containers", "3 containers"),
        ([cells("a", "cp", 3)], {"total_containers": 2}, "wrong_containers", "exactly 2", "3 (a on cp)"),
        ([cells("a", "cp")], {"count": 2}, "wrong_count", "exactly 2 pods", "1 (a on cp)"),
        ([cells("a", "cp")], {"count": 0}, "wrong_count", "exactly 0 pods", "1 (a on cp)"),
        ([cells("a", "cp")], {"min_count": 2}, "wrong_count", "at least 2 pods", "1 (a on cp)"),
        ([cells("a", "cp"), cells("b", "w1")], {"max_count": 1}, "wrong_count", "at most 1", "2 (a on cp, b on w1)"),
        ([], {}, "nothing_matched", "at least 1 pod", "none"),
        ([], {"min_count": 0}, "nothing_matched", "at least 1 pod", "none"),
        ([], {"count": 3}, "nothing_matched", "3 pods", "none"),
        ([cells("a", "cp", status="Terminating")], {}, "nothing_matched", "at least 1 pod", "none"),
    ],
)
def test_each_kind_of_violation(
    run_fake: RunModule, rows: list[Any], more: Json, kind: str, expected: str, found: str
) -> None:
    result = run_fake(placement, with_pods(table(rows)), expectations=one(**more))
    assert [violation["kind"] for violation in result["violations"]] == [kind]
    violation = result["violations"][0]
    assert expected in violation["expected"]
    assert found in violation["found"]
    assert violation["message"].startswith("Scheduler: ")
    assert result["failed"]


def test_nothing_is_fine_when_count_0_asks_for_it(run_fake: RunModule) -> None:
    assert run_fake(placement, with_pods(table([])), expectations=one(count=0))["passed"]


def test_a_leaving_pod_does_not_count(run_fake: RunModule) -> None:
    fake = with_pods(table([cells("old", "w1", status="Terminating"), cells("new", "cp")]))
    result = run_fake(placement, fake, expectations=one(count=1, node_selector=CONTROL))
    assert (result["passed"], result["evidence"][0]["leaving"]) == (True, 1)


def test_pages_are_read_to_the_end(run_fake: RunModule) -> None:
    fake = with_pods(table([cells("a", "cp")], token="t1"))
    with_pods(table([cells("b", "cp")], token="t2"), fake, **{"continue": "t1"})
    with_pods(table([cells("c", "w1")]), fake, **{"continue": "t2"})
    result = run_fake(placement, fake, expectations=one(node_selector=CONTROL, count=3), evidence_limit=2)
    assert [violation["pod"] for violation in result["violations"]] == ["c"]
    assert result["evidence"][0]["checked"] == 3
    assert [pod["pod"] for pod in result["evidence"][0]["pods"]] == ["a", "b"]


def test_an_expired_continue_token_starts_again_from_nothing(run_fake: RunModule) -> None:
    standard = {"limit": "500", "includeObject": "None", "fieldSelector": NOT_FINISHED}
    fake = with_pods(table([cells("gone", "w1")], token="t1"))
    gone = failure("The provided continue parameter is too old", 410)
    fake.expect(PODS, gone, query={**standard, "continue": "t1"}, accept=TABLE, status=410)
    with_pods(table([cells("a", "cp")]), fake)
    result = run_fake(placement, fake, expectations=one(node_selector=CONTROL, count=1))
    assert result["passed"]


def test_a_list_that_always_expires_ends(run_fake: RunModule) -> None:
    standard = {"limit": "500", "includeObject": "None", "fieldSelector": NOT_FINISHED}
    fake = with_nodes()
    for _time in range(5):
        with_pods(table([cells("a", "cp")], token="t1"), fake)
        fake.expect(PODS, failure("expired", 410), query={**standard, "continue": "t1"}, accept=TABLE, status=410)
    assert "changes faster than it can be read" in run_fake(placement, fake, expectations=one())["msg"]


def test_expectations_on_one_namespace_share_one_reading(run_fake: RunModule) -> None:
    objects = [{"namespace": "airflow", "labels": {"component": name}} for name in ("scheduler", "web", "other")]
    answer = table([cells("s", "cp"), cells("w", "w1"), cells("o", "w2")], objects=objects)
    fake = with_pods(answer, includeObject="Metadata")
    wanted = [
        {
            "name": "S",
            "namespace": "airflow",
            "label_selector": "component=scheduler",
            "count": 1,
            "node_names": ["cp"],
        },
        {"name": "W", "namespace": "airflow", "label_selector": "component in (web, api)", "count": 1},
        {"name": "Not", "namespace": "airflow", "label_selector": "component notin (web),component", "count": 2},
        {"name": "None", "namespace": "airflow", "label_selector": "component!=web,!component", "count": 0},
    ]
    result = run_fake(placement, fake, expectations=wanted)
    assert result["passed"], result["msg"]
    assert [entry["checked"] for entry in result["evidence"]] == [1, 1, 2, 0]


def test_several_namespaces_add_up(run_fake: RunModule) -> None:
    query = {"limit": "500", "includeObject": "None", "fieldSelector": NOT_FINISHED}
    fake = with_nodes()
    for namespace in ("a", "b"):
        path = f"/api/v1/namespaces/{namespace}/pods"
        fake.expect(path, table([cells(f"{namespace}-pod", "w1")]), query=query, accept=TABLE)
    wanted = [{"name": "Both", "namespaces": ["a", "b"], "count": 2, "node_selector": WORKER}]
    result = run_fake(placement, fake, expectations=wanted)
    assert [pod["namespace"] for pod in result["evidence"][0]["pods"]] == ["a", "b"]


def test_exclusive_finds_pods_elsewhere(run_fake: RunModule) -> None:
    objects = [{"namespace": "airflow"}, {"namespace": "team"}]
    query = {"limit": "500", "includeObject": "Metadata", "fieldSelector": NOT_FINISHED, "labelSelector": "x=y"}
    answer = table([cells("a", "w1"), cells("b", "w1")], objects=objects)
    fake = with_nodes().expect("/api/v1/pods", answer, query=query, accept=TABLE)
    result = run_fake(placement, fake, expectations=one(exclusive=True, label_selector="x=y", count=1))
    violation = result["violations"][0]
    assert (violation["kind"], violation["pod"], violation["node"]) == ("wrong_namespace", "b", "w1")
    assert (violation["expected"], violation["found"]) == ("namespace airflow", "namespace team")
    assert "on node w1" in violation["message"]


def test_include_finished_asks_for_all(run_fake: RunModule) -> None:
    fake = with_nodes().expect(
        PODS,
        table([cells("job", "cp", status="Completed")]),
        query={"limit": "500", "includeObject": "None"},
        accept=TABLE,
    )
    assert run_fake(placement, fake, expectations=one(include_finished=True, count=1))["passed"]


def test_a_server_without_tables_answers_with_pods(run_fake: RunModule) -> None:
    pods = [full_pod("a", "cp"), full_pod("b", None), full_pod("c", "w1", deletionTimestamp="2026-11-21T12:00:00Z")]
    fake = with_pods({"kind": "PodList", "metadata": {}, "items": pods})
    result = run_fake(placement, fake, expectations=one(node_selector=CONTROL, count=2, containers=3))
    assert [(found["pod"], found["found"]) for found in result["violations"]] == [
        ("b", "no node (not scheduled), Pending")
    ]


def test_a_table_without_the_node_is_not_trusted(run_fake: RunModule) -> None:
    answer = table([cells("a", "cp")])
    answer["columnDefinitions"][6]["name"] = "Where"
    query = {"limit": "500", "fieldSelector": NOT_FINISHED}
    fake = with_pods(answer).expect_list(PODS, [full_pod("a", "w1")], query=query)
    assert run_fake(placement, fake, expectations=one(node_selector=CONTROL))["violations"][0]["node"] == "w1"


def test_many_violations_are_all_returned_and_the_first_are_shown(run_fake: RunModule) -> None:
    rows = [cells(f"p{number}", "w1") for number in range(50)]
    result = run_fake(placement, with_pods(table(rows)), expectations=one(node_selector=CONTROL), evidence_limit=0)
    assert len(result["violations"]) == 50
    assert len(result["msg"].splitlines()) == 22
    assert result["msg"].endswith("And 30 more, all in `violations`.")
    assert result["evidence"][0]["pods"] == []


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([], "`expectations` is empty"),
        ([{"name": "a"}], "has no namespace"),
        ([{"name": "a", "namespace": "n"}] * 2, "Several expectations are named `a`"),
        ([{"name": "a", "namespace": "n", "node_selector": {}}], "`node_selector` of expectation `a` is empty"),
        ([{"name": "a", "namespace": "n", "node_names": []}], "`node_names` of expectation `a` is empty"),
        ([{"name": "a", "namespace": "n", "exclusive": True}], "has no `label_selector`"),
        ([{"name": "a", "namespace": "n", "label_selector": "a in b"}], "`a in b` is not valid at `a in b`"),
        ([{"name": "a", "namespace": "n", "label_selector": "a=b,"}], "not valid"),
        ([{"name": "a", "namespace": "n", "task_instances": [], "containers": 1}], "together with `containers`"),
        ([{"name": "a", "namespace": "n", "count": 1, "max_count": 1}], "mutually exclusive"),
    ],
)
def test_unclear_expectations_are_refused_before_any_request(
    run_fake: RunModule, entries: list[Json], words: str
) -> None:
    result = run_fake(placement, FakeKube(), expectations=entries)
    assert result["failed"]
    assert words in result["msg"]


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (401, failure("Unauthorized", 401), "The credentials of the kubeconfig are rejected"),
        (403, failure("nodes is forbidden", 403), "nodes is forbidden. Give the kubeconfig's user this permission"),
        (503, "upstream connect error", "status 503: upstream connect error. The Kubernetes API server has a problem"),
        (200, "<html>a portal</html>", "is not JSON (it starts with '<html>a portal</html>')"),
        (200, "[]", "is not JSON"),
        (200, KubeError("https://fake:6443 cannot be reached: refused."), "cannot be reached"),
    ],
)
def test_errors_are_sentences(run_fake: RunModule, status: int, answer: Any, words: str) -> None:
    fake = FakeKube().expect("/api/v1/nodes", answer, query={"limit": "500"}, accept=METADATA, status=status)
    result = run_fake(placement, fake, expectations=one())
    assert result["failed"]
    assert words in result["msg"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import node_labels
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    FakeKube,
    Json,
    RunModule,
    failure,
    run_fake_fixture,
)

__all__ = ["run_fake_fixture"]

PATH = "/api/v1/nodes/w1"
LABELS = "airfield.io/managed-labels"
TAINTS = "airfield.io/managed-taints"
FOREIGN_TAINT = {"key": "node.kubernetes.io/disk-pressure", "effect": "NoSchedule", "timeAdded": "2026-11-21T12:00:00Z"}
TAINT = {"key": "dedicated", "value": "airflow", "effect": "NoSchedule"}


def node(
    name: str = "w1",
    labels: Json | None = None,
    taints: list[Json] | None = None,
    managed_labels: list[str] | None = None,
    managed_taints: list[str] | None = None,
    version: str = "7",
) -> Json:
    remembered = {LABELS: managed_labels, TAINTS: managed_taints}
    annotations = {key: json.dumps(value) for key, value in remembered.items() if value is not None}
    metadata = {"name": name, "resourceVersion": version, "labels": {"kubernetes.io/os": "linux", **(labels or {})}}
    return {"metadata": {**metadata, "annotations": annotations}, "spec": {"taints": taints} if taints else {}}


def cluster(*nodes: Json) -> FakeKube:
    return FakeKube().expect_list("/api/v1/nodes", list(nodes))


def patch_of(**metadata: Any) -> Json:
    return {"metadata": {"resourceVersion": "7", **metadata}}


def w1(**declared: Any) -> list[Json]:
    return [{"name": "w1", **declared}]


def test_a_label_is_set_and_remembered(run_fake: RunModule) -> None:
    patch = patch_of(labels={"role": "airflow-worker"}, annotations={LABELS: '["role"]'})
    fake = cluster(node(), node("cp")).expect_patch(PATH, patch)
    result = run_fake(node_labels, fake, nodes=w1(labels={"role": "airflow-worker"}))
    assert result["changed"]
    assert result["nodes"][0]["labels_set"] == ["role=airflow-worker"]
    assert result["diff"][0]["before"] == {"labels": {}, "taints": []}
    assert result["diff"][0]["after"] == {"labels": {"role": "airflow-worker"}, "taints": []}


def test_a_second_run_changes_nothing(run_fake: RunModule) -> None:
    ours = node(labels={"role": "w"}, taints=[TAINT], managed_labels=["role"], managed_taints=["dedicated:NoSchedule"])
    result = run_fake(node_labels, cluster(ours), nodes=w1(labels={"role": "w"}, taints=[TAINT]))
    assert (result["changed"], result["diff"], result["nodes"][0]["changed"]) == (False, [], False)


def test_check_mode_says_the_same_and_sends_nothing(run_fake: RunModule) -> None:
    result = run_fake(node_labels, cluster(node()), check=True, nodes=w1(labels={"role": "w"}, taints=[TAINT]))
    assert result["changed"]
    assert result["nodes"][0]["taints_set"] == ["dedicated:NoSchedule"]
    assert result["diff"][0]["after"] == {"labels": {"role": "w"}, "taints": ["dedicated=airflow:NoSchedule"]}


def test_a_changed_value_is_set_again(run_fake: RunModule) -> None:
    fake = cluster(node(labels={"role": "old"}, managed_labels=["role"])).expect_patch(
        PATH, patch_of(labels={"role": "new"})
    )
    result = run_fake(node_labels, fake, nodes=w1(labels={"role": "new"}))
    assert result["diff"][0]["before"]["labels"] == {"role": "old"}


def test_what_the_declaration_drops_is_removed(run_fake: RunModule) -> None:
    before = node(
        labels={"role": "w", "mine": "1"},
        taints=[FOREIGN_TAINT, TAINT],
        managed_labels=["role"],
        managed_taints=["dedicated:NoSchedule"],
    )
    patch = patch_of(labels={"role": None}, annotations={LABELS: None, TAINTS: None})
    fake = cluster(before).expect_patch(PATH, {**patch, "spec": {"taints": [FOREIGN_TAINT]}})
    result = run_fake(node_labels, fake, nodes=w1())
    assert (result["nodes"][0]["labels_removed"], result["nodes"][0]["taints_removed"]) == (
        ["role"],
        ["dedicated:NoSchedule"],
    )


def test_foreign_labels_and_taints_stay(run_fake: RunModule) -> None:
    before = node(labels={"mine": "1"}, taints=[FOREIGN_TAINT, TAINT])
    result = run_fake(node_labels, cluster(before), nodes=w1())
    assert not result["changed"]


def test_a_label_that_was_there_before_stays_foreign(run_fake: RunModule) -> None:
    declared = w1(labels={"role": "w"}, taints=[TAINT])
    result = run_fake(node_labels, cluster(node(labels={"role": "w"}, taints=[TAINT])), nodes=declared)
    assert not result["changed"]


def test_taints_are_sent_whole_and_foreign_ones_unchanged(run_fake: RunModule) -> None:
    before = node(
        taints=[{**TAINT, "value": "old"}, FOREIGN_TAINT], managed_taints=["dedicated:NoSchedule", "x:NoExecute"]
    )
    other = {"key": "dedicated", "effect": "NoExecute"}
    patch = patch_of(annotations={TAINTS: '["dedicated:NoExecute", "dedicated:NoSchedule"]'})
    fake = cluster(before).expect_patch(PATH, {**patch, "spec": {"taints": [TAINT, FOREIGN_TAINT, other]}})
    result = run_fake(node_labels, fake, nodes=w1(taints=[TAINT, other]))
    assert result["nodes"][0]["taints_set"] == ["dedicated:NoExecute", "dedicated:NoSchedule"]


def test_a_memory_of_a_label_that_is_gone_is_cleared(run_fake: RunModule) -> None:
    fake = cluster(node(managed_labels=["role"])).expect_patch(PATH, patch_of(annotations={LABELS: None}))
    assert run_fake(node_labels, fake, nodes=w1())["changed"]


def test_a_broken_memory_makes_everything_foreign(run_fake: RunModule) -> None:
    before = node(labels={"role": "w"})
    before["metadata"]["annotations"][LABELS] = "{not json"
    fake = cluster(before).expect_patch(PATH, patch_of(annotations={LABELS: None}))
    assert run_fake(node_labels, fake, nodes=w1())["nodes"][0]["labels_removed"] == []


def test_a_node_that_changed_meanwhile_is_compared_again(run_fake: RunModule) -> None:
    patch = patch_of(labels={"role": "w"}, annotations={LABELS: '["role"]'})
    again = node(version="8", taints=[FOREIGN_TAINT])
    second = {**patch, "metadata": {**patch["metadata"], "resourceVersion": "8"}}
    fake = cluster(node()).expect_patch(PATH, patch, failure("the object has been modified", 409), status=409)
    fake.expect(PATH, again).expect_patch(PATH, second)
    assert run_fake(node_labels, fake, nodes=w1(labels={"role": "w"}))["changed"]


def test_endless_conflicts_fail(run_fake: RunModule) -> None:
    patch = patch_of(labels={"role": "w"}, annotations={LABELS: '["role"]'})
    fake = cluster(node())
    for attempt in range(5):
        fake.expect_patch(PATH, patch, failure("the object has been modified", 409), status=409)
        if attempt < 4:
            fake.expect(PATH, node())
    result = run_fake(node_labels, fake, nodes=w1(labels={"role": "w"}))
    assert (result["failed"], result["status"]) == (True, 409)
    assert "run the task again" in result["msg"]


def test_an_unknown_node_is_refused_before_any_change(run_fake: RunModule) -> None:
    fake = cluster(node("airfield-worker"), node("airfield-control-plane"))
    declared = [{"name": "airfield-worker", "labels": {"a": "b"}}, {"name": "airfield-worker2"}]
    result = run_fake(node_labels, fake, nodes=declared)
    assert result["failed"]
    assert "There is no node airfield-worker2 in this cluster" in result["msg"]
    assert "Its nodes are: airfield-control-plane, airfield-worker. Did you mean airfield-worker?" in result["msg"]


@pytest.mark.parametrize(("undeclared", "changed"), [("keep", False), ("clean", True)])
def test_undeclared_nodes(run_fake: RunModule, undeclared: str, changed: bool) -> None:
    fake = cluster(node(), node("w2", labels={"role": "w"}, managed_labels=["role"]), node("w3", labels={"x": "y"}))
    if changed:
        fake.expect_patch("/api/v1/nodes/w2", patch_of(labels={"role": None}, annotations={LABELS: None}))
    assert run_fake(node_labels, fake, nodes=w1(), undeclared_nodes=undeclared)["changed"] is changed


def test_values_become_text(run_fake: RunModule) -> None:
    values = {"a": True, "b": 3, "c": None}
    patch = patch_of(labels={"a": "true", "b": "3", "c": ""}, annotations={LABELS: '["a", "b", "c"]'})
    assert run_fake(node_labels, cluster(node()).expect_patch(PATH, patch), nodes=w1(labels=values))["changed"]


@pytest.mark.parametrize("key", ["node-role.kubernetes.io/worker", "a", "a.b/c_d.e", "x" * 63, "a-1.b2/X"])
def test_valid_keys(run_fake: RunModule, key: str) -> None:
    patch = patch_of(labels={key: ""}, annotations={LABELS: json.dumps([key])})
    assert run_fake(node_labels, cluster(node()).expect_patch(PATH, patch), nodes=w1(labels={key: ""}))["changed"]


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (w1(labels={"ro le": "x"}), "`ro le` is not a valid key of a label of node w1"),
        (w1(labels={"-a": "x"}), "is not a valid key"),
        (w1(labels={"a/b/c": "x"}), "is not a valid key"),
        (w1(labels={"A.b/c": "x"}), "is not a valid key"),
        (w1(labels={"/c": "x"}), "is not a valid key"),
        (w1(labels={"x" * 64: "x"}), "is not a valid key"),
        (w1(labels={"a": "x y"}), "`x y` is not a valid value of a, a label of node w1"),
        (w1(labels={"a": "x" * 64}), "is not a valid value"),
        (w1(taints=[{"key": "a b", "effect": "NoExecute"}]), "is not a valid key of a taint of node w1"),
        (w1(taints=[TAINT, {**TAINT, "value": "b"}]), "two taints with the same key and effect"),
        (w1(taints=[{**TAINT, "effect": "NoSchedul"}]), "NoSchedule, PreferNoSchedule, NoExecute"),
        (w1() + w1(), "Node w1 is declared twice"),
    ],
)
def test_wrong_declarations_are_refused_before_any_request(
    run_fake: RunModule, declared: list[Json], words: str
) -> None:
    result = run_fake(node_labels, FakeKube(), nodes=declared)
    assert result["failed"]
    assert words in result["msg"]


def test_what_another_owner_set_is_kept(run_fake: RunModule) -> None:
    record = "second.airfield.io/managed-labels"
    patch = patch_of(labels={"second": "yes"}, annotations={record: '["second"]'})
    fake = cluster(node(labels={"role": "airflow-worker"}, managed_labels=["role"])).expect_patch(PATH, patch)
    result = run_fake(node_labels, fake, owner="second", nodes=w1(labels={"second": "yes"}))
    assert result["nodes"][0]["labels_removed"] == []


def test_an_owner_that_no_annotation_can_be_named_after_is_refused(run_fake: RunModule) -> None:
    result = run_fake(node_labels, FakeKube(), owner="Second_1", nodes=w1(labels={"second": "yes"}))
    assert result["failed"]
    assert result["msg"].startswith("`Second_1` is not a valid value for `owner`.")

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory import rules

DRIVERS = {"kind": {"is_local": True, "names_nodes": True}, "another": {"is_local": True}, "existing": {}}
GROUPS = {
    "control_host": ["localhost"],
    "kube_nodes": ["airfield-control-plane", "airfield-worker"],
    "host_workers": ["localhost"],
}
LABELS = {"airfield-control-plane": {"role": "airflow-control"}, "airfield-worker": {"role": "airflow-worker"}}
VALUES = {
    "airfield_cluster_driver": "kind",
    "airfield_name": "airfield",
    "airfield_node_port": 32080,
    "airfield_control_selector": {"role": "airflow-control"},
    "airfield_worker_selector": {"role": "airflow-worker"},
    "some_port": "not ours",
}


def everything(**changes: Any) -> list[str]:
    arguments: dict[str, Any] = {"groups": GROUPS, "values": VALUES, "node_labels": LABELS, "node_taints": {}}
    return rules.inventory_problems(**{**arguments, **changes}, prefixes=["airfield_", "cluster_"], drivers=DRIVERS)


def test_a_right_inventory_has_no_problem() -> None:
    assert everything() == []


def test_problems_of_every_kind_are_collected() -> None:
    found = everything(
        groups={"kube_nodes": ["airfield-control-plane", "wrong"]},
        values={**VALUES, "airfield_node_port": 80, "airfield_control_selector": {"role": "x"}},
        node_labels={"airfield-control-plane": {"role": True}, "wrong": {}},
        node_taints={"wrong": "NoSchedule"},
    )
    subjects = ["`control_host`", "`wrong`", "role", "`node_taints`", "`airfield_control_selector`"]
    subjects += ["`airfield_worker_selector`", "`airfield_node_port"]
    assert len(found) == len(subjects)
    assert all(subject in problem for subject, problem in zip(subjects, found, strict=True))


@pytest.mark.parametrize("groups", [{}, {"control_host": []}])
def test_the_control_host_must_be_there(groups: dict[str, list[str]]) -> None:
    (problem,) = rules.group_problems(groups, "existing", is_local=False)
    assert problem.startswith("Group `control_host` is missing or empty. Add one host")


def test_two_control_hosts_are_one_too_many() -> None:
    assert rules.group_problems({"control_host": ["a", "b"]}, "existing", is_local=False) == [
        "Group `control_host` has 2 hosts (a, b). Keep exactly one."
    ]


@pytest.mark.parametrize(("driver", "count"), [("kind", 1), ("another", 1), ("existing", 0), (None, 0)])
def test_nodes_are_needed_where_the_run_makes_the_cluster(driver: str | None, count: int) -> None:
    values = {"airfield_cluster_driver": driver, "airfield_name": "airfield"}
    assert len(everything(groups={"control_host": ["a"]}, values=values)) == count


@pytest.mark.parametrize(("driver", "count"), [("kind", 1), ("another", 0), ("existing", 0)])
def test_names_of_nodes_are_judged_where_the_driver_gives_them(driver: str, count: int) -> None:
    groups = {"control_host": ["a"], "kube_nodes": ["airfield-control-plane", "node1"]}
    values = {"airfield_cluster_driver": driver, "airfield_name": "airfield"}
    assert len(everything(groups=groups, values=values, node_labels={})) == count


@pytest.mark.parametrize(
    ("name", "is_local", "fine"),
    [
        ("airfield", True, True),
        ("a", True, True),
        ("a-1", True, True),
        ("a" * 48, True, True),
        ("a" * 49, True, False),
        ("a" * 63, False, True),
        ("a" * 64, False, False),
        ("Air", True, False),
        ("air_field", True, False),
        ("-air", True, False),
        ("air-", True, False),
        ("", True, False),
        ("air\n", True, False),
        (7, True, False),
    ],
)
def test_the_name_is_a_dns_label(name: Any, is_local: bool, fine: bool) -> None:
    found = rules.name_problems(name, is_local)
    assert bool(found) is not fine
    assert all("`airfield_name" in problem and "lower-case letters" in problem for problem in found)


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        (["x-control-plane", "x-worker"], []),
        (["x-control-plane"], []),
        (["x-control-plane", "x-control-plane2", "x-worker", "x-worker2", "x-worker3"], []),
        (["x-control-plane", "node1"], ["has `node1`, but kind chooses"]),
        (["x-control-plane", "x-worker1"], ["has `x-worker1`, but kind chooses"]),
        (["x-control-plane", "y-worker"], ["has `y-worker`, but kind chooses"]),
        (["x-control-plane", "x-worker2"], ["has no `x-worker`, but kind numbers"]),
        (["x-control-plane", "x-worker", "x-worker3"], ["has no `x-worker2`, but kind numbers"]),
        (["x-worker"], ["has no host `x-control-plane`"]),
        ([], []),
    ],
)
def test_hosts_have_the_names_that_the_driver_gives(nodes: list[str], words: list[str]) -> None:
    found = rules.node_name_problems(nodes, "x", "kind")
    assert len(found) == len(words)
    assert all(word in problem for word, problem in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"role": "airflow-worker"}, None),
        ({"example.com/role": ""}, None),
        ({}, None),
        ("role=x", "must be keys with values, such as `role: airflow-worker`, not `role=x`"),
        (None, "not nothing"),
        ({"gpu": True}, 'Put quotes around it: `gpu: "true"`'),
        ({"rack": 7}, 'Put quotes around it: `rack: "7"`'),
        ({"a b": "x"}, "`a b` is not a valid label name"),
        ({3: "x"}, "`3` is not a valid label name"),
        ({"a": "x y"}, "`x y` is not a valid value for `a`"),
        ({"a": "x" * 64}, "is not a valid value"),
        ({"a": "-x"}, "is not a valid value"),
    ],
)
def test_labels_are_those_of_kubernetes(labels: Any, words: str | None) -> None:
    found = rules.label_problems({"n": labels})
    if words is None:
        assert found == []
    else:
        (problem,) = found
        assert problem.startswith("`node_labels` of host n")
        assert words in problem


@pytest.mark.parametrize(
    ("taints", "words"),
    [
        ([], []),
        ([{"key": "dedicated", "value": "airflow", "effect": "NoSchedule"}], []),
        ([{"key": "dedicated", "effect": "NoExecute"}], []),
        ({"key": "a"}, ["must be a list of taints"]),
        (["a=b:NoSchedule"], ["taint 1: write `key`, `value` and `effect`, not `a=b:NoSchedule`."]),
        ([{"effect": "NoSchedule"}], ["`key` is nothing"]),
        ([{"key": "a", "effect": "NoShedule"}], ["Write one of `NoSchedule`, `PreferNoSchedule`, `NoExecute`."]),
        ([{"key": "a", "value": True, "effect": "NoSchedule"}], ["`value` is `True`. Write a quoted string"]),
        ([{"key": "a", "effect": "NoSchedule", "operator": "Exists"}], ["`operator` is not supported here"]),
        ([{}, {"key": "a"}], ["taint 1: `key`", "taint 1: `effect`", "taint 2: `effect`"]),
    ],
)
def test_taints_have_key_value_and_effect(taints: Any, words: list[str]) -> None:
    found = rules.taint_problems({"n": taints})
    assert len(found) == len(words)
    assert all(word in problem for word, problem in zip(words, found, strict=True))


def test_a_selector_without_a_node_names_what_the_nodes_have() -> None:
    labels = {"a": {"role": "airflow-control"}, "b": {"role": "airflow-wrker"}, "c": {}}
    assert rules.selector_problems({"airfield_worker_selector": {"role": "airflow-worker"}}, labels) == [
        "`airfield_worker_selector` asks for a node with `role=airflow-worker`, but no host of group `kube_nodes` has"
        " it in its `node_labels` (a has `role=airflow-control`; b has `role=airflow-wrker`; c has none). Add"
        " `role: airflow-worker` to `node_labels` of one of them, or change `airfield_worker_selector`."
    ]


@pytest.mark.parametrize(
    ("selector", "fine"),
    [
        ({"role": "w"}, True),
        ({"role": "w", "zone": "1"}, True),
        ({"role": "w", "zone": 1}, True),
        ({"role": "c", "zone": "1"}, False),
        ({"kubernetes.io/hostname": "b"}, True),
        ({"kubernetes.io/hostname": "z"}, False),
        ({}, False),
        ("role=w", False),
        (None, False),
    ],
)
def test_one_node_must_have_all_labels_of_a_selector(selector: Any, fine: bool) -> None:
    labels = {"a": {"role": "c"}, "b": {"role": "w", "zone": "1"}, "broken": "text"}
    assert bool(rules.selector_problems({"s": selector}, labels)) is not fine


def test_without_nodes_in_the_inventory_selectors_are_not_judged() -> None:
    assert rules.selector_problems({"s": {"role": "w"}}, {}) == []


@pytest.mark.parametrize(
    ("name", "value", "fine"),
    [
        ("airfield_node_port", 30000, True),
        ("airfield_node_port", 32767, True),
        ("airfield_node_port", "32080", True),
        ("airfield_node_port", 29999, False),
        ("airfield_node_port", 32768, False),
        ("airfield_node_port", 8080, False),
        ("airfield_host_worker_port", 1, True),
        ("airfield_host_worker_port", 65535, True),
        ("airfield_host_worker_port", 0, False),
        ("airfield_host_worker_port", 65536, False),
        ("airfield_host_worker_port", -1, False),
        ("airfield_host_worker_port", True, False),
        ("airfield_host_worker_port", "http", False),
        ("airfield_host_worker_port", 80.5, False),
        ("airfield_host_worker_port", "", True),
        ("airfield_host_worker_port", None, True),
        ("host_worker_name", 0, True),
    ],
)
def test_ports_are_in_their_range(name: str, value: Any, fine: bool) -> None:
    found = rules.port_problems({name: value})
    assert bool(found) is not fine
    assert all(problem.startswith(f"`{value}` is not a valid value for `{name}`.") for problem in found)


def test_the_range_of_nodeports_is_named() -> None:
    assert rules.port_problems({"airfield_node_port": 80}) == [
        "`80` is not a valid value for `airfield_node_port`. Write a number from 30000 to 32767 (the NodePorts of "
        "Kubernetes)."
    ]


@pytest.mark.parametrize(
    ("hosts", "dags", "count"),
    [
        (["w"], ["external_trigger_dag"], 0),
        ([], ["external_trigger_dag"], 1),
        (None, ["poc_test", "external_trigger_dag"], 1),
        ([], ["poc_test"], 0),
        ([], None, 0),
    ],
)
def test_a_missing_host_worker_is_a_warning(hosts: list[str] | None, dags: Any, count: int) -> None:
    groups = {} if hosts is None else {"host_workers": hosts}
    assert len(rules.host_worker_warnings(groups, dags)) == count


@pytest.mark.parametrize("engine", [False, "false", "no"])
def test_a_cluster_of_kind_needs_the_engine(engine: object) -> None:
    (problem,) = everything(values={**VALUES, "airfield_container_engine": engine})
    assert problem.startswith(
        f"`{engine}` is not a valid value for `airfield_container_engine` with `airfield_cluster_driver: kind`"
    )


@pytest.mark.parametrize(
    ("driver", "engine"), [("kind", True), ("kind", "yes"), ("kind", None), ("existing", False), ("existing", True)]
)
def test_other_engines_are_possible(driver: str, engine: object) -> None:
    assert rules.engine_problems(driver, engine, is_local=driver == "kind") == []

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory import namespaces as rules
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory import rules as inventory_rules

VALUES: dict[str, Any] = {
    "airfield_namespace": "airflow-core",
    "airfield_worker_namespaces": ["airflow-core", "airflow-cron"],
    "airfield_control_selector": {"role": "c"},
    "airfield_worker_selector": {"role": "w"},
    "airfield_worker_node_groups": {"airflow-cron": {"pool": "cron"}},
    "airfield_argocd_namespace": "argocd",
    "namespaces_quotas": {"airflow-cron": {"pods": "9"}},
    "namespaces_limits": {},
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"airfield_worker_namespaces": "of a wrong type"}, None),
        ({"airfield_worker_node_groups": None, "namespaces_quotas": ["of a wrong type"]}, None),
        (
            {"airfield_namespace": "Airflow"},
            "`airfield_namespace`: `Airflow` is not a valid namespace name. Write lower-case",
        ),
        ({"airfield_argocd_namespace": ""}, "`airfield_argocd_namespace`: `` is not a valid namespace name."),
        (
            {"airfield_worker_namespaces": ["airflow-cron", "a_b"]},
            "`airfield_worker_namespaces`: `a_b` is not a valid namespace name",
        ),
        ({"airfield_worker_namespaces": ["airflow-cron", "a" * 64]}, "63 characters at most."),
        ({"airfield_worker_namespaces": ["airflow-cron", "a" * 63]}, None),
        ({"airfield_worker_namespaces": ["airflow-cron", 7]}, "`7` is not a valid namespace name."),
        (
            {"airfield_worker_namespaces": ["airflow-cron", "b", "b", "b"]},
            "`airfield_worker_namespaces` has `b` more than once. List each namespace once.",
        ),
        (
            {"airfield_worker_namespaces": [], "airfield_worker_node_groups": {}, "namespaces_quotas": {}},
            "`airfield_worker_namespaces` is empty, so no task could run.",
        ),
        (
            {"airfield_worker_node_groups": {"airflow-crn": {"pool": "cron"}}},
            "`airfield_worker_node_groups` has `airflow-crn`, but task pods run only in `airflow-core`, `airflow-cron`."
            " Did you mean `airflow-cron`? Correct the name, or add the namespace to `airfield_worker_namespaces`.",
        ),
        ({"namespaces_quotas": {"other": {}}}, "`namespaces_quotas` has `other`"),
        ({"namespaces_limits": {"other": []}}, "`namespaces_limits` has `other`"),
    ],
)
def test_namespaces_are_possible_and_known(changes: dict[str, Any], words: str | None) -> None:
    found = rules.namespace_problems({**VALUES, **changes})
    if words is None:
        assert found == []
    else:
        (problem,) = found
        assert words in problem


def test_nothing_is_said_about_what_is_not_known() -> None:
    assert rules.namespace_problems({}) == []
    assert rules.node_selectors({}) == {}


def test_each_node_group_needs_a_node() -> None:
    labels = {"a": {"role": "c"}, "b": {"role": "w"}}
    found = inventory_rules.inventory_problems({"control_host": ["x"]}, VALUES, labels, {}, ["airfield_"], {})
    (problem,) = found
    assert problem.startswith(
        "`airfield_worker_node_groups.airflow-cron` asks for a node with `pool=cron`, but no host"
    )
    labels["b"]["pool"] = "cron"
    assert inventory_rules.inventory_problems({"control_host": ["x"]}, VALUES, labels, {}, ["airfield_"], {}) == []


def test_the_selector_of_all_counts_where_a_namespace_has_no_node_group() -> None:
    assert list(rules.node_selectors(VALUES)) == [
        "airfield_control_selector",
        "airfield_worker_selector",
        "airfield_worker_node_groups.airflow-cron",
    ]
    pools = {"airflow-core": {"pool": "core"}, **VALUES["airfield_worker_node_groups"]}
    assert "airfield_worker_selector" not in rules.node_selectors({**VALUES, "airfield_worker_node_groups": pools})

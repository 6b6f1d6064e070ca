# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.filter.tolerations import tolerations

DEDICATED = {"key": "dedicated", "value": "airflow", "effect": "NoSchedule"}
NODES: list[dict[str, Any]] = [
    {"node_labels": {"role": "control"}, "node_taints": [{"key": "quiet", "effect": "NoExecute"}]},
    {"node_labels": {"role": "worker", "zone": "a"}, "node_taints": [DEDICATED]},
    {"node_labels": {"role": "worker"}, "node_taints": [DEDICATED]},
    {"ansible_host": "a node without labels or taints"},
]


def test_the_taints_of_matching_nodes_are_tolerated_once() -> None:
    expected = {"key": "dedicated", "operator": "Equal", "value": "airflow", "effect": "NoSchedule"}
    assert tolerations({"role": "worker"}, NODES) == [expected]


def test_a_taint_without_value_is_tolerated_by_its_key() -> None:
    assert tolerations({"role": "control"}, NODES) == [{"key": "quiet", "operator": "Exists", "effect": "NoExecute"}]


def test_every_label_of_the_selector_must_match() -> None:
    assert tolerations({"role": "worker", "zone": "b"}, NODES) == []

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes and their labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario

NODE = "airfield-test-worker"
DROPPED = "airfield.test/dropped"
FOREIGN = "example.com/somebody-elses"


@pytest.fixture
def foreign_label(cluster: Cluster) -> Iterator[str]:
    """A label that somebody else gave the node."""
    cluster.core.patch_node(NODE, {"metadata": {"labels": {FOREIGN: "kept"}}})
    yield FOREIGN
    cluster.core.patch_node(NODE, {"metadata": {"labels": {FOREIGN: None}}})


def test_the_nodes_are_ready_and_labelled(cluster: Cluster, settings: dict[str, Any]) -> None:
    nodes = cluster.nodes()
    assert nodes.keys() == settings["nodes"].keys()
    for name, labels in settings["nodes"].items():
        ready = [condition.status for condition in nodes[name].status.conditions if condition.type == "Ready"]
        assert ready == ["True"], name
        assert labels.items() <= nodes[name].metadata.labels.items(), name


def test_a_label_that_the_inventory_drops_is_removed(scenario: Scenario, cluster: Cluster, foreign_label: str) -> None:
    playbook = scenario.directory / "playbooks/node_labels.yml"
    inventories = ("inventory", "inventory_with_another_label")

    with_label = scenario.run(playbook, inventories=inventories)
    assert with_label.return_code == 0, with_label.output
    assert with_label.changed["localhost"] == 1
    assert cluster.nodes()[NODE].metadata.labels[DROPPED] == "yes"

    without = scenario.run(playbook)
    assert without.return_code == 0, without.output
    assert without.changed["localhost"] == 1
    labels = cluster.nodes()[NODE].metadata.labels
    assert DROPPED not in labels
    assert labels[foreign_label] == "kept"
    assert labels["role"] == "airflow-worker"

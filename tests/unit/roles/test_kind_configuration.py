# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration with which kind creates a cluster."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from .rendering import render_texts

OWN = "kind: KubeletConfiguration\nmaxPods: 20\n"
FIXED = {"airfield_data_dir": "/data", "cluster_restricted": False}
CASES: dict[str, dict[str, Any]] = {
    "one": {"cluster_wanted_nodes": ["a-worker", "a-control-plane"]},
    "three": {"cluster_wanted_nodes": ["a-control-plane", "a-control-plane2", "a-control-plane3"]},
    # A name of the installation that looks like the name of a node.
    "named": {
        "cluster_wanted_nodes": ["x-control-plane-control-plane", "x-control-plane-worker", "x-control-plane-worker2"]
    },
    "own": {"cluster_wanted_nodes": ["a-control-plane"], "cluster_kubeadm_patches": [OWN]},
}


@pytest.fixture(scope="module")
def configurations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    cases = {name: {**FIXED, **case} for name, case in CASES.items()}
    texts = render_texts(tmp_path_factory.mktemp("kind"), "cluster", "kind.yml.j2", cases)
    return {name: yaml.safe_load(text) for name, text in texts.items()}


def test_one_control_plane_elects_nobody(configurations: dict[str, Any]) -> None:
    (patch,) = configurations["one"]["kubeadmConfigPatches"]
    no_election = {"extraArgs": {"leader-elect": "false"}}
    assert yaml.safe_load(patch) == {
        "apiVersion": "kubeadm.k8s.io/v1beta3",
        "kind": "ClusterConfiguration",
        "controllerManager": no_election,
        "scheduler": no_election,
    }


def test_the_end_of_a_name_says_what_the_node_is(configurations: dict[str, Any]) -> None:
    roles = {name: [node["role"] for node in content["nodes"]] for name, content in configurations.items()}
    assert roles == {
        "one": ["worker", "control-plane"],
        "three": ["control-plane"] * 3,
        "named": ["control-plane", "worker", "worker"],
        "own": ["control-plane"],
    }
    assert configurations["named"]["kubeadmConfigPatches"] == configurations["one"]["kubeadmConfigPatches"]


def test_several_control_planes_elect_one(configurations: dict[str, Any]) -> None:
    assert "kubeadmConfigPatches" not in configurations["three"]


def test_the_patches_of_the_inventory_come_last(configurations: dict[str, Any]) -> None:
    _patch, own = configurations["own"]["kubeadmConfigPatches"]
    assert own == OWN

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node that cannot be asked is no sign of a firewall. The scenario `upstream` tests that a real one is noticed."""

from __future__ import annotations

from pathlib import Path

import yaml
from ansible_collections.airfield.airflow.tests.end_to_end.playbook import run_playbook, write_inventory

NAME = "airfield-reach-test"


def test_a_node_that_cannot_be_asked_is_named_with_the_reason(tmp_path: Path) -> None:
    variables = {
        "cluster_info": {"is_local": True, "nodes": [f"{NAME}-worker"], "network": "192.0.2.0/24"},
        "cluster_servers": [{"purpose": "the Git server", "address": "192.0.2.1", "port": 3080}],
    }
    include = {"ansible.builtin.include_role": {"name": "airfield.airflow.cluster", "tasks_from": "reach"}}
    playbook = tmp_path / "play.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "control_host", "gather_facts": False, "tasks": [include]}]))
    inventory = write_inventory(tmp_path / "hosts.yml", NAME, tmp_path / "home")
    run = run_playbook(playbook, inventory, variables=variables)
    run.refused(
        f"The node {NAME}-worker could not be asked whether it reaches the Git server: Could not find container"
    )
    assert "a firewall drops" not in run.output

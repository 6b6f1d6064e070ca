# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.filter.listening_ports import listening_ports

MAPPINGS: list[dict[str, Any]] = [
    {"containerPort": 30443, "hostPort": 8443, "listenAddress": "127.0.0.1"},
    {"containerPort": 30090, "hostPort": 9090},
]
HOSTS: list[dict[str, Any]] = [
    {"ansible_connection": "local"},
    {"ansible_connection": "local", "airfield_host_worker_port": 5001, "airfield_host_worker_address": "192.0.2.7"},
    {"ansible_host": "elsewhere"},
]


def test_mappings_and_workers_of_this_machine_open_ports() -> None:
    found = listening_ports(MAPPINGS, HOSTS, 5000, "")
    assert [(one["port"], one["address"], one["purpose"], one["variable"]) for one in found] == [
        (8443, "127.0.0.1", "port 30443 of the cluster", "airfield_port_mappings"),
        (9090, "0.0.0.0", "port 30090 of the cluster", "airfield_port_mappings"),
        (5000, "", "the host worker", "airfield_host_worker_port"),
        (5001, "192.0.2.7", "the host worker", "airfield_host_worker_port"),
    ]

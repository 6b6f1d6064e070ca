# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.listening_ports``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: listening_ports
short_description: The ports that port mappings and host workers of an inventory open
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Describes the ports of the control host that O(_input) and O(hosts) open, as the role C(machine) checks them.
positional: hosts, port, address
options:
  _input:
    description:
      - Further port mappings of the cluster, each with C(hostPort) and C(containerPort).
      - One without C(listenAddress) listens on all addresses.
    type: list
    elements: dict
    required: true
  hosts:
    description:
      - Host variables of the host workers.
      - Only those with C(ansible_connection=local) listen on the control host.
    type: list
    elements: dict
    required: true
  port:
    description: The port of a host worker that has none of its own in C(airfield_host_worker_port).
    type: int
    required: true
  address:
    description: The address of a host worker that has none of its own in C(airfield_host_worker_address).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the ports
  ansible.builtin.debug:
    msg: "{{ airfield_port_mappings | airfield.airflow.listening_ports(workers, 5000, '') }}"
  vars:
    workers: "{{ groups['host_workers'] | map('extract', hostvars) }}"
"""

RETURN = r"""
_value:
  description: Each port with its C(address), its C(purpose) and the C(variable) that sets it.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def listening_ports(
    mappings: Iterable[Mapping[str, Any]], hosts: Iterable[Mapping[str, Any]], port: int, address: str
) -> list[dict[str, Any]]:
    """Return the ports of the mappings, then those of the host workers on the control host."""
    ports = [
        {
            "port": mapping["hostPort"],
            "address": mapping.get("listenAddress", "0.0.0.0"),  # noqa: S104  # where kind listens by default
            "purpose": f"port {mapping['containerPort']} of the cluster",
            "variable": "airfield_port_mappings",
        }
        for mapping in mappings
    ]
    return ports + [
        {
            "port": host.get("airfield_host_worker_port", port),
            "address": host.get("airfield_host_worker_address", address),
            "purpose": "the host worker",
            "variable": "airfield_host_worker_port",
        }
        for host in hosts
        if host.get("ansible_connection") == "local"
    ]


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"listening_ports": listening_ports}

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.tolerations``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: tolerations
short_description: List the tolerations for pods with a node selector
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Returns the tolerations that pods with a node selector need to run on the nodes that have the selected labels.
positional: nodes
options:
  _input:
    description: The node selector, a dictionary of labels.
    type: dict
    required: true
  nodes:
    description: The host variables of the nodes. Only C(node_labels) and C(node_taints) are used.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the tolerations of task pods
  ansible.builtin.debug:
    msg: "{{ airfield_worker_selector | airfield.airflow.tolerations(nodes) }}"
  vars:
    nodes: "{{ groups['kube_nodes'] | map('extract', hostvars) }}"
"""

RETURN = r"""
_value:
  description: The unique tolerations, in the order of the nodes.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def tolerations(selector: Mapping[str, str], nodes: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return one toleration for each taint of a node whose ``node_labels`` carry every label of ``selector``."""
    result: list[dict[str, str]] = []
    for node in nodes:
        labels = node.get("node_labels") or {}
        if any(str(labels.get(key)) != str(value) for key, value in selector.items()):
            continue
        for taint in node.get("node_taints") or []:
            value = taint.get("value")
            toleration = {"key": taint["key"], "operator": "Equal", "value": str(value), "effect": taint["effect"]}
            if value is None or value == "":
                toleration = {"key": taint["key"], "operator": "Exists", "effect": taint["effect"]}
            if toleration not in result:
                result.append(toleration)
    return result


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"tolerations": tolerations}

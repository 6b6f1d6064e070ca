# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.tolerations_by_namespace``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: tolerations_by_namespace
short_description: Tolerations of the pods of several namespaces
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Gives for each namespace what the filter P(airfield.airflow.tolerations#filter) gives for its node selector.
positional: nodes
options:
  _input:
    description: The node selector of each namespace, labels with their values.
    type: dict
    required: true
  nodes:
    description: Host variables of the nodes. Of each, C(node_labels) and C(node_taints) are read.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the tolerations of the task pods of each namespace
  ansible.builtin.debug:
    msg: "{{ {'airflow-cron': {'pool': 'cron'}} | airfield.airflow.tolerations_by_namespace(nodes) }}"
  vars:
    nodes: "{{ groups['kube_nodes'] | map('extract', hostvars) }}"
"""

RETURN = r"""
_value:
  description: The tolerations of each namespace.
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.filter.tolerations import tolerations


def tolerations_by_namespace(
    selectors: Mapping[str, Mapping[str, str]], nodes: Iterable[Mapping[str, Any]]
) -> dict[str, list[dict[str, str]]]:
    """Return the tolerations that the pods of each namespace need on the nodes of its selector."""
    known = list(nodes)
    return {namespace: tolerations(selector, known) for namespace, selector in selectors.items()}


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"tolerations_by_namespace": tolerations_by_namespace}

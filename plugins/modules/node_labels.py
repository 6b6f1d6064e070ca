#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: node_labels
short_description: Set labels and taints of Kubernetes nodes
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Sets labels and taints of nodes, and removes those that it set before when they are no longer declared.
  - Records what it set in the annotations C(airfield.io/managed-labels) and C(airfield.io/managed-taints) of a node,
    with O(owner) in C(OWNER.airfield.io/managed-labels) and C(OWNER.airfield.io/managed-taints).
    Labels and taints that others set, including those that a node already had with the declared value, are kept when
    they are no longer declared.
  - A node that needs a change gets one request, any other node none.
options:
  nodes:
    description: The nodes with their labels and taints. Each node must exist, otherwise nothing is changed.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name of the node.
        type: str
        required: true
      labels:
        description: The labels. Values are converted to strings, so that V(true) is the value C(true).
        type: dict
        default: {}
      taints:
        description: The taints. One taint for each key and effect.
        type: list
        elements: dict
        default: []
        suboptions:
          key:
            description: The key of the taint.
            type: str
            required: true
          value:
            description: The value of the taint.
            type: str
          effect:
            description: What happens to pods that do not tolerate it.
            type: str
            required: true
            choices: [NoSchedule, PreferNoSchedule, NoExecute]
  owner:
    description:
      - Who declares the labels and taints, for example the namespace of an installation. What another owner set is
        kept.
      - A part of a DNS name, such as V(airflow).
    type: str
    default: ""
  undeclared_nodes:
    description:
      - What to do with nodes that are not in O(nodes).
      - V(keep) does not change them. V(clean) removes what this module set on them before for the same O(owner), and
        keeps what it set for others. Use V(clean) only if O(nodes) is the only declaration of this owner for the
        cluster.
    type: str
    choices: [keep, clean]
    default: keep
extends_documentation_fragment:
  - airfield.airflow.kube
  - airfield.airflow.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Set the labels and taints of the nodes
  airfield.airflow.node_labels:
    kubeconfig: "{{ airfield_kubeconfig }}"
    nodes:
      - name: airfield-control-plane
        labels:
          role: airflow-control
      - name: airfield-worker
        labels:
          role: airflow-worker
        taints:
          - key: dedicated
            value: airflow
            effect: NoSchedule
"""

RETURN = r"""
nodes:
  description: The changes of each node, or the predicted changes in check mode.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: The name of the node.
      type: str
    changed:
      description: Whether it was changed.
      type: bool
    labels_set:
      description: The labels that were set.
      type: list
      elements: str
    labels_removed:
      description: The keys of the labels that were removed.
      type: list
      elements: str
    taints_set:
      description: The taints that were set, in the form C(key:effect).
      type: list
      elements: str
    taints_removed:
      description: The taints that were removed, in the form C(key:effect).
      type: list
      elements: str
  sample:
    - name: airfield-worker
      changed: true
      labels_set: [role=airflow-worker]
      labels_removed: []
      taints_set: [dedicated:NoSchedule]
      taints_removed: []
"""

from collections import Counter
from difflib import get_close_matches

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.conflicts import change_newest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.module import kube_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._kube.names import is_dns_label
from ansible_collections.airfield.airflow.plugins.module_utils._kube.nodes import (
    Declaration,
    Plan,
    declaration_of,
    plan_for,
)

TAINT_ARGUMENTS: Json = {
    "key": {"type": "str", "required": True, "no_log": False},
    "value": {"type": "str"},
    "effect": {"type": "str", "required": True, "choices": ["NoSchedule", "PreferNoSchedule", "NoExecute"]},
}
NODE_ARGUMENTS: Json = {
    "name": {"type": "str", "required": True},
    "labels": {"type": "dict", "default": {}},
    "taints": {"type": "list", "elements": "dict", "default": [], "options": TAINT_ARGUMENTS},
}


class NodesMissing(Exception):
    """Nodes of the declaration do not exist."""


def read_nodes(client: KubeClient) -> dict[str, Json]:
    """The relevant parts of each node, by its name: a node also lists every image that it has."""

    def add(nodes: dict[str, Json], page: Json) -> None:
        for item in page["items"]:
            taints = item.get("spec", {}).get("taints")
            nodes[item["metadata"]["name"]] = {"metadata": item["metadata"], "spec": {"taints": taints}}

    return client.fold("/api/v1/nodes", {}, dict, add)


def require_nodes(wanted: list[Declaration], nodes: dict[str, Json]) -> None:
    """Raise ``NodesMissing`` if some of the nodes do not exist."""
    missing = [declaration.name for declaration in wanted if declaration.name not in nodes]
    if missing:
        close = get_close_matches(missing[0], nodes, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise NodesMissing(
            f"There is no node {' and no node '.join(missing)} in this cluster. "
            f"Its nodes are: {', '.join(sorted(nodes))}.{hint} "
            "Correct the names (in an inventory: the host names of the group `kube_nodes`). Nothing was changed."
        )


def apply(client: KubeClient, node: Json, wanted: Declaration, owner: str, check_mode: bool) -> Plan:
    """Change one node if it needs it. A node that changed in the meantime is read and compared again."""
    path = f"/api/v1/nodes/{wanted.name}"

    def change(node: Json) -> Plan:
        plan = plan_for(node, wanted, owner)
        if plan.patch is not None and not check_mode:
            client.patch(path, plan.patch)
        return plan

    return change_newest(node, change, lambda: client.get(path))


def declarations_of(params: Json) -> list[Declaration]:
    """Validate what is declared. Raises ValueError with a sentence."""
    wanted = [declaration_of(entry) for entry in params["nodes"]]
    # It becomes a part of the name of an annotation.
    if params["owner"] and not is_dns_label(params["owner"]):
        raise ValueError(
            f"`{params['owner']}` is not a valid value for `owner`. Write lower-case letters, digits and hyphens, with "
            "a letter or digit at both ends, 63 characters at most. Nothing was changed."
        )
    repeated = [name for name, times in Counter(declaration.name for declaration in wanted).items() if times > 1]
    if repeated:
        raise ValueError(f"Node {repeated[0]} is declared twice. Write all of its labels and taints in one entry.")
    return wanted


def sync(client: KubeClient, wanted: list[Declaration], params: Json, check_mode: bool) -> Json:
    nodes = read_nodes(client)
    require_nodes(wanted, nodes)
    if params["undeclared_nodes"] == "clean":
        declared = {declaration.name for declaration in wanted}
        wanted = wanted + [Declaration(name, {}, []) for name in sorted(nodes) if name not in declared]
    owner = params["owner"]
    return result_of([apply(client, nodes[each.name], each, owner, check_mode) for each in wanted])


def result_of(plans: list[Plan]) -> Json:
    changed = [plan for plan in plans if plan.patch is not None]
    return {
        "changed": bool(changed),
        "nodes": [
            {
                "name": plan.name,
                "changed": plan.patch is not None,
                "labels_set": plan.labels_set,
                "labels_removed": plan.labels_removed,
                "taints_set": plan.taints_set,
                "taints_removed": plan.taints_removed,
            }
            for plan in plans
        ],
        "diff": [
            {
                "before_header": f"node {plan.name}",
                "after_header": f"node {plan.name}",
                "before": plan.before,
                "after": plan.after,
            }
            for plan in changed
        ],
    }


def main() -> None:
    module = kube_module(
        {
            "nodes": {"type": "list", "elements": "dict", "required": True, "options": NODE_ARGUMENTS},
            "owner": {"type": "str", "default": ""},
            "undeclared_nodes": {"type": "str", "choices": ["keep", "clean"], "default": "keep"},
        }
    )
    try:
        wanted = declarations_of(module.params)
    except ValueError as error:
        module.fail_json(msg=str(error))
    run(module, lambda client: sync(client, wanted, module.params, module.check_mode), failures=(NodesMissing,))


if __name__ == "__main__":
    main()

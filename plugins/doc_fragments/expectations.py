# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """The option that says where pods are expected."""

    DOCUMENTATION = r"""
options:
  expectations:
    description: The expectations. Their names must be unique.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name of the expectation. Messages about violations start with it.
        type: str
        required: true
      namespace:
        description: The namespace of the pods. Either this or O(expectations[].namespaces) is required.
        type: str
      namespaces:
        description: The namespaces of the pods, if there are several. Each pod must be in one of them.
        type: list
        elements: str
      label_selector:
        description: The labels of the pods, as in C(kubectl get pods -l). By default all pods of the namespace.
        type: str
      task_instances:
        description:
          - Task instances as M(airfield.airflow.dag_run) and M(airfield.airflow.dag_run_info) return them.
          - Their C(hostname) is the name of their pod. The other keys describe them in messages.
          - Those in the states V(skipped) and V(removed) that never started are left out. All others require evidence,
            so leave out tasks that Airflow finishes without a pod, such as C(EmptyOperator) tasks.
        type: list
        elements: dict
      node_selector:
        description: Labels that the node of each pod must have. Mutually exclusive with O(expectations[].node_names).
        type: dict
      node_names:
        description: The nodes that the pods may run on. Without this and O(expectations[].node_selector), any node.
        type: list
        elements: str
      count:
        description: The exact number of pods.
        type: int
      min_count:
        description: The minimum number of pods.
        type: int
      max_count:
        description: The maximum number of pods.
        type: int
      containers:
        description:
          - The exact number of containers of each pod, the second number in the column C(READY) of C(kubectl get pods).
          - Only for live pods.
        type: int
      total_containers:
        description: The exact number of containers of all pods together. Only for live pods.
        type: int
      tolerations:
        description:
          - The tolerations that each pod must have, as in a pod specification. Only for live pods.
          - A toleration that covers more is accepted, one with C(tolerationSeconds) is not.
          - The pods of such an expectation are read in full, and RV(evidence) shows their tolerations and node
            selectors.
        type: list
        elements: dict
      exclusive:
        description:
          - Whether a pod with these labels in any other namespace is a violation.
          - Requires O(expectations[].label_selector).
        type: bool
        default: false
      include_finished:
        description:
          - Whether to count pods that have succeeded or failed, such as those of Jobs.
          - Pods that are being deleted are never counted, because they make room for others.
        type: bool
        default: false
"""

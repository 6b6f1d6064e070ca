# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """The option with which a module is told where pods are expected."""

    DOCUMENTATION = r"""
options:
  expectations:
    description: What is expected. The names must differ.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: What it is, in words that a violation begins with.
        type: str
        required: true
      namespace:
        description: The namespace of the pods. One of this and O(expectations[].namespaces) is required.
        type: str
      namespaces:
        description: The namespaces of the pods, when there are several. Each pod must be in one of them.
        type: list
        elements: str
      label_selector:
        description: The labels of the pods, as in C(kubectl get pods -l). Without it all pods of the namespace.
        type: str
      task_instances:
        description:
          - Task instances as M(airfield.airflow.dag_run) and M(airfield.airflow.dag_run_info) return them.
          - Their C(hostname) is the name of their pod, the other keys describe them in messages.
          - Those in the states V(skipped) and V(removed) that never started are left out. All others need evidence, so
            leave out tasks that Airflow finishes without a pod, such as an C(EmptyOperator).
        type: list
        elements: dict
      node_selector:
        description: Labels that the node of each pod must have. Not with O(expectations[].node_names).
        type: dict
      node_names:
        description: The nodes that the pods may be on. Without both any node will do.
        type: list
        elements: str
      count:
        description: The exact number of pods.
        type: int
      min_count:
        description: The smallest number of pods.
        type: int
      max_count:
        description: The largest number of pods.
        type: int
      containers:
        description:
          - The exact number of containers of each pod, as C(kubectl get pods) shows it in its column C(READY).
          - Only for living pods.
        type: int
      total_containers:
        description: The exact number of containers of all pods together. Only for living pods.
        type: int
      tolerations:
        description:
          - What each pod must tolerate, as in a pod's specification. Only for living pods.
          - A toleration that covers more will do, one that ends after some seconds will not.
          - The pods of such an expectation are read whole, and RV(evidence) shows their tolerations and node selectors.
        type: list
        elements: dict
      exclusive:
        description:
          - Whether a pod with these labels in any other namespace is a violation.
          - Needs O(expectations[].label_selector).
        type: bool
        default: false
      include_finished:
        description:
          - Whether pods count that have succeeded or failed, such as those of Jobs.
          - Pods that are being deleted never count, for they make room for others.
        type: bool
        default: false
"""

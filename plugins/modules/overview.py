#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: overview
short_description: Read the health of an installation
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Reads the nodes, the pods of some namespaces, Argo CD's Applications and the latest warnings, and reports what
    needs attention.
  - Shows the CPU and memory that nodes and pods use, from metrics-server or else from the kubelets.
  - What cannot be read, for example because of missing permissions, is reported in its place and hides nothing else.
    The module fails only if the cluster does not answer.
  - The callback plugin P(airfield.airflow.progress#callback) shows the result on one screen at the end of the playbook,
    and the filter P(airfield.airflow.overview_screen#filter) lays it out in a task.
options:
  namespaces:
    description: The namespaces of the pods and warnings to show.
    type: list
    elements: str
    required: true
  argocd_namespace:
    description: The namespace of Argo CD and its Applications. Leave it out if there is no Argo CD.
    type: str
  warnings:
    description: How many of the warnings of the last hour to return.
    type: int
    default: 8
  airflow:
    description:
      - What M(airfield.airflow.airflow_info) returned, on success or failure.
      - An Airflow that is not healthy, or does not answer, needs attention like the rest.
    type: dict
extends_documentation_fragment:
  - airfield.airflow.kube
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
seealso:
  - module: airfield.airflow.airflow_info
"""

EXAMPLES = r"""
- name: Get the version and health of Airflow
  airfield.airflow.airflow_info:
    api_url: "{{ airfield_airflow_url }}"
  register: airflow
  failed_when: false # an Airflow that does not answer is one line of the overview

- name: Read the state of the installation
  airfield.airflow.overview:
    kubeconfig: "{{ airfield_kubeconfig }}"
    namespaces:
      - airflow
    argocd_namespace: argocd
    airflow: "{{ airflow }}"
  register: status

- name: Show it without the callback plugin
  ansible.builtin.debug:
    msg: "{{ status | airfield.airflow.overview_screen | join('\n') }}"
"""

RETURN = r"""
healthy:
  description: Whether nothing needs attention.
  type: bool
  returned: success
  sample: true
attention:
  description: What needs attention, as a list of sentences.
  type: list
  elements: str
  returned: success
  sample: []
airflow:
  description: The C(version), C(executor), C(health) and so on of O(airflow), V(null) without it.
  type: dict
  returned: success
  sample:
    version: 3.3.2
    healthy: true
    health:
      scheduler:
        status: healthy
    executor: KubernetesExecutor
    msg: null
versions:
  description: What is installed.
  type: dict
  returned: success
  contains:
    kubernetes:
      description: The version of the Kubernetes API server.
      type: str
    charts:
      description: The charts that Helm has installed in the namespaces, and those of Argo CD's Applications.
      type: list
      elements: str
    images:
      description: The images of all containers of the pods, including those of Argo CD.
      type: list
      elements: str
  sample:
    kubernetes: v1.34.4
    charts:
      - airflow 1.22.0
    images:
      - docker.io/apache/airflow:3.3.2
      - docker.io/postgres:17
applications:
  description: Argo CD's Applications, V(null) without O(argocd_namespace) and if they cannot be read.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: The name.
      type: str
    sync:
      description: V(Synced), V(OutOfSync) or V(Unknown).
      type: str
    health:
      description: V(Healthy), V(Progressing), V(Degraded), V(Suspended), V(Missing) or V(Unknown).
      type: str
    revisions:
      description: The revisions that it was compared with, the commit or the version of each source.
      type: list
      elements: str
    targets:
      description: The branch or the version in the specification of each source.
      type: list
      elements: str
    operation:
      description: The phase of the last sync, V(null) if there was none.
      type: str
    operation_age:
      description: How many seconds ago it ended, or started.
      type: int
    reasons:
      description: Why it is not synced or not healthy, or which errors occurred.
      type: list
      elements: str
pods:
  description: All pods of the namespaces.
  type: list
  elements: dict
  returned: success
  contains:
    namespace:
      description: The namespace.
      type: str
    name:
      description: The name.
      type: str
    ready:
      description: How many containers are ready.
      type: int
    containers:
      description: How many containers it has, including init containers that keep running.
      type: int
    status:
      description: The status as C(kubectl get pods) shows it.
      type: str
    restarts:
      description: How often its containers were restarted.
      type: int
    last_restart:
      description: How many seconds ago the last restart was.
      type: int
    node:
      description: The node, V(null) if it is not scheduled.
      type: str
    age:
      description: Seconds since it was created.
      type: int
    cpu:
      description: Cores that it uses, V(null) if unknown.
      type: float
    memory:
      description: Bytes that it uses, V(null) if unknown.
      type: float
    trouble:
      description: What is wrong with it, empty if nothing is.
      type: str
nodes:
  description: All nodes of the cluster.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: The name.
      type: str
    status:
      description: The status as C(kubectl get nodes) shows it.
      type: str
    version:
      description: The version of the kubelet.
      type: str
    cpu:
      description: Allocatable cores, in the format of Kubernetes.
      type: str
    memory:
      description: Allocatable memory, in the format of Kubernetes.
      type: str
    cpu_used:
      description: Cores in use, V(null) if unknown.
      type: float
    memory_used:
      description: Bytes in use, V(null) if unknown.
      type: float
    trouble:
      description: What is wrong with it, empty if nothing is.
      type: str
usage:
  description: Where the usage of CPU and memory comes from.
  type: dict
  returned: success
  contains:
    source:
      description: V(metrics-server), V(the kubelets), or empty if there is neither.
      type: str
    unknown:
      description: Why some of it is unknown.
      type: list
      elements: str
recent_warnings:
  description: The latest warnings of the last hour, newest first. Equal ones for one object are merged. V(null) with
    O(warnings=0).
  type: list
  elements: dict
  returned: success
  contains:
    namespace:
      description: The namespace.
      type: str
    object:
      description: Kind and name of the object that it is about.
      type: str
    reason:
      description: The reason in one word.
      type: str
    message:
      description: The message of the warning.
      type: str
    count:
      description: How often it occurred.
      type: int
    age:
      description: Seconds since it last occurred.
      type: int
"""

from datetime import datetime, timezone
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.module import kube_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._status.reading import read_overview
from ansible_collections.airfield.airflow.plugins.module_utils._status.result import result_of


def now() -> datetime:
    return datetime.now(timezone.utc)


def read(client: KubeClient, params: dict[str, Any]) -> dict[str, Any]:
    overview = read_overview(client, params["namespaces"], params["argocd_namespace"], params["warnings"], now())
    return {"changed": False, **result_of(overview, params["airflow"])}


def main() -> None:
    module = kube_module(
        {
            "namespaces": {"type": "list", "elements": "str", "required": True},
            "argocd_namespace": {"type": "str"},
            "warnings": {"type": "int", "default": 8},
            "airflow": {"type": "dict"},
        }
    )
    if module.params["warnings"] < 0:
        module.fail_json(msg="`warnings` must be 0 or more. It is the number of warnings to show.")
    run(module, lambda client: read(client, module.params))


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: overview
short_description: Show the health of an installation on one screen
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Reads the nodes, the pods of some namespaces, the Applications of Argo CD and the latest warnings, and tells what
    needs attention.
  - Shows the CPU and memory that nodes and pods use, as metrics-server tells it, otherwise as the kubelets do.
  - What cannot be read, for the user may not for example, is told in its place and hides nothing else. The module fails
    only when the cluster does not answer.
  - The callback plugin P(airfield.airflow.progress#callback) shows the screen at the end of the playbook.
options:
  namespaces:
    description: The namespaces whose pods and warnings to show.
    type: list
    elements: str
    required: true
  argocd_namespace:
    description: The namespace of Argo CD and its Applications. Leave it out where there is no Argo CD.
    type: str
  warnings:
    description: How many of the warnings of the last hour to show.
    type: int
    default: 8
  airflow:
    description:
      - What M(airfield.airflow.airflow_info) returned, be it a success or a failure, to be shown with the rest.
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
  failed_when: false # an Airflow that does not answer is a line of the screen

- name: Look at the installation
  airfield.airflow.overview:
    kubeconfig: "{{ airfield_kubeconfig }}"
    namespaces:
      - airflow
    argocd_namespace: argocd
    airflow: "{{ airflow }}"
  register: status

- name: Show it without the callback plugin
  ansible.builtin.debug:
    msg: "{{ status.airfield_screen | join('\n') }}"
"""

RETURN = r"""
healthy:
  description: Whether nothing needs attention.
  type: bool
  returned: success
  sample: true
attention:
  description: What needs attention, in words.
  type: list
  elements: str
  returned: success
  sample: []
airfield_screen:
  description: The screen, line by line, each of at most 120 characters.
  type: list
  elements: str
  returned: success
  sample:
    - "Airflow      3.3.2; healthy: metadatabase, scheduler, dag_processor, triggerer"
    - Everything is healthy.
versions:
  description: What is installed.
  type: dict
  returned: success
  contains:
    kubernetes:
      description: The version of the API server.
      type: str
    charts:
      description: The charts that Helm has installed there, and those of Argo CD's Applications.
      type: list
      elements: str
    images:
      description: The images of all containers of the pods, those of Argo CD among them.
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
  description: Argo CD's Applications, V(null) without O(argocd_namespace) and where they cannot be read.
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
      description: What it was compared with, the commit or the version of each source.
      type: list
      elements: str
    targets:
      description: The branch or the version that each source asks for.
      type: list
      elements: str
    operation:
      description: The phase of the last sync, V(null) without one.
      type: str
    operation_age:
      description: How many seconds ago that ended, or began.
      type: int
    reasons:
      description: Why it is not synced or not healthy, or what went wrong on the way.
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
      description: How many containers it has, with the init containers that stay.
      type: int
    status:
      description: The status as C(kubectl get pods) shows it.
      type: str
    restarts:
      description: How often its containers were started again.
      type: int
    last_restart:
      description: How many seconds ago the last of these was.
      type: int
    node:
      description: The node, V(null) for one that is not scheduled.
      type: str
    age:
      description: Seconds since it was made.
      type: int
    cpu:
      description: Cores that it uses, V(null) when not known.
      type: float
    memory:
      description: Bytes that it uses, V(null) when not known.
      type: float
    trouble:
      description: What is wrong with it, empty when nothing is.
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
      description: Cores for pods, as Kubernetes spells them.
      type: str
    memory:
      description: Memory for pods, as Kubernetes spells it.
      type: str
    cpu_used:
      description: Cores in use, V(null) when not known.
      type: float
    memory_used:
      description: Bytes in use, V(null) when not known.
      type: float
    trouble:
      description: What is wrong with it, empty when nothing is.
      type: str
recent_warnings:
  description: The latest warnings of the last hour, the latest first. Equal ones of one object are one.
  type: list
  elements: dict
  returned: success
  contains:
    namespace:
      description: The namespace.
      type: str
    object:
      description: Kind and name of what it is about.
      type: str
    reason:
      description: The reason in one word.
      type: str
    message:
      description: The reason in words.
      type: str
    count:
      description: How often it was said.
      type: int
    age:
      description: Seconds since it was said last.
      type: int
"""

from datetime import datetime, timezone

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.module import KUBE_ARGUMENTS, client_for, fail
from ansible_collections.airfield.airflow.plugins.module_utils._status.reading import read_overview
from ansible_collections.airfield.airflow.plugins.module_utils._status.screen import attention, screen


def now() -> datetime:
    return datetime.now(timezone.utc)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **KUBE_ARGUMENTS,
            "namespaces": {"type": "list", "elements": "str", "required": True},
            "argocd_namespace": {"type": "str"},
            "warnings": {"type": "int", "default": 8},
            "airflow": {"type": "dict"},
        },
        supports_check_mode=True,
    )
    params = module.params
    if params["warnings"] < 0:
        module.fail_json(msg="`warnings` must be 0 or more: it says how many warnings to show.")
    client = client_for(module)
    try:
        found = read_overview(client, params["namespaces"], params["argocd_namespace"], params["warnings"], now())
    except KubeError as error:
        fail(module, error)

    needs = attention(found, params["airflow"])
    module.exit_json(
        changed=False,
        healthy=not needs,
        attention=needs,
        airfield_screen=screen(found, params["airflow"], params["warnings"]),
        versions=found.versions,
        applications=found.applications,
        pods=found.pods,
        nodes=found.nodes,
        # Not `warnings`: Ansible shows a result's key of that name as its own warnings.
        recent_warnings=found.warnings,
    )


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: kube_objects_info
short_description: Read Kubernetes objects of several kinds at once
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Reads objects of any number of kinds in one task, which takes as long as M(kubernetes.core.k8s_info) needs for one
    kind.
options:
  queries:
    description: What to read.
    type: list
    elements: dict
    required: true
    suboptions:
      api_version:
        description: The API version of the kind.
        type: str
        default: v1
      kind:
        description: The kind.
        type: str
        required: true
      namespace:
        description:
          - The namespace of the objects. By default all namespaces.
          - It is ignored for a kind whose objects are in no namespace, such as C(Node).
        type: str
      name:
        description:
          - The name of one object. It is not an error if it does not exist.
          - Without O(queries[].namespace), the objects of this name in all namespaces are returned.
          - With O(queries[].namespace), or for a kind without namespaces, and without selectors, it requires only the
            permission C(get). Everything else requires C(list).
        type: str
      label_selectors:
        description: What the labels must be, such as C(app=airflow).
        type: list
        elements: str
      field_selectors:
        description: What some fields must be, such as C(status.phase=Running).
        type: list
        elements: str
extends_documentation_fragment:
  - airfield.airflow.kube
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
seealso:
  - module: kubernetes.core.k8s_info
"""

EXAMPLES = r"""
- name: Get the workloads and the configuration of Airflow
  airfield.airflow.kube_objects_info:
    kubeconfig: "{{ airfield_kubeconfig }}"
    queries:
      - api_version: apps/v1
        kind: Deployment
        namespace: airflow
        label_selectors:
          - release=airflow
      - kind: ConfigMap
        namespace: airflow
        name: airflow-config
  register: airflow_objects

- name: Show the options of Airflow
  ansible.builtin.debug:
    msg: "{{ (airflow_objects.objects[1] | first).data['airflow.cfg'] }}"
"""

RETURN = r"""
objects:
  description:
    - The objects of each entry of O(queries), in the same order.
    - C(metadata.managedFields) is left out.
  type: list
  elements: list
  returned: success
  sample:
    - - apiVersion: v1
        kind: ConfigMap
        metadata:
          name: airflow-config
          namespace: airflow
        data:
          airflow.cfg: ""
"""

from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.module import kube_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._kube.objects import ObjectReader

QUERY_ARGUMENTS: dict[str, dict[str, Any]] = {
    "api_version": {"type": "str", "default": "v1"},
    "kind": {"type": "str", "required": True},
    "namespace": {"type": "str"},
    "name": {"type": "str"},
    "label_selectors": {"type": "list", "elements": "str"},
    "field_selectors": {"type": "list", "elements": "str"},
}


def read(client: KubeClient, queries: list[dict[str, Any]]) -> dict[str, Any]:
    reader = ObjectReader(client)
    return {"changed": False, "objects": [reader.read(query) for query in queries]}


def main() -> None:
    module = kube_module(
        {"queries": {"type": "list", "elements": "dict", "required": True, "options": QUERY_ARGUMENTS}}
    )
    run(module, lambda client: read(client, module.params["queries"]))


if __name__ == "__main__":
    main()

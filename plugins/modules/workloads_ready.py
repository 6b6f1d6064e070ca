#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: workloads_ready
short_description: Wait until Deployments, StatefulSets and Jobs are ready
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Waits until every Deployment and StatefulSet is rolled out, with no pod of an older revision left, and every Job
    is complete.
  - While it waits, the callback plugin P(airfield.airflow.progress#callback) shows what is missing from each workload.
  - Fails at once, with warnings and the end of the log, if a Job has failed, if a container crashes three times or
    more, or if an image or a container's configuration is missing for longer than 10 seconds.
  - A container that crashed that often before the task started gets one more start.
options:
  namespace:
    description: The namespace of the workloads.
    type: str
    required: true
  names:
    description:
      - The workloads in the form C(Deployment/name), C(StatefulSet/name) or C(Job/name).
      - The module waits for workloads that do not exist yet.
    type: list
    elements: str
  label_selector:
    description: The labels of the workloads, as in C(kubectl get -l). At least one workload must have them.
    type: str
  wait_timeout:
    description: The maximum number of seconds to wait.
    type: float
    default: 600
  poll_interval:
    description: The number of seconds between two polls.
    type: float
    default: 1
extends_documentation_fragment:
  - airfield.airflow.kube
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
notes:
  - In check mode it checks once, neither waits nor fails, and returns the result in RV(ready).
"""

EXAMPLES = r"""
- name: Wait for all workloads of Airflow
  airfield.airflow.workloads_ready:
    kubeconfig: "{{ airfield_kubeconfig }}"
    namespace: airflow
    label_selector: release=airflow
    wait_timeout: 600

- name: Wait for the database
  airfield.airflow.workloads_ready:
    kubeconfig: "{{ airfield_kubeconfig }}"
    namespace: airflow
    names:
      - StatefulSet/airflow-postgres
"""

RETURN = r"""
ready:
  description: Whether all are ready. Can be false only in check mode.
  type: bool
  returned: success
  sample: true
workloads:
  description: The workloads.
  type: list
  elements: dict
  returned: success
  contains:
    kind:
      description: V(Deployment), V(StatefulSet) or V(Job).
      type: str
    name:
      description: The name.
      type: str
    ready:
      description: How many pods are available, or how many completions a Job has.
      type: int
    desired:
      description: The wanted number of these.
      type: int
    waited:
      description: After how many seconds it was ready, V(null) if it is not ready.
      type: float
  sample:
    - kind: Deployment
      name: airflow-scheduler
      ready: 1
      desired: 1
      waited: 12.1
waited:
  description: How many seconds it took until all were ready.
  type: float
  returned: success
  sample: 14.2
"""

from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.label_selector import parse_selector
from ansible_collections.airfield.airflow.plugins.module_utils._kube.module import kube_module, run
from ansible_collections.airfield.airflow.plugins.module_utils._kube.rollout import (
    Waiter,
    WorkloadSelector,
    WorkloadsFailed,
)
from ansible_collections.airfield.airflow.plugins.module_utils._kube.workloads import COLLECTIONS


def wanted_of(params: dict[str, Any]) -> WorkloadSelector:
    """Validate what to wait for. Raises ValueError with a sentence."""
    pairs = []
    for text in params["names"] or []:
        kind, slash, name = text.partition("/")
        if kind not in COLLECTIONS or not slash or not name or "/" in name:
            raise ValueError(f"`{text}` is not a valid workload. Write Deployment/NAME, StatefulSet/NAME or Job/NAME.")
        pairs.append((kind, name))
    if params["names"] is not None and not pairs:
        raise ValueError("`names` is empty. Write the workloads to wait for, such as Deployment/airflow-scheduler.")
    selector = params["label_selector"] or ""
    if params["label_selector"] is not None and not parse_selector(selector):
        raise ValueError("`label_selector` is empty. Write the labels of the workloads, such as release=airflow.")
    return WorkloadSelector(params["namespace"], tuple(pairs), selector)


def sync(client: KubeClient, wanted: WorkloadSelector, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
    waiter = Waiter(client, wanted, params["wait_timeout"], params["poll_interval"])
    workloads = waiter.look() if check_mode else waiter.wait()
    return {
        "changed": False,
        "ready": bool(workloads) and not any(workload.lacks for workload in workloads),
        "workloads": [
            {
                "kind": workload.kind,
                "name": workload.name,
                "ready": workload.ready,
                "desired": workload.desired,
                "waited": None if workload.lacks else waiter.waited.get(workload.title, 0.0),
            }
            for workload in workloads
        ],
        "waited": max(waiter.waited.values(), default=0.0),
    }


def main() -> None:
    module = kube_module(
        {
            "namespace": {"type": "str", "required": True},
            "names": {"type": "list", "elements": "str"},
            "label_selector": {"type": "str"},
            "wait_timeout": {"type": "float", "default": 600},
            "poll_interval": {"type": "float", "default": 1},
        },
        mutually_exclusive=[("names", "label_selector")],
        required_one_of=[("names", "label_selector")],
    )
    try:
        wanted = wanted_of(module.params)
    except ValueError as error:
        module.fail_json(msg=str(error))
    run(module, lambda client: sync(client, wanted, module.params, module.check_mode), failures=(WorkloadsFailed,))


if __name__ == "__main__":
    main()

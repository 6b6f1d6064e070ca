#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: placement
short_description: Check on which nodes and in which namespaces pods are and were
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Compares where pods are with where they are expected, and fails with every difference.
  - For live pods, the evidence is the pod itself. For task instances, it is their live pod or the C(Scheduled) event
    of the scheduler, because the pods of finished tasks are usually gone.
  - An expectation that matches nothing is a violation, unless it expects a count of 0. So is a task without evidence.
  - Pods are read in pages that are not kept, and once for all expectations on a namespace, so that 10,000 pods take
    little time and memory.
notes:
  - A cluster keeps events for one hour. Check the placement of tasks within an hour of their start.
options:
  schedulers:
    description: The schedulers whose C(Scheduled) events count as evidence.
    type: list
    elements: str
    default: [default-scheduler]
  evidence_limit:
    description: How many pods of each expectation to list in RV(evidence). All are checked and counted.
    type: int
    default: 100
  pod_details:
    description:
      - Whether RV(evidence) shows the node selector, the tolerations and the task of each live pod in it.
      - This takes one more request for each of these pods.
    type: bool
    default: false
  wait_timeout:
    description:
      - The number of seconds to repeat the check while something is not as expected. Check mode does not wait.
    type: float
    default: 0
  poll_interval:
    description: The number of seconds between two polls.
    type: float
    default: 2
  report_only:
    description: Whether to return violations without failing.
    type: bool
    default: false
extends_documentation_fragment:
  - airfield.airflow.expectations
  - airfield.airflow.kube
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
seealso:
  - module: airfield.airflow.dag_run
  - module: airfield.airflow.dag_run_info
"""

EXAMPLES = r"""
- name: Check that the scheduler is on the node for the core components
  airfield.airflow.placement:
    kubeconfig: "{{ airfield_kubeconfig }}"
    expectations:
      - name: Scheduler
        namespace: airflow
        label_selector: component=scheduler
        node_selector:
          role: airflow-control
        count: 1
        containers: 1

- name: Check that every task ran on a worker node
  airfield.airflow.placement:
    kubeconfig: "{{ airfield_kubeconfig }}"
    expectations:
      - name: Tasks of poc_test
        namespace: airflow
        task_instances: "{{ poc_test_run.task_instances }}"
        node_selector:
          role: airflow-worker
"""

RETURN = r"""
passed:
  description: Whether there is no violation.
  type: bool
  returned: when the cluster answered
  sample: false
violations:
  description: Every difference between what is expected and what was found.
  type: list
  elements: dict
  returned: when the cluster answered
  contains:
    expectation:
      description: The name of the expectation.
      type: str
    kind:
      description:
        - V(wrong_node), V(no_node) (not scheduled), V(node_gone) (its labels are unknown), V(wrong_namespace),
          V(wrong_count), V(wrong_containers), V(wrong_tolerations), V(nothing_matched) or V(no_evidence).
      type: str
    namespace:
      description: The namespace of the pod, if there is one.
      type: str
    pod:
      description: The name of the pod, if there is one.
      type: str
    node:
      description: The node of the pod, if it has one.
      type: str
    task_instance:
      description: The task that ran in the pod.
      type: str
      returned: for task instances
    expected:
      description: What was expected.
      type: str
    found:
      description: What was found.
      type: str
    message:
      description: All of it in a sentence.
      type: str
  sample:
    - expectation: Scheduler
      kind: wrong_node
      namespace: airflow
      pod: airflow-scheduler-6d5f9c7b8-x2x7k
      node: airfield-worker
      expected: a node with role=airflow-control (airfield-control-plane)
      found: node airfield-worker with role=airflow-worker
      message: >-
        Scheduler: pod airflow/airflow-scheduler-6d5f9c7b8-x2x7k: expected a node with role=airflow-control
        (airfield-control-plane), found node airfield-worker with role=airflow-worker.
evidence:
  description: The evidence for each expectation.
  type: list
  elements: dict
  returned: when the cluster answered
  contains:
    expectation:
      description: The name of the expectation.
      type: str
    checked:
      description: How many pods were checked.
      type: int
    containers:
      description: The total number of containers of the live pods.
      type: int
    leaving:
      description: How many pods were left out because they are being deleted.
      type: int
    not_run:
      description: How many task instances were left out because they never started.
      type: int
    nodes:
      description: How many of the pods are or were on each node.
      type: dict
    sources:
      description: How many of the pods are proved by V(live) pods and how many by an V(event).
      type: dict
    pods:
      description:
        - The first of the pods, each with its place and the source of the evidence.
        - For live pods also C(node_selector), C(tolerations) and C(task), with O(pod_details=true).
      type: list
      elements: dict
  sample:
    - expectation: Scheduler
      checked: 1
      containers: 1
      leaving: 0
      not_run: 0
      nodes:
        airfield-control-plane: 1
      sources:
        live: 1
      pods:
        - namespace: airflow
          pod: airflow-scheduler-6d5f9c7b8-x2x7k
          node: airfield-control-plane
          source: live
          containers: 1
"""

from collections import Counter

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.module import KUBE_ARGUMENTS, client_for, fail
from ansible_collections.airfield.airflow.plugins.module_utils._placement.expectation import (
    EXPECTATION_ARGUMENTS,
    EXPECTATION_CONFLICTS,
    expectation_of,
)
from ansible_collections.airfield.airflow.plugins.module_utils._placement.pod_details import add_details
from ansible_collections.airfield.airflow.plugins.module_utils._placement.proof import prove, prove_in_time

SHOWN = 20


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **KUBE_ARGUMENTS,
            "expectations": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": EXPECTATION_ARGUMENTS,
                "mutually_exclusive": EXPECTATION_CONFLICTS,
            },
            "schedulers": {"type": "list", "elements": "str", "default": ["default-scheduler"]},
            "evidence_limit": {"type": "int", "default": 100},
            "pod_details": {"type": "bool", "default": False},
            "wait_timeout": {"type": "float", "default": 0},
            "poll_interval": {"type": "float", "default": 2},
            "report_only": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    params = module.params
    try:
        expectations = [expectation_of(entry) for entry in params["expectations"]]
    except ValueError as error:
        module.fail_json(msg=str(error))
    repeated = [name for name, times in Counter(expectation.name for expectation in expectations).items() if times > 1]
    if repeated or not expectations:
        why = f"Several expectations are named `{repeated[0]}`." if repeated else "`expectations` is empty."
        module.fail_json(msg=f"{why} Give each entry a name of its own.")

    client = client_for(module)
    try:
        timeout = 0 if module.check_mode else params["wait_timeout"]
        violations, evidence = prove_in_time(
            lambda: prove(client, expectations, params["schedulers"], params["evidence_limit"]),
            timeout,
            params["poll_interval"],
        )
        if params["pod_details"]:
            add_details(client, evidence)
    except KubeError as error:
        fail(module, error)

    result = {"changed": False, "passed": not violations, "violations": violations, "evidence": evidence}
    if violations and not params["report_only"]:
        more = [f"And {len(violations) - SHOWN} more, all in `violations`."] if len(violations) > SHOWN else []
        lines = [violation["message"] for violation in violations[:SHOWN]] + more
        things = "difference" if len(violations) == 1 else "differences"
        module.fail_json(
            msg="\n".join([f"The placement is not as expected ({len(violations)} {things}):", *lines]), **result
        )
    module.exit_json(**result)


if __name__ == "__main__":
    main()

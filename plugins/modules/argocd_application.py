#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: argocd_application
short_description: Manage an Argo CD Application and wait until it is synced and healthy
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates, changes or deletes an Argo CD Application through the Kubernetes API.
  - Waits until Argo CD has compared and synced the current specification of the Application and it is healthy. A status
    from before the change is ignored.
  - Fails as soon as waiting is pointless, with Argo CD's message, advice, the warnings about unhealthy resources and
    the end of the log of their pods.
  - With neither O(source) nor O(sources), it only reads an existing Application and waits for it.
options:
  name:
    description: The name of the Application.
    type: str
    required: true
  namespace:
    description: The namespace of the Application, usually the one that Argo CD runs in.
    type: str
    default: argocd
  project:
    description: The AppProject.
    type: str
    default: default
  source:
    description: The source in Argo CD's format (C(repoURL), C(targetRevision), C(path), C(chart), C(helm) and so on).
    type: dict
  sources:
    description: Several sources, in Argo CD's format.
    type: list
    elements: dict
  destination:
    description: Where to deploy to. By default the cluster that Argo CD runs in.
    type: dict
    suboptions:
      server:
        description: The URL of the Kubernetes API server.
        type: str
      name:
        description: The name of the cluster in Argo CD, instead of O(destination.server).
        type: str
      namespace:
        description: The namespace for resources that do not specify one.
        type: str
  sync_policy:
    description: C(syncPolicy) in Argo CD's format. Not changed when not given, removed when empty.
    type: dict
  ignore_differences:
    description: C(ignoreDifferences) in Argo CD's format. Not changed when not given, removed when empty.
    type: list
    elements: dict
  labels:
    description: Labels to set on the Application. Other labels are not changed.
    type: dict
  annotations:
    description: Annotations to set on the Application. Other annotations are not changed.
    type: dict
  finalizer:
    description:
      - Whether the Application has the finalizer C(resources-finalizer.argocd.argoproj.io), so that deleting it also
        deletes its resources. O(state=absent) does not change the finalizer.
    type: bool
    default: true
  state:
    description: The desired state of the Application.
    type: str
    choices: [present, absent]
    default: present
  refresh:
    description:
      - Whether to ask Argo CD to compare at once, without (V(normal)) or with (V(hard)) rendering the manifests again.
        Only with O(wait). It is not reported as a change.
    type: str
    choices: [none, normal, hard]
    default: normal
  sync_again:
    description:
      - Argo CD never retries a revision whose sync failed. If a sync had failed before the task started, it is started
        again, because the cause may have been fixed. It is reported as a change.
    type: bool
    default: true
  revision:
    description: Wait until this commit (or chart version) is compared and synced. A prefix of a commit is enough.
    type: str
  revisions:
    description: The same for O(sources), one for each. An empty one matches any revision.
    type: list
    elements: str
  wait:
    description: Whether to wait until it is synced and healthy, or deleted. Check mode only checks once.
    type: bool
    default: true
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
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Deploy the chart from Git with a values file
  airfield.airflow.argocd_application:
    kubeconfig: "{{ airfield_kubeconfig }}"
    name: airflow
    project: airfield
    source:
      repoURL: https://git.example.com/platform.git
      targetRevision: main
      path: chart
      helm:
        valueFiles:
          - ../values/airflow.yml
    destination:
      namespace: airflow-core
    sync_policy:
      automated:
        prune: true
        selfHeal: true

- name: Deploy a published chart with values from Git
  airfield.airflow.argocd_application:
    kubeconfig: "{{ airfield_kubeconfig }}"
    name: airflow
    project: airfield
    sources:
      - repoURL: https://airflow.apache.org
        chart: airflow
        targetRevision: 1.22.0
        helm:
          valueFiles:
            - $values/values/airflow.yml
      - repoURL: https://git.example.com/platform.git
        targetRevision: main
        ref: values
    destination:
      namespace: airflow-core
    sync_policy:
      automated: {}

- name: Wait until the pushed commit is deployed
  airfield.airflow.argocd_application:
    kubeconfig: "{{ airfield_kubeconfig }}"
    name: airflow
    revision: "{{ pushed.after }}"
"""

RETURN = r"""
application:
  description: The C(name), C(namespace) and C(project) of the Application.
  type: dict
  returned: success
  sample:
    name: airflow
    namespace: argocd
    project: airfield
sync:
  description: C(status), C(revision) (of the first source) and C(revisions) of Argo CD's last comparison.
  type: dict
  returned: success
  sample:
    status: Synced
    revision: 2f1c0d8
    revisions: [2f1c0d8]
health:
  description: C(status) and C(message).
  type: dict
  returned: success
  sample:
    status: Healthy
    message: ""
operation:
  description: The last sync, with C(phase), C(message), C(started) and C(finished). All are null if there was none.
  type: dict
  returned: success
  sample:
    phase: Succeeded
    message: successfully synced (all tasks run)
    started: "2026-11-21T12:00:00Z"
    finished: "2026-11-21T12:00:09Z"
resources:
  description:
    - The resources, each with C(kind), C(namespace), C(name), C(status) and C(health). Argo CD 3 stores the health of
      each resource only with its setting C(controller.resource.health.persist); otherwise it is null.
  type: list
  elements: dict
  returned: success
  sample:
    - kind: Deployment
      namespace: airflow-core
      name: airflow-scheduler
      status: Synced
      health: null
images:
  description: The images that the resources use.
  type: list
  elements: str
  returned: success
  sample: ["apache/airflow:3.2.2"]
conditions:
  description: Argo CD's conditions, each with C(type) and C(message).
  type: list
  elements: dict
  returned: success
  sample: []
sync_started:
  description: Whether a failed sync was started again (O(sync_again)).
  type: bool
  returned: success
  sample: false
waited:
  description: The number of seconds that the module waited.
  type: float
  returned: success
  sample: 14.2
"""

from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._argocd.client import Applications, ArgoError
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.result import returned
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.spec import Wanted, wanted_of
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.sync import absent, present
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.wait_options import WaitOptions, wait_options_of
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.module import kube_module, run

ARGUMENTS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str", "default": "argocd"},
    "project": {"type": "str", "default": "default"},
    "source": {"type": "dict"},
    "sources": {"type": "list", "elements": "dict"},
    "destination": {
        "type": "dict",
        "options": {"server": {"type": "str"}, "name": {"type": "str"}, "namespace": {"type": "str"}},
    },
    "sync_policy": {"type": "dict"},
    "ignore_differences": {"type": "list", "elements": "dict"},
    "labels": {"type": "dict"},
    "annotations": {"type": "dict"},
    "finalizer": {"type": "bool", "default": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "refresh": {"type": "str", "choices": ["none", "normal", "hard"], "default": "normal"},
    "sync_again": {"type": "bool", "default": True},
    "revision": {"type": "str"},
    "revisions": {"type": "list", "elements": "str"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 600},
    "poll_interval": {"type": "float", "default": 1},
}
EXCLUSIVE = [("source", "sources"), ("revision", "revisions")]


def sync(
    client: KubeClient, wanted: Wanted | None, options: WaitOptions, params: dict[str, Any], check_mode: bool
) -> dict[str, Any]:
    applications = Applications(client, params["namespace"], params["name"])
    if params["state"] == "absent":
        outcome = absent(applications, options, params["wait"], check_mode)
    else:
        outcome = present(applications, wanted, options, params["wait"], check_mode)
    header = f"Application {params['namespace']}/{params['name']}"
    return {
        "changed": outcome.changed,
        "diff": {
            "before_header": header,
            "after_header": header,
            "before": outcome.before,
            "after": outcome.after,
        },
        "sync_started": outcome.sync_started,
        **returned(outcome.live, params, outcome.waited),
    }


def main() -> None:
    module = kube_module(ARGUMENTS, mutually_exclusive=EXCLUSIVE)
    params = module.params
    try:
        options = wait_options_of(params)
        wanted = wanted_of(params) if params["state"] == "present" else None
    except ValueError as error:
        module.fail_json(msg=str(error))
    run(module, lambda client: sync(client, wanted, options, params, module.check_mode), failures=(ArgoError,))


if __name__ == "__main__":
    main()

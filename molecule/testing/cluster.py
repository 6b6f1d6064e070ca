# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a cluster without the modules of this collection, which are what is tested."""

from __future__ import annotations

import base64
import re
from typing import Any

from ansible_collections.airfield.airflow.molecule.testing.secret_values import Secrets
from kubernetes import client, config

# Keys of Secrets that hold no secret.
PUBLIC_KEYS = {"database", "type", "url", "project", "name", "enableOCI", "admin.passwordMtime", "tls.crt"}


class Cluster:
    def __init__(self, kubeconfig: str, namespace: str) -> None:
        api = config.new_client_from_config(config_file=kubeconfig)
        self.namespace = namespace
        self.core = client.CoreV1Api(api)
        self.apps = client.AppsV1Api(api)
        self.batch = client.BatchV1Api(api)
        self.networking = client.NetworkingV1Api(api)
        self.custom = client.CustomObjectsApi(api)
        self.rbac = client.RbacAuthorizationV1Api(api)
        self.authorization = client.AuthorizationV1Api(api)

    def nodes(self) -> dict[str, Any]:
        return {node.metadata.name: node for node in self.core.list_node().items}

    def pods(self, selector: str = "", namespace: str | None = None) -> list[Any]:
        """The pods of a namespace, else of Airflow's, that are not on their way out."""
        pods = self.core.list_namespaced_pod(namespace or self.namespace, label_selector=selector).items
        return [pod for pod in pods if pod.metadata.deletion_timestamp is None]

    def control_plane_pods(self) -> list[Any]:
        """The pods of Airflow's components and of its database, without Jobs and tasks."""
        pods = self.pods("release=airflow,tier=airflow") + self.pods("app.kubernetes.io/component=metadata-db")
        kinds = {"ReplicaSet", "StatefulSet"}
        return [pod for pod in pods if {owner.kind for owner in pod.metadata.owner_references or []} & kinds]

    def restarts(self) -> dict[str, int]:
        """How often the containers of each of these pods were restarted, by the pod's own id."""
        return {
            pod.metadata.uid: sum(status.restart_count for status in pod.status.container_statuses)
            for pod in self.control_plane_pods()
        }

    def scheduled(self, namespace: str | None = None) -> dict[str, str]:
        """The node of each pod that the scheduler has placed within the last hour, by its own events."""
        events = self.core.list_namespaced_event(
            namespace or self.namespace, field_selector="reason=Scheduled,involvedObject.kind=Pod"
        ).items
        found = {}
        for event in events:
            match = re.search(r"assigned \S+/(\S+) to (\S+?)\.?$", event.message or "")
            if match:
                found[match[1]] = match[2]
        return found

    def secrets(self, *namespaces: str) -> Secrets:
        """What the installation generated, in Airflow's namespace and in these. Names of users are no secrets."""
        found = {}
        for namespace in (self.namespace, *namespaces):
            for secret in self.core.list_namespaced_secret(namespace, field_selector="type=Opaque").items:
                for key, value in (secret.data or {}).items():
                    if key not in PUBLIC_KEYS and not key.lower().endswith("username"):
                        found[f"{secret.metadata.name}/{key}"] = base64.b64decode(value).decode()
        return Secrets(found)

    def may(self, account: str, verb: str, resource: str, namespace: str, home: str | None = None) -> bool:
        """Whether a ServiceAccount of Airflow's namespace, or of ``home``, may do something; Kubernetes itself says."""
        home = home or self.namespace
        review = client.V1SubjectAccessReview(
            spec=client.V1SubjectAccessReviewSpec(
                user=f"system:serviceaccount:{home}:{account}",
                groups=["system:serviceaccounts", f"system:serviceaccounts:{home}", "system:authenticated"],
                resource_attributes=client.V1ResourceAttributes(verb=verb, resource=resource, namespace=namespace),
            )
        )
        return bool(self.authorization.create_subject_access_review(review).status.allowed)

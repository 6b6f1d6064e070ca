# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications of Argo CD as Kubernetes shows them, without the module of this collection, which is what is tested."""

from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.patience import wait_until

GROUP, VERSION, PLURAL = "argoproj.io", "v1alpha1", "applications"
IN_CLUSTER = "https://kubernetes.default.svc"


class Applications:
    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self.namespace = namespace
        self._custom = cluster.custom

    def get(self, name: str = "airflow") -> dict[str, Any]:
        found: dict[str, Any] = self._custom.get_namespaced_custom_object(GROUP, VERSION, self.namespace, PLURAL, name)
        return found

    def all(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._custom.list_namespaced_custom_object(
            GROUP, VERSION, self.namespace, PLURAL
        )["items"]
        return found

    def create(self, name: str, spec: dict[str, Any]) -> None:
        """Without a finalizer: what is refused has made nothing that were to be removed."""
        body = {
            "apiVersion": f"{GROUP}/{VERSION}",
            "kind": "Application",
            "metadata": {"name": name, "namespace": self.namespace},
            "spec": spec,
        }
        self._custom.create_namespaced_custom_object(GROUP, VERSION, self.namespace, PLURAL, body)

    def delete(self, name: str) -> None:
        self._custom.delete_namespaced_custom_object(GROUP, VERSION, self.namespace, PLURAL, name)

    def complaints(self, name: str = "airflow") -> str:
        """All that Argo CD has against an Application: its conditions, and the messages of its last sync."""
        status = self.get(name).get("status") or {}
        operation = status.get("operationState") or {}
        results = (operation.get("syncResult") or {}).get("resources") or []
        told = [f"{one['type']}: {one['message']}" for one in status.get("conditions") or []]
        if operation.get("phase") in ("Failed", "Error"):
            told += [str(one.get("message")) for one in [operation, *results]]
        return "\n".join(told)

    def wait_for_complaint(self, words: str, timeout: float, name: str = "airflow") -> None:
        def look() -> tuple[bool | None, str]:
            told = self.complaints(name)
            return (True if words in told else None), told or "no complaint"

        wait_until(f"Argo CD to say {words!r}", look, timeout)

    def wait_until_at(self, commit: str, timeout: float, name: str = "airflow") -> None:
        """Wait until a commit is what Argo CD has compared the cluster with."""

        def look() -> tuple[bool | None, str]:
            sync = (self.get(name).get("status") or {}).get("sync") or {}
            return (True if sync.get("revision") == commit else None), f"it is at {sync.get('revision')}"

        wait_until(f"Argo CD to see the commit {commit}", look, timeout, interval=0.2)

    def wait_until_good(self, commit: str, timeout: float, name: str = "airflow") -> None:
        """Wait until a commit is synced and healthy."""

        def look() -> tuple[bool | None, str]:
            state = state_of(self.get(name))
            return (True if state == ("Synced", "Healthy", commit) else None), " ".join(map(str, state))

        wait_until(f"the commit {commit} to be synced and healthy", look, timeout)


def state_of(application: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Sync status, health and commit."""
    status = application.get("status") or {}
    sync, health = status.get("sync") or {}, status.get("health") or {}
    return sync.get("status"), health.get("status"), sync.get("revision")

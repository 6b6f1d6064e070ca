# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing one Argo CD Application through the Kubernetes API."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.airfield.airflow.plugins.module_utils._argocd.spec import (
    API,
    REFRESH,
    Plan,
    Wanted,
    plan_for,
    refresh_patch,
    with_refresh,
)
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.conflicts import change_newest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError

# The server reports a field that Argo CD does not know, instead of silently dropping it.
STRICT = {"fieldValidation": "Strict"}


class ArgoError(Exception):
    """Why an Application is not in the wanted state, as sentences."""


@dataclass(frozen=True)
class Applications:
    """One Application, by its namespace and name. Every method raises KubeError."""

    client: KubeClient
    namespace: str
    name: str

    @property
    def title(self) -> str:
        return f"Application {self.namespace}/{self.name}"

    def get(self) -> Json | None:
        try:
            return self.client.get(self._path)
        except KubeError as error:
            if error.status != 404:
                raise
            return None

    def installed(self) -> bool:
        """Whether the cluster has the kind Application."""
        try:
            known = self.client.get(API).get("resources") or []
        except KubeError as error:
            if error.status != 404:
                raise
            return False
        return any(resource.get("name") == "applications" for resource in known)

    def put(self, live: Json | None, wanted: Wanted, refresh: str, check_mode: bool) -> tuple[Plan, Json | None, bool]:
        """Create or change it if it differs, and ask Argo CD in the same request to compare (``refresh``, or empty).

        An Application that has changed since is read and compared again. Returns the plan, the Application after it,
        and whether a comparison that another client requested was still pending.
        """

        def change(live: Json | None) -> tuple[Plan, Json | None, bool]:
            plan = plan_for(live, wanted)
            if check_mode or not (plan.changed or refresh):
                return plan, live, False
            patch, create = with_refresh(plan, live, refresh) if refresh else (plan.patch, plan.create)
            if create:
                return plan, self.client.create(self._collection, create, STRICT), False
            if live is None:
                raise AssertionError("an Application that does not exist must be created")
            return plan, self._patch(live, patch), is_refresh_due(live)

        return change_newest(live, change, self.get)

    def ask(self, live: Json, refresh: str) -> tuple[Json | None, bool]:
        """Ask Argo CD to compare now. Returns the same as ``put``."""

        def change(newest: Json | None) -> tuple[Json | None, bool]:
            if newest is None:
                return None, False
            return self._patch(newest, refresh_patch(newest, refresh)), is_refresh_due(newest)

        read: Json | None = live
        return change_newest(read, change, self.get)

    def sync(self, live: Json) -> None:
        """Start the operation that Argo CD's automated sync would start for the compared revision."""
        spec, compared = live["spec"], live["status"]["sync"]
        policy = spec.get("syncPolicy") or {}
        sync: Json = {"prune": bool((policy.get("automated") or {}).get("prune"))}
        sync.update({key: compared[key] for key in ("revision", "revisions") if compared.get(key)})
        if policy.get("syncOptions"):
            sync["syncOptions"] = policy["syncOptions"]
        operation = {"initiatedBy": {"username": "airfield.airflow"}, "retry": policy.get("retry") or {}, "sync": sync}
        self._patch(live, [{"op": "add", "path": "/operation", "value": operation}])

    def delete(self) -> None:
        try:
            self.client.delete(self._path)
        except KubeError as error:
            if error.status != 404:
                raise

    @property
    def _collection(self) -> str:
        return f"{API}/namespaces/{self.namespace}/applications"

    @property
    def _path(self) -> str:
        return f"{self._collection}/{self.name}"

    def _patch(self, live: Json, patch: list[Json]) -> Json:
        # Only for the version that was read: whole annotations are written, and a refresh that the controller finishes
        # between our read and our write must not remove ours.
        version = {"op": "replace", "path": "/metadata/resourceVersion", "value": live["metadata"]["resourceVersion"]}
        return self.client.patch(self._path, [version, *patch], STRICT)


def is_refresh_due(live: Json) -> bool:
    """Whether Argo CD has not yet done a requested comparison."""
    return REFRESH in (live["metadata"].get("annotations") or {})

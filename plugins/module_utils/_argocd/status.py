# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of an Argo CD Application, as Argo CD 2.x and 3.x write it (pkg/apis/application/v1alpha1/types.go)."""

from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._argocd.messages import clean
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.spec import IN_CLUSTER

Json = dict[str, Any]
SHOWN = 3


class ApplicationStatus:
    """The status of an Application when it was read."""

    def __init__(self, live: Json) -> None:
        self.live = live
        self.metadata: Json = live["metadata"]
        self.spec: Json = live.get("spec") or {}
        status: Json = live.get("status") or {}
        sync: Json = status.get("sync") or {}
        health: Json = status.get("health") or {}
        self.sync: str = sync.get("status") or "Unknown"
        self.revisions: list[str] = sync.get("revisions") or [
            revision for revision in [sync.get("revision")] if revision
        ]
        self.health: str = health.get("status") or "Unknown"
        self.health_message: str = health.get("message") or ""
        self.operation: Json = status.get("operationState") or {}
        self.resources: list[Json] = status.get("resources") or []
        self.images: list[str] = (status.get("summary") or {}).get("images") or []
        self.conditions: list[Json] = status.get("conditions") or []

    @property
    def title(self) -> str:
        return f"Application {self.metadata['namespace']}/{self.metadata['name']}"

    @property
    def sources(self) -> list[Json]:
        return self.spec.get("sources") or [source for source in [self.spec.get("source")] if source]

    @property
    def phase(self) -> str:
        """Of the last operation; an operation that Argo CD has not begun yet is Running."""
        wanted, phase = self.live.get("operation"), str(self.operation.get("phase") or "")
        return "Running" if wanted and phase not in ("Running", "Terminating") else phase

    @property
    def busy(self) -> bool:
        return self.phase in ("Running", "Terminating")

    @property
    def operation_revisions(self) -> list[str]:
        result = self.operation.get("syncResult") or (self.operation.get("operation") or {}).get("sync") or {}
        return result.get("revisions") or [revision for revision in [result.get("revision")] if revision]

    @property
    def synced_and_healthy(self) -> bool:
        return self.sync == "Synced" and self.health == "Healthy" and not self.busy

    @property
    def automated(self) -> Json | None:
        """The settings of automated sync; None when it is off."""
        settings = (self.spec.get("syncPolicy") or {}).get("automated")
        return settings if isinstance(settings, dict) and settings.get("enabled") is not False else None

    @property
    def in_cluster(self) -> bool:
        """Whether it deploys into the cluster that Argo CD runs in, the only one that this module can read."""
        destination = self.spec.get("destination") or {}
        return destination.get("server") == IN_CLUSTER or destination.get("name") == "in-cluster"

    @property
    def errors(self) -> dict[str, str]:
        """The conditions that are errors: type -> message."""
        errors: dict[str, str] = {}
        for condition in self.conditions:
            if str(condition.get("type")).endswith("Error"):
                message = clean(str(condition.get("message") or "no message"))
                errors[condition["type"]] = (
                    f"{errors[condition['type']]}; {message}" if condition["type"] in errors else message
                )
        return errors

    @property
    def out_of_sync(self) -> list[Json]:
        return [resource for resource in self.resources if resource.get("status") == "OutOfSync"]

    @property
    def failed_results(self) -> list[Json]:
        """The failed entries in the result of the last operation."""
        results = (self.operation.get("syncResult") or {}).get("resources") or []
        return [
            result
            for result in results
            if result.get("status") == "SyncFailed" or result.get("hookPhase") in ("Failed", "Error")
        ]

    def matches(self, asked: list[str]) -> bool:
        """Whether the compared revisions are the requested ones. A short commit matches; an empty one matches any."""
        if not asked:
            return True
        pairs = zip(asked, self.revisions, strict=False)
        return len(asked) == len(self.revisions) and all(came.startswith(options) for options, came in pairs)

    def in_words(self) -> str:
        """One line for the user who is waiting."""
        parts = [
            self.sync + (f" ({', '.join(revision[:12] for revision in self.revisions)})" if self.revisions else "")
        ]
        parts.append(self.health)
        if self.busy:
            message = str(self.operation.get("message") or "").strip()
            parts.append(f"operation {self.phase}" + (f": {clean(message)}" if message else ""))
        parts += [f"{kind}: {message}" for kind, message in self.errors.items()]
        lacking = names_of(self.out_of_sync)
        parts += [f"out of sync: {lacking}"] if lacking else []
        return "; ".join(parts)


def title_of(resource: Json) -> str:
    return f"{resource.get('kind')}/{resource.get('name')}"


def names_of(resources: list[Json]) -> str:
    names = [title_of(resource) for resource in resources]
    more = [f"and {len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return ", ".join(names[:SHOWN] + more)

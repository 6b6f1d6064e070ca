# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argo CD's Applications as records, with the reason if one does not match its repository.

The fields are those of Argo CD 3.2 (pkg/apis/application/v1alpha1/types.go, ApplicationStatus).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._argocd.messages import clean
from ansible_collections.airfield.airflow.plugins.module_utils._times import age_of

Json = dict[str, Any]
SHOWN_RESOURCES = 3
_COMMIT = re.compile("[0-9a-f]{40}")


def application_record(application: Json, now: datetime) -> Json:
    """One Application. ``reasons`` is empty when it is synced and healthy and there were no errors."""
    status = application.get("status") or {}
    sync, health = status.get("sync") or {}, status.get("health") or {}
    operation = status.get("operationState") or {}
    revisions = sync.get("revisions") or [sync["revision"]] if sync.get("revision") or sync.get("revisions") else []
    record = {
        "name": application["metadata"]["name"],
        "sync": sync.get("status") or "Unknown",
        "health": health.get("status") or "Unknown",
        "revisions": revisions,
        "targets": [str(source.get("targetRevision") or "HEAD") for source in _sources(application)],
        "operation": operation.get("phase"),
        "operation_age": age_of(operation.get("finishedAt") or operation.get("startedAt"), now),
    }
    return {**record, "reasons": list(dict.fromkeys(_reasons(record, status, operation)))}


def _reasons(record: Json, status: Json, operation: Json) -> Iterator[str]:
    calm = record["sync"] == "Synced" and record["health"] == "Healthy"
    for condition in status.get("conditions") or []:
        # Warnings, for example about orphaned resources, do not prevent a sync.
        if not calm or condition.get("type", "").endswith("Error"):
            yield f"{condition.get('type')}: {_words(condition.get('message'))}"
    phase = operation.get("phase")
    if phase not in (None, "Succeeded") and (not calm or phase != "Running"):
        yield f"the last sync {_PHASES.get(phase, phase)}: {_words(operation.get('message'))}"
    if not calm:
        yield from _resource_reasons(status)


_PHASES = {
    "Running": "is running",
    "Terminating": "is being terminated",
    "Failed": "failed",
    "Error": "ended with an error",
}


def _resource_reasons(status: Json) -> Iterator[str]:
    resources = status.get("resources") or []
    out_of_sync = [resource for resource in resources if resource.get("status") == "OutOfSync"]
    if out_of_sync:
        yield f"differs from the repository: {_some([_title(resource) for resource in out_of_sync])}"
    for resource in resources:
        health = resource.get("health") or {}
        if health.get("status") not in (None, "Healthy", "Suspended"):
            message = f": {_words(health['message'])}" if health.get("message") else ""
            yield f"{_title(resource)} is {health['status']}{message}"


def revision_text(record: Json) -> str:
    """``3f9c2ab (main)``, for each of an Application's sources."""
    targets = [*record["targets"], *[""] * len(record["revisions"])]
    return ", ".join(
        f"{short} ({target})" if target and target != short else short
        for short, target in (
            (_short(revision), target) for revision, target in zip(record["revisions"], targets, strict=False)
        )
    )


def charts_of(application: Json) -> list[str]:
    """The charts of an Application's sources: name and version of a published chart, path of one in a repository."""
    charts = []
    for source in _sources(application):
        if source.get("chart"):
            charts.append(f"{source['chart']} {source.get('targetRevision', '')}".strip())
        elif source.get("path"):
            charts.append(f"{source['path']} of {source.get('repoURL', '').rpartition('/')[2]}")
    return charts


def _sources(application: Json) -> list[Json]:
    spec = application.get("spec") or {}
    return spec.get("sources") or ([spec["source"]] if spec.get("source") else [])


def _short(revision: str) -> str:
    return revision[:7] if _COMMIT.fullmatch(revision) else revision


def _title(resource: Json) -> str:
    namespace = f"{resource['namespace']}/" if resource.get("namespace") else ""
    return f"{resource.get('kind')} {namespace}{resource.get('name')}"


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN_RESOURCES
    return ", ".join(names[:SHOWN_RESOURCES]) + (f" and {more} more" if more > 0 else "")


def _words(message: str | None) -> str:
    return " ".join(clean(message or "no reason given").split())

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Deployments and StatefulSets are rolled out and Jobs complete, and what is missing otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
COLLECTIONS = {
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets",
    "Job": "/apis/batch/v1/namespaces/{}/jobs",
}


@dataclass(frozen=True)
class Workload:
    """The state of one Deployment, StatefulSet or Job. ``lacks`` is empty when it is ready."""

    kind: str
    name: str
    ready: int
    desired: int
    lacks: str
    failure: str = ""
    observed: bool = True
    pod_labels: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def pod_selector(self) -> str:
        return ",".join(f"{key}={value}" for key, value in self.pod_labels)


def absent(kind: str, name: str) -> Workload:
    return Workload(kind, name, 0, 1, "does not exist yet")


def judge(kind: str, item: Json) -> Workload:
    """Check one object as the API returns it."""
    spec, status = item.get("spec") or {}, item.get("status") or {}
    labels = ((spec.get("selector") or {}).get("matchLabels") or {}).items()
    return {"Deployment": _deployment, "StatefulSet": _stateful_set, "Job": _job}[kind](
        item["metadata"], spec, status, tuple(labels)
    )


def unseen(metadata: Json, status: Json) -> bool:
    """Whether the controller has not yet processed the newest specification, so that its numbers are outdated."""
    return bool(status.get("observedGeneration", 0) < metadata.get("generation", 0))


# The rules of `kubectl rollout status` (k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go).
def _deployment(metadata: Json, spec: Json, status: Json, labels: tuple[tuple[str, str], ...]) -> Workload:
    desired = spec.get("replicas", 1)
    updated, total = status.get("updatedReplicas", 0), status.get("replicas", 0)
    available = status.get("availableReplicas", 0)
    if unseen(metadata, status):
        lacks = "its change has not been observed by the controller yet"
    elif updated < desired:
        lacks = f"{updated} of {desired} updated" + (", and it is paused" if spec.get("paused") else "")
    elif total > updated:
        lacks = f"{total - updated} old still running"
    elif available < desired:
        lacks = f"{available} of {desired} available"
    else:
        lacks = ""
    refused = _conditions(status).get("ReplicaFailure")
    if lacks and refused:
        lacks += f", because its pods cannot be created: {refused.get('message', 'no reason given')}"
    seen = not unseen(metadata, status)
    return Workload("Deployment", metadata["name"], available, desired, lacks, "", seen, labels)


def _stateful_set(metadata: Json, spec: Json, status: Json, labels: tuple[tuple[str, str], ...]) -> Workload:
    desired = spec.get("replicas", 1)
    strategy = spec.get("updateStrategy") or {}
    partition = (strategy.get("rollingUpdate") or {}).get("partition") or 0
    rolling = strategy.get("type", "RollingUpdate") == "RollingUpdate"
    updated, available = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    to_update = max(desired - partition, 0)
    revisions_differ = status.get("currentRevision") != status.get("updateRevision")
    if unseen(metadata, status):
        lacks = "its change has not been observed by the controller yet"
    elif rolling and revisions_differ and updated < to_update:
        lacks = f"{updated} of {to_update} updated"
    elif available < desired:
        lacks = f"{available} of {desired} available"
    elif status.get("replicas", 0) > desired:
        lacks = f"{status['replicas'] - desired} too many still running"
    else:
        lacks = ""
    seen = not unseen(metadata, status)
    return Workload("StatefulSet", metadata["name"], available, desired, lacks, "", seen, labels)


def _job(metadata: Json, spec: Json, status: Json, labels: tuple[tuple[str, str], ...]) -> Workload:
    desired, done = spec.get("completions") or 1, status.get("succeeded", 0)
    conditions = _conditions(status)
    failure = ""
    if "Complete" in conditions:
        lacks = ""
    elif "Failed" in conditions:
        condition = conditions["Failed"]
        failure = f"{condition.get('reason', 'Failed')}: {condition.get('message', '')}".strip(": ")
        lacks = "failed"
    elif spec.get("suspend"):
        lacks = "suspended"
    else:
        lacks = f"{done} of {desired} complete"
    return Workload("Job", metadata["name"], done, desired, lacks, failure, True, labels)


def _conditions(status: Json) -> dict[str, Json]:
    """The conditions with status True, by their type."""
    return {
        condition["type"]: condition
        for condition in status.get("conditions") or []
        if condition.get("status") == "True"
    }

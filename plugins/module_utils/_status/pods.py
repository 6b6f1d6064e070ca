# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods and nodes as records: what `kubectl get` shows about them, and whether they need attention."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.containers import HOPELESS, trouble_of
from ansible_collections.airfield.airflow.plugins.module_utils._times import age_of

Json = dict[str, Any]
# Task pods start all the time: a pod may take this long before it counts as trouble, unless it reports a failure.
STARTING = 120
# A failed pod stays until it is deleted; after this long it is history.
RECENT = 3600
BAD = (*HOPELESS, "CrashLoopBackOff", "RunContainerError", "CreateContainerError", "OOMKilled", "Error")


def pod_record(pod: Json, now: datetime) -> Json:
    """One pod. Ages are seconds; ``trouble`` is empty when it needs no attention."""
    metadata, spec, status = pod["metadata"], pod.get("spec") or {}, pod.get("status") or {}
    containers = [*_sidecars(spec), *(spec.get("containers") or [])]
    statuses = [*_sidecar_statuses(spec, status), *(status.get("containerStatuses") or [])]
    every = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    ended = [_ended(container) for container in every if container.get("restartCount")]
    record = {
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "ready": sum(1 for container in statuses if container.get("ready")),
        "containers": len(containers),
        "status": status_of(pod),
        "restarts": sum(container.get("restartCount", 0) for container in every),
        "last_restart": age_of(max(filter(None, ended), default=None), now),
        "node": spec.get("nodeName"),
        "age": age_of(metadata.get("creationTimestamp"), now),
    }
    return {**record, "trouble": _trouble(pod, record, now)}


def status_of(pod: Json) -> str:
    """The column STATUS of `kubectl get pods` (kubernetes/pkg/printers/internalversion/printers.go, printPod)."""
    spec, status = pod.get("spec") or {}, pod.get("status") or {}
    reason = str(status.get("reason") or status.get("phase") or "Unknown")
    init = _init_reason(spec, status)
    if init:
        reason = init
    else:
        running = False
        for container in reversed(status.get("containerStatuses") or []):
            reason = _reason(container) or reason
            running = running or bool(container.get("ready") and (container.get("state") or {}).get("running"))
        if reason == "Completed" and running:
            reason = "Running"
    if pod["metadata"].get("deletionTimestamp"):
        return "Terminating"
    return reason


def _init_reason(spec: Json, status: Json) -> str:
    """Which init container is running, or empty when all have finished."""
    statuses = status.get("initContainerStatuses") or []
    stay = {container["name"] for container in _sidecars(spec)}
    for done, container in enumerate(statuses):
        ended = (container.get("state") or {}).get("terminated")
        if (ended and ended.get("exitCode") == 0) or (container["name"] in stay and container.get("started")):
            continue
        reason = _reason(container)
        return f"Init:{reason}" if reason and reason != "PodInitializing" else f"Init:{done}/{len(statuses)}"
    return ""


def _reason(container: Json) -> str:
    """Why a container waits or has ended; empty when it runs."""
    state = container.get("state") or {}
    waiting, ended = state.get("waiting"), state.get("terminated")
    if waiting:
        return str(waiting.get("reason") or "")
    if ended:
        return str(ended.get("reason") or f"ExitCode:{ended.get('exitCode')}")
    return ""


def _ended(container: Json) -> str | None:
    """When a container's previous instance ended; these times sort as strings."""
    last = (container.get("lastState") or {}).get("terminated") or {}
    return last.get("finishedAt")


def _sidecars(spec: Json) -> list[Json]:
    """The init containers that keep running."""
    return [container for container in spec.get("initContainers") or [] if container.get("restartPolicy") == "Always"]


def _sidecar_statuses(spec: Json, status: Json) -> Iterable[Json]:
    stay = {container["name"] for container in _sidecars(spec)}
    return (container for container in status.get("initContainerStatuses") or [] if container["name"] in stay)


def _trouble(pod: Json, record: Json, now: datetime) -> str:
    status = pod.get("status") or {}
    phase, age = status.get("phase"), record["age"] or 0
    if phase == "Failed":
        ends = [
            ((container.get("state") or {}).get("terminated") or {})
            for container in status.get("containerStatuses") or []
        ]
        ended = max((end["finishedAt"] for end in ends if end.get("finishedAt")), default=None)
        since = age_of(ended, now)
        # An evicted pod has no container with an end time; its own age has to do.
        return "" if (age if since is None else since) > RECENT else _failure(record, status)
    if phase == "Succeeded" or record["status"] == "Terminating":
        return ""
    if phase == "Running" and record["ready"] == record["containers"]:
        return ""
    cannot_start = record["status"].removeprefix("Init:") in BAD
    return trouble_of(pod) if cannot_start or age > STARTING else ""


def _failure(record: Json, status: Json) -> str:
    message = status.get("message") or ""
    return f"failed: {record['status']}" + (f" ({' '.join(message.split())})" if message else "")


def node_record(node: Json) -> Json:
    """One node. ``cpu`` and ``memory``: cores and bytes that are allocatable to pods, as the API returns them."""
    spec, status = node.get("spec") or {}, node.get("status") or {}
    conditions = {condition["type"]: condition for condition in status.get("conditions") or []}
    ready = conditions.get("Ready") or {}
    faults = []
    if ready.get("status") != "True":
        faults.append(f"not ready ({ready.get('message') or ready.get('reason') or 'no status reported'})")
    faults += [kind for kind, condition in conditions.items() if kind != "Ready" and condition.get("status") == "True"]
    if spec.get("unschedulable"):
        faults.append("takes no new pods (cordoned)")
    allocatable = status.get("allocatable") or {}
    return {
        "name": node["metadata"]["name"],
        "status": ("Ready" if ready.get("status") == "True" else "NotReady")
        + (",SchedulingDisabled" if spec.get("unschedulable") else ""),
        "version": (status.get("nodeInfo") or {}).get("kubeletVersion", ""),
        "cpu": allocatable.get("cpu"),
        "memory": allocatable.get("memory"),
        "trouble": ", ".join(faults),
    }

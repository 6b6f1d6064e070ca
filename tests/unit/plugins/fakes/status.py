# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods, nodes, events and Applications as the Kubernetes API returns them, for the tests of the module overview."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._status.pods import node_record, pod_record
from ansible_collections.airfield.airflow.plugins.module_utils._status.reading import Overview
from ansible_collections.airfield.airflow.plugins.module_utils._status.usage import Usage
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import Json

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)
COMMIT = "3f9c2ab" + 33 * "0"


def ago(seconds: int) -> str:
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def container(name: str = "main", ready: bool = True, restarts: int = 0, **state: Json) -> Json:
    state = state or {"running": {"startedAt": ago(7200)}}
    return {"name": name, "ready": ready, "restartCount": restarts, "state": state, "image": "ignored"}


def restarted(seconds: int, restarts: int = 1, **more: Any) -> Json:
    last = {"terminated": {"exitCode": 1, "finishedAt": ago(seconds)}}
    return {**container(restarts=restarts, **more), "lastState": last}


def pod(
    name: str,
    *statuses: Json,
    namespace: str = "airflow-core",
    age: int = 7200,
    image: str = "localhost/airflow:3.3.2",
    init: list[Json] | None = None,
    phase: str = "Running",
    node: str | None = "cp",
    labels: Json | None = None,
    **status: Any,
) -> Json:
    """A pod whose containers have the names of ``statuses``; init containers with ``sidecar`` keep running."""
    statuses = statuses or (container(),)
    init = init or []
    spec: Json = {"containers": [{"name": one["name"], "image": image} for one in statuses]}
    spec["initContainers"] = [
        {"name": one["name"], **({"restartPolicy": "Always"} if one.pop("sidecar", False) else {})} for one in init
    ]
    if node:
        spec["nodeName"] = node
    metadata = {"name": name, "namespace": namespace, "creationTimestamp": ago(age), "labels": labels or {}}
    return {
        "metadata": metadata,
        "spec": spec,
        "status": {"phase": phase, "containerStatuses": list(statuses), "initContainerStatuses": init, **status},
    }


def node(name: str = "cp", ready: str = "True", **more: Any) -> Json:
    conditions = [{"type": "MemoryPressure", "status": more.pop("pressure", "False")}]
    conditions.append({"type": "Ready", "status": ready, "message": more.pop("message", "")})
    return {
        "metadata": {"name": name},
        "spec": more,
        "status": {
            "conditions": conditions,
            "allocatable": {"cpu": "2", "memory": "8Gi"},
            "nodeInfo": {"kubeletVersion": "v1.34.4"},
        },
    }


def event(pod_name: str, reason: str, message: str, seconds: int, **more: Any) -> Json:
    concerned = {"kind": "Pod", "name": pod_name, "namespace": "airflow-core"}
    return {
        "metadata": {"namespace": "airflow-core"},
        "type": "Warning",
        "reason": reason,
        "message": message,
        "involvedObject": concerned,
        "lastTimestamp": ago(seconds),
        "count": 1,
        **more,
    }


def application(sync: str = "Synced", health: str = "Healthy", **status: Any) -> Json:
    operation = {"phase": "Succeeded", "finishedAt": ago(720), "message": "successfully synced"}
    source = {"repoURL": "http://172.18.0.1:3080/platform.git", "path": "airflow/chart", "targetRevision": "main"}
    return {
        "metadata": {"name": "airflow", "namespace": "argocd"},
        "spec": {"source": source},
        "status": {
            "sync": {"status": sync, "revision": COMMIT},
            "health": {"status": health},
            "operationState": operation,
            **status,
        },
    }


def summary() -> Json:
    """From the kubelet: one node, one pod of ours, and one foreign pod."""

    def stats(cpu: int, memory: int) -> Json:
        return {"cpu": {"usageNanoCores": cpu}, "memory": {"workingSetBytes": memory}}

    def pod_stats(namespace: str, name: str) -> Json:
        return {"podRef": {"namespace": namespace, "name": name}, **stats(12_400_000, 420 * 2**20)}

    pods = [pod_stats("airflow-core", "airflow-scheduler-0"), pod_stats("kube-system", "etcd")]
    return {"node": stats(610_000_000, 4 * 2**30), "pods": pods}


COMPONENTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")
AIRFLOW: Json = {
    "version": "3.3.2",
    "healthy": True,
    "health": {name: {"status": "healthy"} for name in COMPONENTS},
    "executor": None,
}
BROKEN = {**AIRFLOW, "healthy": False, "health": {**AIRFLOW["health"], "scheduler": {"status": "unhealthy"}}}
NEVER = {**AIRFLOW, "healthy": False, "health": {**AIRFLOW["health"], "triggerer": {"status": None}}}


def overview(*pods: Json, **more: Any) -> Overview:
    """What the module overview has read. ``made``: the nodes; any other name: an attribute."""
    records = [pod_record(one, NOW) for one in pods or [pod("airflow-scheduler-0")]]
    found = Overview({"kubernetes": "v1.34.4", "charts": ["airflow 1.22.0"], "images": ["localhost/airflow:3.3.2"]})
    found.pods = [{**one, "cpu": 0.0124, "memory": 420.0 * 2**20} for one in records]
    found.nodes = [
        {**node_record(one), "cpu_used": 0.61, "memory_used": 4.0 * 2**30} for one in more.pop("made", [node()])
    ]
    found.usage, found.warnings = Usage("the kubelets"), []
    for name, value in more.items():
        setattr(found, name, value)
    return found

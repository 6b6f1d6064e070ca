# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and answers about workloads and their pods, for the tests of the module workloads_ready."""

from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    FakeKube,
    Json,
)

APPS = "/apis/apps/v1/namespaces/airflow"
JOBS = "/apis/batch/v1/namespaces/airflow/jobs"
CORE = "/api/v1/namespaces/airflow"
NAMED: Json = {"namespace": "airflow", "names": ["Deployment/web"]}
READY = {"observedGeneration": 2, "updatedReplicas": 1, "replicas": 1, "availableReplicas": 1}
STARTING = {**READY, "availableReplicas": 0}


def workload(name: str, status: Json, **spec: Any) -> Json:
    selector = {"matchLabels": {"app": name}}
    return {"metadata": {"name": name, "generation": 2}, "spec": {"selector": selector, **spec}, "status": status}


def waiting(reason: str, message: str = "", restarts: int = 0, name: str = "main") -> Json:
    state = {"waiting": {"reason": reason, "message": message}}
    return {"name": name, "ready": False, "restartCount": restarts, "state": state}


def ended(code: int, name: str = "main") -> Json:
    state = {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed"}}
    return {"name": name, "ready": False, "restartCount": 0, "state": state}


def running(name: str = "main", ready: bool = False) -> Json:
    return {"name": name, "ready": ready, "restartCount": 0, "state": {"running": {}}}


def pod(*containers: Json, init: list[Json] | None = None, name: str = "web-1", **more: Any) -> Json:
    metadata = {"name": name, "uid": name, "creationTimestamp": "2026-11-21T12:00:00Z", **more}
    status = {"phase": "Pending", "containerStatuses": list(containers), "initContainerStatuses": init or []}
    return {"metadata": metadata, "status": status}


def look(fake: FakeKube, status: Json, *pods: Json, times: int = 1) -> FakeKube:
    """One check of Deployment web, and of its pods if it is not ready."""
    for _time in range(times):
        fake.expect(f"{APPS}/deployments/web", workload("web", status))
        if status != READY:
            fake.expect_list(f"{CORE}/pods", list(pods), query={"labelSelector": "app=web"})
    return fake


def replica_sets(fake: FakeKube, *hashes: str) -> FakeKube:
    """The ReplicaSets of Deployment web, newest last."""
    items = [
        {
            "metadata": {
                "labels": {"pod-template-hash": one},
                "annotations": {"deployment.kubernetes.io/revision": str(number)},
            }
        }
        for number, one in enumerate(hashes, 9)
    ]
    return fake.expect_list(f"{APPS}/replicasets", items, query={"labelSelector": "app=web"})


def story(fake: FakeKube, subject: str, warnings: list[str], log: str = "", **query: str) -> FakeKube:
    items = [{"reason": "Failed", "message": text, "lastTimestamp": text} for text in warnings]
    fields = {"fieldSelector": f"involvedObject.name={subject},type=Warning"}
    fake.expect_list(f"{CORE}/events", items, query=fields)
    if log:
        query = {"container": "main", "tailLines": "20", **query}
        fake.expect(f"{CORE}/pods/{subject}/log", log, query=query, accept="*/*")
    return fake

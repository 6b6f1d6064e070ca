# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests and answers about pods, nodes and events, for the tests of the placement module."""

from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    METADATA,
    TABLE,
    FakeKube,
    Json,
)

NODES = {"cp": {"role": "airflow-control"}, "w1": {"role": "airflow-worker"}, "w2": {"role": "airflow-worker"}}
CONTROL = {"role": "airflow-control"}
WORKER = {"role": "airflow-worker"}
COLUMNS = ["Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates"]
NOT_FINISHED = "status.phase!=Succeeded,status.phase!=Failed"
SCHEDULED = "reason=Scheduled,involvedObject.kind=Pod"
PODS = "/api/v1/namespaces/airflow/pods"
EVENTS = "/api/v1/namespaces/airflow/events"


def cells(name: str, node: str | None, containers: int = 1, status: str = "Running") -> list[Any]:
    return [name, f"0/{containers}", status, "3 (5m ago)", "9m", "10.0.0.1", node or "<none>", "<none>", "<none>"]


def table(rows: list[list[Any]], *, token: str = "", objects: list[Json] | None = None) -> Json:
    return {
        "kind": "Table",
        "metadata": {"continue": token} if token else {"resourceVersion": "7"},
        "columnDefinitions": [{"name": name, "type": "string"} for name in COLUMNS],
        "rows": [
            {"cells": row, "object": {"metadata": objects[index]} if objects else None}
            for index, row in enumerate(rows)
        ],
    }


def with_nodes() -> FakeKube:
    items = [{"metadata": {"name": name, "labels": labels}} for name, labels in NODES.items()]
    return FakeKube().expect_list("/api/v1/nodes", items, accept=METADATA)


def with_pods(answer: Json, fake: FakeKube | None = None, **query: str) -> FakeKube:
    standard = {"limit": "500", "includeObject": "None", "fieldSelector": NOT_FINISHED}
    return (fake or with_nodes()).expect(PODS, answer, query={**standard, **query}, accept=TABLE)


def task(hostname: str | None, state: str = "success", **more: Any) -> Json:
    names = {"dag_id": "poc_test", "run_id": "r1", "task_id": "echo", "map_index": -1, "try_number": 1}
    return {**names, "hostname": hostname, "state": state, **more}


def scheduled(pod: str, node: str, namespace: str = "airflow", **more: Any) -> Json:
    return {
        "reason": "Scheduled",
        "reportingComponent": "default-scheduler",
        "source": {},
        "involvedObject": {"kind": "Pod", "namespace": namespace, "name": pod},
        "message": f"Successfully assigned {namespace}/{pod} to {node}",
        **more,
    }


def with_tasks(live: list[list[Any]], events: list[Json] | None, fake: FakeKube | None = None) -> FakeKube:
    """The requests for tasks in one namespace; without events the live pods are enough."""
    query = {"limit": "500", "includeObject": "None"}
    fake = (fake or with_nodes()).expect(PODS, table(live), query=query, accept=TABLE)
    return fake if events is None else fake.expect_list(EVENTS, events, query={"fieldSelector": SCHEDULED})


def expect_everywhere(fake: FakeKube, events: list[Json], rows: list[list[Any]], objects: list[Json]) -> FakeKube:
    fake.expect_list("/api/v1/events", events, query={"fieldSelector": SCHEDULED})
    query = {"limit": "500", "includeObject": "Metadata"}
    return fake.expect("/api/v1/pods", table(rows, objects=objects), query=query, accept=TABLE)


def one(**more: Any) -> list[Json]:
    return [{"name": "Scheduler", "namespace": "airflow", **more}]


def full_pod(name: str, node: str | None, **metadata: Any) -> Json:
    spec: Json = {"containers": [{}, {}], "initContainers": [{"restartPolicy": "Always"}, {}]}
    if node:
        spec["nodeName"] = node
    return {
        "metadata": {"namespace": "airflow", "name": name, **metadata},
        "spec": spec,
        "status": {"phase": "Pending"},
    }


def tasks(*instances: Json, **more: Any) -> list[Json]:
    wanted = {"name": "Tasks", "namespace": "airflow", "node_selector": WORKER, "task_instances": list(instances)}
    return [{**wanted, **more}]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._status.pods import node_record, pod_record
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import Json
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import (
    NOW,
    ago,
    container,
    node,
    pod,
    restarted,
)


def waiting(reason: str, **more: Any) -> Json:
    return container(ready=False, waiting={"reason": reason}, **more)


def ended(code: int, reason: str = "", seconds: int = 60, **more: Any) -> Json:
    return container(
        ready=False, terminated={"exitCode": code, "reason": reason or None, "finishedAt": ago(seconds)}, **more
    )


def test_a_running_pod_is_as_kubectl_shows_it() -> None:
    record = pod_record(pod("a", container("one"), restarted(300, 3, name="two")), NOW)
    assert record == {
        "namespace": "airflow-core",
        "name": "a",
        "ready": 2,
        "containers": 2,
        "status": "Running",
        "restarts": 3,
        "last_restart": 300,
        "node": "cp",
        "age": 7200,
        "trouble": "",
    }


@pytest.mark.parametrize(
    ("made", "status", "ready", "trouble"),
    [
        (
            pod("a", waiting("CrashLoopBackOff", restarts=4)),
            "CrashLoopBackOff",
            "0/1",
            "main: CrashLoopBackOff, 4 rest",
        ),
        (pod("a", waiting("ImagePullBackOff"), age=5, phase="Pending"), "ImagePullBackOff", "0/1", "ImagePullBackOff"),
        (pod("a", waiting("ContainerCreating"), age=120, phase="Pending"), "ContainerCreating", "0/1", ""),
        (
            pod("a", waiting("ContainerCreating"), age=121, phase="Pending"),
            "ContainerCreating",
            "0/1",
            "ContainerCreat",
        ),
        (pod("a", container(ready=False), age=600), "Running", "0/1", "main: running, not ready yet"),
        (pod("a", ended(0, "Completed"), phase="Succeeded"), "Completed", "0/1", ""),
        (pod("a", ended(1, "Error"), phase="Failed"), "Error", "0/1", "failed: Error"),
        (pod("a", ended(1, "Error", 3601), phase="Failed"), "Error", "0/1", ""),
        (pod("a", ended(137), phase="Failed"), "ExitCode:137", "0/1", "failed: ExitCode:137"),
        (pod("a", container("x"), ended(0, "Completed", name="y")), "Running", "1/2", "y: Completed"),
        (
            pod(
                "a",
                age=60,
                phase="Failed",
                reason="Evicted",
                message="The node was low\non memory.",
                containerStatuses=[],
            ),
            "Evicted",
            "0/1",
            "failed: Evicted (The node was low on memory.)",
        ),
    ],
)
def test_status_and_trouble(made: Json, status: str, ready: str, trouble: str) -> None:
    record = pod_record(made, NOW)
    assert (record["status"], f"{record['ready']}/{record['containers']}") == (status, ready)
    assert trouble in record["trouble"]
    assert bool(record["trouble"]) == bool(trouble)


@pytest.mark.parametrize(
    ("init", "status", "trouble"),
    [
        ([ended(0, name="one"), container("two", ready=False)], "Init:1/2", ""),
        ([ended(0, name="one"), waiting("PodInitializing", name="two")], "Init:1/2", ""),
        ([waiting("CrashLoopBackOff", name="one")], "Init:CrashLoopBackOff", "init container one: CrashLoopBackOff"),
        ([ended(0, name="one")], "PodInitializing", ""),
    ],
)
def test_init_containers_come_first(init: list[Json], status: str, trouble: str) -> None:
    record = pod_record(pod("a", waiting("PodInitializing"), init=init, phase="Pending", age=9), NOW)
    assert (record["status"], record["trouble"], record["containers"]) == (status, trouble, 1)


def test_sidecars_count_as_containers() -> None:
    made = pod("a", container(), init=[{**container("sync", restarts=2), "sidecar": True, "started": True}])
    record = pod_record(made, NOW)
    assert (record["ready"], record["containers"], record["status"], record["restarts"]) == (2, 2, "Running", 2)


def test_a_pod_that_leaves_is_no_trouble() -> None:
    made = pod("a", container(ready=False))
    made["metadata"]["deletionTimestamp"] = ago(5)
    record = pod_record(made, NOW)
    assert (record["status"], record["trouble"]) == ("Terminating", "")


def test_a_pod_without_a_node_says_why() -> None:
    refused = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes: taint"}
    made = pod("a", node=None, phase="Pending", conditions=[refused], containerStatuses=[])
    record = pod_record(made, NOW)
    assert (record["status"], record["node"], record["trouble"]) == ("Pending", None, "Unschedulable: 0/1 nodes: taint")


@pytest.mark.parametrize(
    ("made", "status", "trouble"),
    [
        (node(), "Ready", ""),
        (node(ready="Unknown", message="Kubelet is silent."), "NotReady", "not ready (Kubelet is silent.)"),
        (node(ready="False"), "NotReady", "not ready (no status reported)"),
        (node(pressure="True"), "Ready", "MemoryPressure"),
        (node(unschedulable=True), "Ready,SchedulingDisabled", "takes no new pods (cordoned)"),
    ],
)
def test_nodes(made: Json, status: str, trouble: str) -> None:
    record = node_record(made)
    assert (record["status"], record["trouble"]) == (status, trouble)
    assert (record["name"], record["version"], record["cpu"], record["memory"]) == ("cp", "v1.34.4", "2", "8Gi")

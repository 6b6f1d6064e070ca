# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CPU time of pods, from the counters that the kubelet reads (stats/summary)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient

Json = dict[str, Any]


class Reading(NamedTuple):
    """A pod's counter: when the kubelet read it (seconds since 1970), and the CPU seconds up to then."""

    at: float
    cpu: float


class NotIdle(Exception):
    """Pods came or went, so the figures would not be of the idle installation."""


def read_pods(client: KubeClient, namespace: str) -> dict[str, Reading]:
    """The counters of the running pods of a namespace, by name; those of a pod include the probes run in it."""
    nodes = [node["metadata"]["name"] for node in client.get("/api/v1/nodes")["items"]]
    return readings((client.get(f"/api/v1/nodes/{node}/proxy/stats/summary") for node in nodes), namespace)


def readings(summaries: Iterable[Json], namespace: str) -> dict[str, Reading]:
    by_name = {}
    for summary in summaries:
        for pod in summary.get("pods") or []:
            cpu = pod.get("cpu") or {}
            if pod["podRef"]["namespace"] == namespace and "usageCoreNanoSeconds" in cpu:
                at = datetime.fromisoformat(cpu["time"].replace("Z", "+00:00")).timestamp()
                by_name[pod["podRef"]["name"]] = Reading(at, cpu["usageCoreNanoSeconds"] / 1e9)
    return by_name


def cpu_between(first: Mapping[str, Reading], last: Mapping[str, Reading], seconds: float) -> dict[str, float]:
    """CPU seconds of each pod in ``seconds`` of time. The kubelet reads each counter at a different time."""
    if first.keys() != last.keys():
        pods = ", ".join(sorted(first.keys() ^ last.keys()))
        raise NotIdle(f"Pods came or went during the measurement: {pods}. Do not run a DAG during the measurement.")
    used = {}
    for name, before in first.items():
        after = last[name]
        if after.at <= before.at or after.cpu < before.cpu:
            raise NotIdle(f"The kubelet has no counter of the pod {name} that only increased.")
        used[name] = (after.cpu - before.cpu) / (after.at - before.at) * seconds
    return used


def component(pod: str) -> str:
    """`airflow-scheduler-84697c4566-wtk5t` -> `scheduler`, `airflow-postgres-0` -> `postgres`."""
    parts = pod.removeprefix("airflow-").split("-")
    return "-".join(parts[:-1] if parts[-1].isdigit() else parts[:-2])

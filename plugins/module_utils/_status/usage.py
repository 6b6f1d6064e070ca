# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU and memory that nodes and pods use: from metrics-server if there is one, otherwise from the kubelets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.quantities import quantity

Json = dict[str, Any]
METRICS = "/apis/metrics.k8s.io/v1beta1"
BY_METRICS, BY_KUBELETS = "metrics-server", "the kubelets"
# cores and bytes; None if unknown
Use = tuple["float | None", "float | None"]
NOTHING: Use = (None, None)


@dataclass
class Usage:
    """The source (empty: none), the usage by node and by (namespace, pod), and why some of it is unknown."""

    source: str = ""
    nodes: dict[str, Use] = field(default_factory=dict)
    pods: dict[tuple[str, str], Use] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def read_usage(client: KubeClient, nodes: Sequence[str], namespaces: Sequence[str]) -> Usage:
    try:
        return _of_metrics_server(client, namespaces)
    except KubeError as error:
        why = "there is no metrics-server" if error.status == 404 else f"metrics-server does not answer: {error}"
    usage = Usage(BY_KUBELETS)
    for node in nodes:
        try:
            summary = client.get(f"/api/v1/nodes/{node}/proxy/stats/summary")
        except KubeError as error:
            usage.unknown.append(f"{node}: {why}, and the kubelet does not report it: {error}")
        else:
            _add_summary(usage, node, summary, namespaces)
    if not usage.nodes:
        usage.source = ""
        usage.unknown = usage.unknown[:1] or [f"{why}, and there is no node to query"]
    return usage


def _of_metrics_server(client: KubeClient, namespaces: Sequence[str]) -> Usage:
    usage = Usage(BY_METRICS)
    for item in client.get(f"{METRICS}/nodes").get("items") or []:
        usage.nodes[item["metadata"]["name"]] = _use(item.get("usage") or {})
    for namespace in namespaces:
        for item in client.get(f"{METRICS}/namespaces/{namespace}/pods").get("items") or []:
            each = [_use(container.get("usage") or {}) for container in item.get("containers") or []]
            cpu, memory = (sum(use[which] or 0 for use in each) for which in (0, 1))
            usage.pods[namespace, item["metadata"]["name"]] = (cpu, memory)
    return usage


def _use(usage: Json) -> Use:
    cpu, memory = usage.get("cpu"), usage.get("memory")
    return (None if cpu is None else quantity(cpu), None if memory is None else quantity(memory))


def _add_summary(usage: Usage, node: str, summary: Json, namespaces: Sequence[str]) -> None:
    usage.nodes[node] = _of_stats(summary.get("node") or {})
    for pod in summary.get("pods") or []:
        reference = pod.get("podRef") or {}
        if reference.get("namespace") in namespaces:
            usage.pods[reference["namespace"], reference["name"]] = _of_stats(pod)


def _of_stats(stats: Json) -> Use:
    """Numbers of the kubelet (k8s.io/kubelet/pkg/apis/stats/v1alpha1/types.go). kubectl too shows the working set."""
    nano = (stats.get("cpu") or {}).get("usageNanoCores")
    working_set = (stats.get("memory") or {}).get("workingSetBytes")
    return (None if nano is None else nano / 1e9, None if working_set is None else float(working_set))

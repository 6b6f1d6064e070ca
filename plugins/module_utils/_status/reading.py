# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading everything that the overview shows. Failures are shown in place of the data and hide nothing else."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._status.applications import (
    application_record,
    charts_of,
)
from ansible_collections.airfield.airflow.plugins.module_utils._status.pods import node_record, pod_record
from ansible_collections.airfield.airflow.plugins.module_utils._status.usage import NOTHING, Usage, read_usage
from ansible_collections.airfield.airflow.plugins.module_utils._status.warnings import latest_warnings

ARGOCD = "/apis/argoproj.io/v1alpha1/namespaces/{}/applications"
Query = Mapping[str, "str | int"]
WARNINGS: Query = {"fieldSelector": "type=Warning"}
RELEASES: Query = {"labelSelector": "owner=helm,status=deployed"}


@dataclass
class Overview:
    """What was found. ``unknown`` has a sentence for each failed read.

    ``applications`` is None without Argo CD, ``warnings`` if none were wanted.
    """

    versions: Json
    pods: list[Json] = field(default_factory=list)
    nodes: list[Json] = field(default_factory=list)
    applications: list[Json] | None = None
    warnings: list[Json] | None = None
    usage: Usage = field(default_factory=Usage)
    unknown: list[str] = field(default_factory=list)

    def items(self, client: KubeClient, what: str, path: str, query: Query | None = None) -> list[Json]:
        """The objects of a list, or none and a sentence in ``unknown``."""
        try:
            return client.list(path, query)
        except KubeError as error:
            self.unknown.append(f"{what}: {error}")
            return []


def read_overview(
    client: KubeClient, namespaces: Sequence[str], argocd_namespace: str | None, warnings: int, now: datetime
) -> Overview:
    """Read everything. Raises KubeError only when the Kubernetes API does not answer, or rejects the credentials."""
    overview = Overview({"kubernetes": client.get("/version").get("gitVersion", "unknown"), "charts": [], "images": []})
    overview.nodes = [node_record(node) for node in overview.items(client, "nodes", "/api/v1/nodes")]
    spaces = list(dict.fromkeys([*namespaces, *([argocd_namespace] if argocd_namespace else [])]))
    pods: list[Json] = []
    events: list[Json] = []
    for space in spaces:
        core = f"/api/v1/namespaces/{space}"
        pods += overview.items(client, f"pods of {space}", f"{core}/pods")
        events += overview.items(client, f"warnings of {space}", f"{core}/events", WARNINGS)
    overview.pods = sorted((pod_record(pod, now) for pod in pods), key=lambda pod: (pod["namespace"], pod["name"]))
    overview.warnings = latest_warnings(events, now, warnings) if warnings else None
    overview.versions["images"] = sorted(
        {container["image"] for pod in pods for container in pod["spec"]["containers"]}
    )
    if argocd_namespace:
        _read_applications(client, overview, argocd_namespace, now)
    overview.versions["charts"] += _releases(client, _helm_namespaces(pods))
    overview.usage = read_usage(client, [node["name"] for node in overview.nodes], spaces)
    for record in overview.pods:
        record["cpu"], record["memory"] = overview.usage.pods.get((record["namespace"], record["name"]), NOTHING)
    for record in overview.nodes:
        record["cpu_used"], record["memory_used"] = overview.usage.nodes.get(record["name"], NOTHING)
    return overview


def _read_applications(client: KubeClient, overview: Overview, namespace: str, now: datetime) -> None:
    try:
        applications = client.list(ARGOCD.format(namespace))
    except KubeError as error:
        why = "Argo CD is not installed in this cluster" if error.status == 404 else str(error)
        overview.unknown.append(f"Applications of Argo CD: {why}")
        return
    overview.applications = [application_record(application, now) for application in applications]
    overview.versions["charts"] += [chart for application in applications for chart in charts_of(application)]


def _helm_namespaces(pods: Sequence[Json]) -> list[str]:
    """The namespaces of charts. Argo CD renders charts as well, but creates no release."""
    labelled = [(pod["metadata"]["namespace"], pod["metadata"].get("labels") or {}) for pod in pods]
    keys = ("app.kubernetes.io/managed-by", "heritage")
    return sorted({namespace for namespace, labels in labelled if "Helm" in [labels.get(key) for key in keys]})


def _releases(client: KubeClient, namespaces: Sequence[str]) -> list[str]:
    """Name and version of the charts that Helm has installed; none if the Secrets cannot be read."""
    charts = []
    for namespace in namespaces:
        try:
            secrets = client.list(f"/api/v1/namespaces/{namespace}/secrets", RELEASES)
        except KubeError:  # additional information only: the images are shown anyway
            continue
        charts += [chart_of_release(secret["data"]["release"]) for secret in secrets]
    return charts


def chart_of_release(release: str) -> str:
    """Helm stores a release as gzipped JSON in base64; Kubernetes adds its own (helm/pkg/storage/driver/util.go)."""
    metadata = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(release))))["chart"]["metadata"]
    return f"{metadata['name']} {metadata['version']}"

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods as short rows, from tables of the Kubernetes API or from full pods.

A table contains what placement needs in a tenth of the bytes, and the server need not encode every pod's specification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import AS_JSON, AS_TABLE, Json, KubeClient

T = TypeVar("T")
# The columns of `kubectl get pods -o wide`, found by name: the server may add others or change their order.
COLUMNS = ("Name", "Ready", "Status", "Node")
NONE = "<none>"
NOT_FINISHED = "status.phase!=Succeeded,status.phase!=Failed"


class PodRow(NamedTuple):
    """One pod. ``containers`` counts sidecars (init containers that keep running) and no other init containers.

    Only a pod that was read in full has ``node_selector`` and ``tolerations``.
    """

    namespace: str
    name: str
    node: str | None
    status: str
    containers: int
    labels: Mapping[str, str]
    node_selector: Mapping[str, str] | None = None
    tolerations: Sequence[Json] | None = None

    @property
    def leaving(self) -> bool:
        """Whether the pod is being deleted."""
        return self.status == "Terminating"


class PodList(NamedTuple):
    """One list to read; without a namespace that of the whole cluster. ``whole``: full pods instead of table rows."""

    namespace: str | None
    finished: bool
    whole: bool = False

    @property
    def path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/pods" if self.namespace else "/api/v1/pods"


class _NoTable(Exception):
    """The server's table lacks a column."""


def fold_pods(
    client: KubeClient,
    pods: PodList,
    selector: str,
    with_labels: bool,
    start: Callable[[], T],
    add: Callable[[T, PodRow], None],
) -> T:
    """Reduce a list of pods row by row; see KubeClient.fold. Rows have labels only ``with_labels``."""
    params: dict[str, str | int] = {}
    if selector:
        params["labelSelector"] = selector
    if not pods.finished:
        params["fieldSelector"] = NOT_FINISHED

    def add_page(state: T, page: Json) -> None:
        for row in rows_of(page, pods.namespace):
            add(state, row)

    if pods.whole:
        return client.fold(pods.path, params, start, add_page, AS_JSON)
    # A row's namespace is only in its metadata.
    include = "Metadata" if with_labels or pods.namespace is None else "None"
    try:
        return client.fold(pods.path, {**params, "includeObject": include}, start, add_page, AS_TABLE)
    except _NoTable:
        return client.fold(pods.path, params, start, add_page, AS_JSON)


def rows_of(page: Json, namespace: str | None) -> Iterator[PodRow]:
    """The rows of one page, which is a table or a list of pods."""
    return _table_rows(page, namespace) if page.get("kind") == "Table" else map(_pod_row, page.get("items") or [])


def _table_rows(page: Json, namespace: str | None) -> Iterator[PodRow]:
    names = [column["name"] for column in page.get("columnDefinitions") or []]
    rows = page.get("rows") or []
    if rows and not set(COLUMNS) <= set(names):
        raise _NoTable
    positions = [names.index(column) for column in COLUMNS] if rows else []
    for row in rows:
        name, ready, status, node = (row["cells"][position] for position in positions)
        metadata = (row.get("object") or {}).get("metadata") or {}
        yield PodRow(
            namespace=metadata.get("namespace") or namespace or "",
            name=name,
            node=None if node in (NONE, "") else node,
            status=status,
            containers=int(ready.rpartition("/")[2]),  # "1/2" is one ready container of two
            labels=metadata.get("labels") or {},
        )


def _pod_row(pod: Json) -> PodRow:
    spec, status, metadata = pod["spec"], pod.get("status") or {}, pod["metadata"]
    sidecars = [
        container for container in spec.get("initContainers") or [] if container.get("restartPolicy") == "Always"
    ]
    return PodRow(
        namespace=metadata["namespace"],
        name=metadata["name"],
        node=spec.get("nodeName") or None,
        status="Terminating" if metadata.get("deletionTimestamp") else status.get("reason") or status.get("phase", ""),
        containers=len(spec["containers"]) + len(sidecars),
        labels=metadata.get("labels") or {},
        node_selector=spec.get("nodeSelector") or {},
        tolerations=spec.get("tolerations") or [],
    )

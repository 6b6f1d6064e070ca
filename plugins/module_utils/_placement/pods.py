# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where live pods are: each list of pods is read once, page by page, for all expectations that it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import AS_METADATA, Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.label_selector import selects
from ansible_collections.airfield.airflow.plugins.module_utils._kube.pod_table import PodList, PodRow, fold_pods
from ansible_collections.airfield.airflow.plugins.module_utils._kube.tolerations import describe, not_tolerated
from ansible_collections.airfield.airflow.plugins.module_utils._placement.expectation import Expectation
from ansible_collections.airfield.airflow.plugins.module_utils._placement.node_judge import NodeJudge
from ansible_collections.airfield.airflow.plugins.module_utils._placement.tally import Tally, violation
from ansible_collections.airfield.airflow.plugins.module_utils._placement.tasks import TaskSearch

Labels = Mapping[str, str]


def read_nodes(client: KubeClient) -> dict[str, Labels]:
    """The labels of every node, by its name."""

    def add(nodes: dict[str, Labels], page: Json) -> None:
        for item in page["items"]:
            nodes[item["metadata"]["name"]] = item["metadata"].get("labels") or {}

    return client.fold("/api/v1/nodes", {}, dict, add, AS_METADATA)


def check_pods(
    client: KubeClient, expectations: Iterable[Expectation], nodes: Mapping[str, Labels], search: TaskSearch, limit: int
) -> dict[str, Tally]:
    """Tally the live pods of each expectation by its name, and pass every pod of the tasks' namespaces to ``search``.

    ``limit``: how many pods of each expectation to keep as evidence.
    """
    live = [expectation for expectation in expectations if expectation.task_instances is None]
    judges = {expectation.name: NodeJudge(expectation, nodes) for expectation in live}
    totals = {expectation.name: Tally() for expectation in live}
    readings: dict[PodList, list[Expectation]] = {PodList(namespace, True): [] for namespace in search.namespaces}
    for expectation in live:
        for namespace in (None,) if expectation.exclusive else expectation.namespaces:
            pods = PodList(namespace, expectation.include_finished, expectation.tolerations is not None)
            readings.setdefault(pods, []).append(expectation)
    for pods, concerned in readings.items():
        for name, tally in _read(client, pods, concerned, judges, search, limit).items():
            totals[name].merge(tally, limit)
    return totals


def _read(
    client: KubeClient,
    pods: PodList,
    concerned: list[Expectation],
    judges: Mapping[str, NodeJudge],
    search: TaskSearch,
    limit: int,
) -> dict[str, Tally]:
    """Read one list of pods once for all expectations that it concerns."""
    searched = pods.finished and not pods.whole and pods.namespace in search.namespaces
    selectors = {expectation.label_selector for expectation in concerned} | ({""} if searched else set())
    by_labels = len(selectors) > 1  # with one selector the server applies it, and no labels need to be transferred

    def start() -> dict[str, Tally]:
        if searched:
            search.forget_pods(pods.namespace)
        return {expectation.name: Tally() for expectation in concerned}

    def add(tallies: dict[str, Tally], row: PodRow) -> None:
        if searched:
            search.see_pod(row)
        for expectation in concerned:
            if not by_labels or selects(expectation.requirements, row.labels):
                _judge_pod(tallies[expectation.name], expectation, judges[expectation.name], row, limit)

    return fold_pods(client, pods, "" if by_labels else min(selectors), by_labels, start, add)


def _judge_pod(tally: Tally, expectation: Expectation, judge: NodeJudge, row: PodRow, limit: int) -> None:
    if row.leaving:
        tally.leaving += 1  # it makes room for another pod: neither its place nor its number counts any more
        return
    if row.namespace not in expectation.namespaces:
        tally.violations.append(
            _violation(expectation, "wrong_namespace", row, expectation.where, f"namespace {row.namespace}")
        )
        return
    seen: Json = {
        "namespace": row.namespace,
        "pod": row.name,
        "node": row.node,
        "source": "live",
        "containers": row.containers,
    }
    if row.tolerations is not None:
        seen.update(node_selector=row.node_selector, tolerations=row.tolerations)
    tally.see(seen, limit)
    fault = judge.fault(row.node)
    if fault:
        found = f"{fault.found}, {row.status}" if row.node is None else fault.found
        tally.violations.append(_violation(expectation, fault.kind, row, fault.expected, found))
    if expectation.containers is not None and row.containers != expectation.containers:
        expected, found = (_containers(number) for number in (expectation.containers, row.containers))
        tally.violations.append(_violation(expectation, "wrong_containers", row, expected, found))
    missing = not_tolerated(expectation.tolerations or (), row.tolerations or ())
    if missing:
        expected = f"it to tolerate {' and '.join(map(describe, missing))}"
        found = "these tolerations only: " + ", ".join(map(describe, row.tolerations)) if row.tolerations else "none"
        tally.violations.append(_violation(expectation, "wrong_tolerations", row, expected, found))


def _containers(number: int) -> str:
    return f"{number} container{'' if number == 1 else 's'}"


def _violation(expectation: Expectation, kind: str, row: PodRow, expected: str, found: str) -> Json:
    return violation(expectation.name, kind, row.namespace, row.name, row.node, expected, found)

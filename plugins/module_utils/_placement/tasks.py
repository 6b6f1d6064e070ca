# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the pods of task instances are or were: their live pods, else the Scheduled events that outlive them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.pod_table import PodList, PodRow, fold_pods
from ansible_collections.airfield.airflow.plugins.module_utils._placement.expectation import Expectation
from ansible_collections.airfield.airflow.plugins.module_utils._placement.node_judge import NodeJudge
from ansible_collections.airfield.airflow.plugins.module_utils._placement.tally import Tally, violation

# The message of kube-scheduler (pkg/scheduler/schedule_one.go, reason "Scheduled").
ASSIGNED = re.compile(r"Successfully assigned (\S+)/(\S+) to (\S+)")
SCHEDULED = "reason=Scheduled,involvedObject.kind=Pod"
# Airflow never starts these, so they have no place.
NEVER_STARTED = ("skipped", "removed")
NO_EVIDENCE_ADVICE = (
    "A cluster keeps events for one hour (--event-ttl of the Kubernetes API server): prove the placement within an "
    "hour of the run, trigger a new run, or keep finished pods with [kubernetes_executor] delete_worker_pods = False"
)


class Sighting(NamedTuple):
    namespace: str
    node: str | None
    source: str
    containers: int | None
    status: str


class TaskSearch:
    """Collects information about the pods of tasks, and nothing about any other pod."""

    def __init__(self, expectations: Iterable[Expectation], schedulers: Iterable[str]) -> None:
        self._expectations = [expectation for expectation in expectations if expectation.task_instances is not None]
        self._schedulers = frozenset(schedulers)
        self.namespaces = tuple(
            dict.fromkeys(
                namespace
                for expectation in self._expectations
                for namespace in expectation.namespaces
                if any(_hosts(expectation))
            )
        )
        self._live: dict[str, dict[str, Sighting]] = {
            host: {} for expectation in self._expectations for host in _hosts(expectation)
        }
        self._events: dict[str, dict[tuple[str, str], Sighting]] = {host: {} for host in self._live}
        self._unsearched = ""

    def see_pod(self, row: PodRow) -> None:
        if row.name in self._live:
            self._live[row.name][row.namespace] = Sighting(row.namespace, row.node, "live", row.containers, row.status)

    def forget_pods(self, namespace: str | None) -> None:
        """Discard the result of a list of pods that has to be read again."""
        for seen in self._live.values():
            if namespace is None:
                seen.clear()
            else:
                seen.pop(namespace, None)

    def finish(self, client: KubeClient) -> None:
        """Read the events of the expected namespaces, then search everywhere for the pods that are still unknown."""
        for namespace in self.namespaces:
            if any(not self._live[host] for expectation in self._in(namespace) for host in _hosts(expectation)):
                self._read_events(client, f"/api/v1/namespaces/{namespace}/events")
        if all(self.sightings(host) for host in self._live):
            return
        try:
            self._read_events(client, "/api/v1/events")
            pods = PodList(None, True)
            unknown: list[PodRow] = fold_pods(client, pods, "", False, list, self._add_unknown)
        except KubeError as error:
            if error.status != 403:
                raise
            self._unsearched = (
                " Other namespaces could not be searched: the kubeconfig's user is not allowed to list them."
            )
            return
        for row in unknown:
            self.see_pod(row)

    def sightings(self, host: str) -> list[Sighting]:
        """What is known about one pod, a live pod before events; several if its name exists in several places."""
        return [*self._live.get(host, {}).values()] or [*self._events.get(host, {}).values()]

    def tally(self, expectation: Expectation, judge: NodeJudge, limit: int) -> Tally:
        """Judge every task instance of one expectation."""
        tally = Tally()
        for instance in expectation.task_instances or ():
            host, task = instance.get("hostname") or "", _describe(instance)
            if not host and instance.get("state") in NEVER_STARTED:
                tally.not_run += 1
                continue
            seen = self.sightings(host)
            here = [sighting for sighting in seen if sighting.namespace in expectation.namespaces]
            if not seen:
                tally.violations.append(self._no_evidence(expectation, host, task))
            elif not here:
                pod = seen[0]
                found = f"namespace {pod.namespace}"
                what = f"{task} in pod {pod.namespace}/{host}"
                tally.violations.append(
                    _of_task(expectation, "wrong_namespace", pod, host, task, expectation.where, found, what)
                )
            for pod in here:
                evidence = {"namespace": pod.namespace, "pod": host, "node": pod.node, "source": pod.source}
                tally.see({**evidence, "containers": pod.containers, "task_instance": task}, limit)
                fault = judge.fault(pod.node)
                if fault:
                    found = f"{fault.found}, {pod.status}" if pod.node is None else fault.found
                    what = f"{task} in pod {pod.namespace}/{host}"
                    tally.violations.append(
                        _of_task(expectation, fault.kind, pod, host, task, fault.expected, found, what)
                    )
        return tally

    def _no_evidence(self, expectation: Expectation, host: str, task: str) -> Json:
        if host:
            found = f"no evidence: pod {host} is gone and no Scheduled event for it is left. {NO_EVIDENCE_ADVICE}"
        else:
            found = "no evidence: the task instance has no hostname, so it never started in a pod"
        nowhere = Sighting("", None, "", None, "")
        expected = f"its pod in {expectation.where}"
        fault = _of_task(expectation, "no_evidence", nowhere, host, task, expected, found, task)
        fault["message"] += self._unsearched if host else ""
        return {**fault, "namespace": None}

    def _in(self, namespace: str) -> list[Expectation]:
        return [expectation for expectation in self._expectations if namespace in expectation.namespaces]

    def _add_unknown(self, unknown: list[PodRow], row: PodRow) -> None:
        if row.name in self._live and not self.sightings(row.name):
            unknown.append(row)

    def _read_events(self, client: KubeClient, path: str) -> None:
        # An event that is read twice counts once: nothing to discard when the list is read again.
        client.fold(path, {"fieldSelector": SCHEDULED}, lambda: None, self._add_events)

    def _add_events(self, _state: None, page: Json) -> None:
        for event in page.get("items") or []:
            about = event.get("involvedObject") or {}
            namespace, pod = about.get("namespace", ""), about.get("name", "")
            assigned = ASSIGNED.fullmatch((event.get("message") or "").strip())
            # Anyone may write events: only a scheduler's message about this very pod counts.
            by = {event.get("reportingComponent"), (event.get("source") or {}).get("component")}
            if pod in self._events and assigned and assigned.group(1, 2) == (namespace, pod) and by & self._schedulers:
                node = str(assigned[3])
                self._events[pod][(namespace, node)] = Sighting(namespace, node, "event", None, "gone")


def check_tasks(
    search: TaskSearch, expectations: Iterable[Expectation], nodes: Mapping[str, Mapping[str, str]], limit: int
) -> dict[str, Tally]:
    tasks = [expectation for expectation in expectations if expectation.task_instances is not None]
    return {expectation.name: search.tally(expectation, NodeJudge(expectation, nodes), limit) for expectation in tasks}


def _hosts(expectation: Expectation) -> Iterator[str]:
    for instance in expectation.task_instances or ():
        if instance.get("hostname"):
            yield instance["hostname"]


def _describe(instance: Json) -> str:
    index = instance.get("map_index", -1)
    mapped = f"[{index}]" if index not in (None, -1) else ""
    path = "/".join(str(instance.get(key) or "?") for key in ("dag_id", "run_id", "task_id"))
    return f"task {path}{mapped} (try {instance.get('try_number', '?')}, {instance.get('state') or 'no state'})"


def _of_task(
    expectation: Expectation, kind: str, pod: Sighting, host: str, task: str, expected: str, found: str, what: str
) -> Json:
    fault = violation(expectation.name, kind, pod.namespace, host or None, pod.node, expected, found, what)
    return {**fault, "task_instance": task}

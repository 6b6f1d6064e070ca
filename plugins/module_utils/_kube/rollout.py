# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until workloads are ready, with the reason for each that is not, and failing early if waiting is useless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.containers import (
    PATIENCE,
    containers_of,
    is_ready,
    trouble_of,
)
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError, is_passing
from ansible_collections.airfield.airflow.plugins.module_utils._kube.pod_diagnosis import PodDiagnosis
from ansible_collections.airfield.airflow.plugins.module_utils._kube.workloads import (
    COLLECTIONS,
    Workload,
    absent,
    judge,
)
from ansible_collections.airfield.airflow.plugins.module_utils._waiting import wait_until

SHOWN_WAITING = 3
SHOWN_LATE = 5


class WorkloadsFailed(Exception):
    """A workload cannot become ready, or did not in time. The message has its name, the reason and its last log."""


@dataclass(frozen=True)
class WorkloadSelector:
    """What to wait for: names as (kind, name), or all workloads with some labels."""

    namespace: str
    names: tuple[tuple[str, str], ...] = ()
    label_selector: str = ""


@dataclass
class Waiter:
    client: KubeClient
    wanted: WorkloadSelector
    timeout: float
    interval: float
    waited: dict[str, float] = field(default_factory=dict)
    _hopeless_since: dict[tuple[str, str], float] = field(default_factory=dict)
    _first_restarts: dict[tuple[str, str], int] = field(default_factory=dict)

    def look(self) -> list[Workload]:
        """Check each workload once. Raises KubeError."""
        if self.wanted.names:
            return [self._named(kind, name) for kind, name in self.wanted.names]
        selector = self.wanted.label_selector
        return [judge(kind, item) for kind, path in COLLECTIONS.items() for item in self._list(path, selector)]

    def wait(self) -> list[Workload]:
        """Check until all are ready. Raises WorkloadsFailed, or KubeError for an error that is not temporary."""
        started = _clock.now()

        def look() -> tuple[bool, tuple[list[Workload], dict[str, str]]]:
            workloads, why = self.reasons()
            self._remember(workloads, _clock.now() - started)
            return bool(workloads) and not why, (workloads, why)

        nothing: tuple[list[Workload], dict[str, str]] = ([], {})
        wait = wait_until(
            look,
            nothing,
            timeout=self.timeout,
            interval=self.interval,
            is_outage=is_passing,
            progress=lambda wait: str(wait.outage) if wait.outage else self._progress(*wait.seen),
        )
        workloads, why = wait.seen
        if wait.done:
            return workloads
        raise WorkloadsFailed(self._too_late(workloads, why, wait.outage))

    def _remember(self, workloads: Sequence[Workload], elapsed: float) -> None:
        """After how many seconds each workload became ready and stayed so."""
        for workload in workloads:
            if workload.lacks:
                self.waited.pop(workload.title, None)
            else:
                self.waited.setdefault(workload.title, round(elapsed, 1))

    def _list(self, path: str, selector: str) -> list[Json]:
        return self.client.list(path.format(self.wanted.namespace), {"labelSelector": selector})

    def _named(self, kind: str, name: str) -> Workload:
        try:
            return judge(kind, self.client.get(f"{COLLECTIONS[kind].format(self.wanted.namespace)}/{name}"))
        except KubeError as error:
            if error.status != 404:
                raise
            return absent(kind, name)

    def reasons(self) -> tuple[list[Workload], dict[str, str]]:
        """Every workload, and the reason for each that is not ready. Raises WorkloadsFailed if one cannot become so."""
        workloads = self.look()
        why: dict[str, str] = {}
        for workload in workloads:
            if not workload.lacks:
                continue
            pods = self._pods(workload)
            if workload.failure:
                self._fail(workload, f"failed ({workload.failure})", pods)
            self._fail_if_hopeless(workload, pods)
            troubled = next((pod for pod in pods if not is_ready(pod)), None)
            detail = f" (pod {troubled['metadata']['name']}: {trouble_of(troubled)})" if troubled else ""
            why[workload.title] = workload.lacks + detail
        return workloads, why

    def _pods(self, workload: Workload) -> list[Json]:
        """The pods of one workload that are not being deleted, the newest first."""
        if not workload.pod_labels:
            return []
        pods = self._list("/api/v1/namespaces/{}/pods", workload.pod_selector)
        alive = [pod for pod in pods if not pod["metadata"].get("deletionTimestamp")]
        return sorted(alive, key=lambda pod: str(pod["metadata"].get("creationTimestamp")), reverse=True)

    def _fail_if_hopeless(self, workload: Workload, pods: Sequence[Json]) -> None:
        if not workload.observed:
            return  # these are the pods of the previous specification
        for pod, reason in self._hopeless(pods):
            if self._is_of_newest_revision(workload, pod):
                self._fail(workload, f"cannot become ready: pod {pod['metadata']['name']}: {reason}", [pod])

    def _hopeless(self, pods: Sequence[Json]) -> Iterator[tuple[Json, str]]:
        now = _clock.now()
        for pod in pods:
            for container in containers_of(pod):
                key = (pod["metadata"]["uid"], container.name)
                first_restarts = self._first_restarts.setdefault(key, container.restarts)
                # A pod that crashed before this task began gets one more start: the cause may have been fixed.
                if container.crashing and container.restarts > first_restarts:
                    yield pod, f"container {container.name} crashed {container.restarts} times"
                elif not container.hopeless:
                    self._hopeless_since.pop(key, None)
                elif now - self._hopeless_since.setdefault(key, now) > PATIENCE:
                    yield pod, f"container {container.name} has {container.reason}: {container.message}".rstrip(": ")

    def _is_of_newest_revision(self, workload: Workload, pod: Json) -> bool:
        """A Deployment that repairs itself still has the broken pods of the previous revision for a while."""
        if workload.kind != "Deployment":
            return True
        owned = self._list("/apis/apps/v1/namespaces/{}/replicasets", workload.pod_selector)
        newest = max(owned, key=_revision, default=None)
        hashes = [item["metadata"].get("labels", {}).get("pod-template-hash") for item in (newest, pod) if item]
        return len(set(hashes)) == 1

    def _fail(self, workload: Workload, what: str, pods: Sequence[Json]) -> None:
        story = PodDiagnosis(self.client, self.wanted.namespace).describe(workload, pods)
        raise WorkloadsFailed(f"{workload.title} in namespace {self.wanted.namespace} {what.rstrip('.')}.{story}")

    def _too_late(self, workloads: Sequence[Workload], why: dict[str, str], outage: Exception | None) -> str:
        timed_out = f"Timed out after {self.timeout:g} s waiting for the workloads"
        if outage:
            return f"{timed_out}: the Kubernetes API does not answer. {outage}"
        if not workloads:
            return (
                f"{timed_out}: namespace {self.wanted.namespace} has no Deployment, StatefulSet or Job with the labels "
                f"`{self.wanted.label_selector}`. Correct the selector or create them first."
            )
        lines = [f"{timed_out}: {len(workloads) - len(why)} of {len(workloads)} workloads are ready."]
        return "\n".join([*lines, *self.stories(workloads, why), "Raise `wait_timeout` if they only need longer."])

    def stories(self, workloads: Sequence[Workload], why: dict[str, str]) -> list[str]:
        """Paragraphs about the workloads that are not ready: the reason, its warnings and the end of its log."""
        late = [workload for workload in workloads if workload.title in why]
        paragraphs = [
            f"{workload.title}: {why[workload.title]}.{self._story_of(workload)}" for workload in late[:SHOWN_LATE]
        ]
        if len(late) > SHOWN_LATE:
            paragraphs.append(
                f"And {len(late) - SHOWN_LATE} more: {', '.join(workload.title for workload in late[SHOWN_LATE:])}."
            )
        return paragraphs

    def _story_of(self, workload: Workload) -> str:
        try:
            pods = [pod for pod in self._pods(workload) if not is_ready(pod)]
        except KubeError:  # the user must see what is already known, even when the API becomes unavailable just now
            return ""
        return PodDiagnosis(self.client, self.wanted.namespace).describe(workload, pods)

    def _progress(self, workloads: Sequence[Workload], why: dict[str, str]) -> str:
        if not workloads:
            return f"nothing with the labels {self.wanted.label_selector} exists yet"
        reasons = [f"{title.partition('/')[2]}: {reason}" for title, reason in why.items()][:SHOWN_WAITING]
        more = [f"and {len(why) - SHOWN_WAITING} more"] if len(why) > SHOWN_WAITING else []
        return f"{len(workloads) - len(why)} of {len(workloads)} ready; waiting for {'; '.join([*reasons, *more])}"


def _revision(replica_set: Json) -> int:
    return int(replica_set["metadata"].get("annotations", {}).get("deployment.kubernetes.io/revision", 0))

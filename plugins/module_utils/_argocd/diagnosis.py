# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cluster knows about an Application that does not come up: workloads, warnings and repository Secrets."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.messages import (
    advice_for,
    clean,
    is_about_credentials,
)
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.status import ApplicationStatus, title_of
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.pod_diagnosis import PodDiagnosis
from ansible_collections.airfield.airflow.plugins.module_utils._kube.rollout import Waiter, WorkloadSelector
from ansible_collections.airfield.airflow.plugins.module_utils._kube.workloads import COLLECTIONS, Workload, absent

# Argo CD 3 does not write the health of each resource into the Application, so the workloads themselves are read.
ASK_EVERY = 3.0
SHOWN_WARNINGS = 5
_TYPE = "argocd.argoproj.io/secret-type"


@dataclass
class Diagnosis:
    """Information from the cluster. Nothing here fails because a permission to read is missing."""

    client: KubeClient
    timeout: float
    _waiters: dict[str, Waiter] = field(default_factory=dict)
    _asked_at: float | None = None
    _why: dict[str, str] = field(default_factory=dict)

    def unready(self, seen: ApplicationStatus) -> dict[str, str]:
        """What the applied workloads are missing, by title. Raises WorkloadsFailed when one cannot become ready."""
        now = _clock.now()
        if self._asked_at is not None and now - self._asked_at < ASK_EVERY:
            return self._why
        self._asked_at, self._why = now, {}
        for waiter in self._waiters_for(seen, "Synced"):
            try:
                self._why.update(waiter.reasons()[1])
            except KubeError:  # additional information only, as everywhere here
                continue
        return self._why

    def lines(self, seen: ApplicationStatus) -> list[str]:
        """Paragraphs about everything that is not healthy."""
        lines = [
            f"{title_of(resource)}: {resource['health']['status']}: {resource['health'].get('message', '')}".rstrip(
                ": "
            )
            for resource in seen.resources
            if (resource.get("health") or {}).get("status") in ("Degraded", "Missing", "Suspended")
        ]
        for waiter in self._waiters_for(seen):
            try:
                workloads = waiter.look()
            except KubeError:
                continue
            lines += waiter.stories(
                workloads,
                {workload.title: workload.failure or workload.lacks for workload in workloads if workload.lacks},
            )
        return lines + self._warnings(seen)

    def about_results(self, results: list[Json], here: bool) -> list[str]:
        """The failed parts of a sync operation, with messages from their pods."""
        lines = []
        for result in results:
            line = f"{title_of(result)}: {clean(str(result.get('message') or result.get('hookPhase') or 'failed'))}."
            lines.append(line + (self._tell(result) if here and result.get("namespace") else ""))
        return lines

    def advice(self, message: str, seen: ApplicationStatus) -> str:
        """What to do about an error message of Argo CD, empty when it is not known."""
        urls = [str(url.get("repoURL")) for url in seen.sources]
        urls = [url for url in urls if url in message] or _numbered(message, urls) or list(dict.fromkeys(urls))
        namespace = str(seen.metadata["namespace"])
        if is_about_credentials(message):
            return " ".join(self._about_secret(namespace, url) for url in urls)
        return advice_for(message, str(seen.spec.get("project")), urls, namespace)

    def _waiters_for(self, seen: ApplicationStatus, status: str = "") -> Iterable[Waiter]:
        if not seen.in_cluster:
            return []
        names: dict[str, list[tuple[str, str]]] = {}
        for resource in seen.resources:
            if (
                resource.get("kind") in COLLECTIONS
                and resource.get("namespace")
                and status in ("", resource.get("status"))
            ):
                names.setdefault(resource["namespace"], []).append((resource["kind"], resource["name"]))
        for namespace, pairs in names.items():
            wanted = WorkloadSelector(namespace, tuple(pairs))
            # Kept between checks, because it remembers since when a pod has been failing.
            waiter = self._waiters.setdefault(namespace, Waiter(self.client, wanted, self.timeout, 1))
            waiter.wanted = wanted
        return [self._waiters[namespace] for namespace in names]

    def _tell(self, resource: Json) -> str:
        kind, name, namespace = resource.get("kind"), str(resource.get("name")), str(resource["namespace"])
        try:
            if kind == "Pod":
                pod = self.client.get(f"/api/v1/namespaces/{namespace}/pods/{name}")
                return PodDiagnosis(self.client, namespace).describe(absent("Pod", name), [pod])
            if kind in COLLECTIONS:
                waiter = Waiter(self.client, WorkloadSelector(namespace, ((str(kind), name),)), 0, 1)
                workloads = waiter.look()
                return "".join(_after_title(workload, waiter) for workload in workloads)
        except KubeError:
            return ""
        return ""

    def _warnings(self, seen: ApplicationStatus) -> list[str]:
        """The warnings about resources that are not workloads, such as PersistentVolumeClaims and Ingresses."""
        others = [
            resource
            for resource in seen.resources
            if resource.get("kind") not in COLLECTIONS and resource.get("namespace")
        ]
        about = {(resource.get("kind"), resource["namespace"], resource.get("name")) for resource in others}
        events: list[Json] = []
        for namespace in sorted({resource["namespace"] for resource in others}) if seen.in_cluster else []:
            try:
                events += self.client.list(f"/api/v1/namespaces/{namespace}/events", {"fieldSelector": "type=Warning"})
            except KubeError:
                continue
        lines: dict[str, None] = {}
        for event in events:
            on = event.get("involvedObject") or {}
            if (on.get("kind"), on.get("namespace"), on.get("name")) in about:
                said = str(event.get("message") or "").strip()
                lines[f"Warning about {title_of(on)}: {event.get('reason')}: {said}"] = None
        return list(lines)[-SHOWN_WARNINGS:]

    def _about_secret(self, namespace: str, url: str) -> str:
        try:
            secrets = self.client.list(
                f"/api/v1/namespaces/{namespace}/secrets", {"labelSelector": f"{_TYPE} in (repository,repo-creds)"}
            )
        except KubeError:
            where = f"the Secret in namespace {namespace} with the label {_TYPE}=repository and this `url`"
            return f"Argo CD's credentials for {url} are rejected: correct {where}."
        exact = [secret for secret in secrets if _url_of(secret) == _plain(url)]
        shared = [secret for secret in secrets if (secret["metadata"].get("labels") or {}).get(_TYPE) == "repo-creds"]
        prefix = [secret for secret in shared if _url_of(secret) and _plain(url).startswith(_url_of(secret))]
        if not exact + prefix:
            return (
                f"Argo CD has no credentials for {url}: create a Secret in namespace {namespace} with the label "
                f"{_TYPE}=repository, and the keys `url`, `username` and `password` or `sshPrivateKey`."
            )
        name = (exact + prefix)[0]["metadata"]["name"]
        return (
            f"The credentials for {url} in Secret {namespace}/{name} are rejected: correct its `username` and "
            "`password` or its `sshPrivateKey`, and check that this user may read the repository."
        )


def _after_title(workload: Workload, waiter: Waiter) -> str:
    reason = workload.failure or workload.lacks
    stories = waiter.stories([workload], {workload.title: reason}) if reason else []
    return "".join(f" {story.partition(': ')[2]}" for story in stories)


def _numbered(message: str, urls: list[str]) -> list[str]:
    """The repository of "source 2 of 3"."""
    for number, url in enumerate(urls, 1):
        if f"source {number} of {len(urls)}:" in message:
            return [url]
    return []


def _url_of(secret: Json) -> str:
    try:
        return _plain(base64.b64decode((secret.get("data") or {}).get("url") or "").decode())
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _plain(url: str) -> str:
    return url.strip().rstrip("/").removesuffix(".git").lower()

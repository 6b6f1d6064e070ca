# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the cluster and the container report about a pod that is not ready: warnings and the end of the log."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.containers import troubled_container
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.workloads import Workload

LOG_LINES = 20
WARNINGS = 3


class PodDiagnosis:
    def __init__(self, client: KubeClient, namespace: str) -> None:
        self._client = client
        self._namespace = namespace

    def describe(self, workload: Workload, pods: Sequence[Json]) -> str:
        """Lines about the first pod, or about the workload when it has none; empty when there is nothing to report."""
        name = pods[0]["metadata"]["name"] if pods else workload.name
        parts = [f"\nWarning about {name}: {message}" for message in self._warnings(name)]
        parts += self._log(pods[0]) if pods else []
        if workload.failure and not pods:
            parts.append("\nIts pods are gone, and their logs with them.")
        return "".join(parts)

    def _warnings(self, name: str) -> list[str]:
        try:
            events = self._client.list(
                f"/api/v1/namespaces/{self._namespace}/events",
                {"fieldSelector": f"involvedObject.name={name},type=Warning"},
            )
        except KubeError:  # additional information only: the failure itself is reported without it
            return []
        events.sort(key=lambda event: str(event.get("lastTimestamp") or event.get("eventTime") or ""))
        messages = dict.fromkeys(f"{event.get('reason')}: {event.get('message', '').strip()}" for event in events)
        return list(messages)[-WARNINGS:]

    def _log(self, pod: Json) -> list[str]:
        container = troubled_container(pod)
        if container is None:
            return []
        name = pod["metadata"]["name"]
        params: dict[str, str | int] = {"container": container.name, "tailLines": LOG_LINES}
        if container.exit_code is None and container.reason == "CrashLoopBackOff":
            params["previous"] = "true"  # it waits for its next start, so only the previous container has a log
        elif not container.has_log:
            return []
        try:
            log = self._client.get_text(f"/api/v1/namespaces/{self._namespace}/pods/{name}/log", params)
        except KubeError:  # as above
            return []
        lines = log.strip() or "(empty)"
        return [f"\nEnd of the log of container {container.name} of pod {name}:\n{lines}"]

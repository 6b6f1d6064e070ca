# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Details of a live pod in addition to its place: where it may be scheduled, and whose task it runs."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError

# The executor writes the exact ids to annotations; its labels contain the part that is valid in a label.
TASK_ANNOTATIONS = ("dag_id", "run_id", "task_id")


def add_details(client: KubeClient, evidence: Iterable[Json]) -> None:
    """Add ``node_selector``, ``tolerations`` and ``task`` to each live pod; one that is gone by now stays unchanged."""
    for entry in evidence:
        for seen in entry["pods"]:
            if seen["source"] != "live":
                continue
            try:
                pod = client.get(f"/api/v1/namespaces/{seen['namespace']}/pods/{seen['pod']}")
            except KubeError as error:
                if error.status != 404:
                    raise
                continue
            spec = pod["spec"]
            seen["node_selector"] = spec.get("nodeSelector") or {}
            seen["tolerations"] = spec.get("tolerations") or []
            seen["task"] = _task_of(pod)


def _task_of(pod: Json) -> Json | None:
    """The ids of the task that the pod was created for; None for any other pod."""
    annotations = pod["metadata"].get("annotations") or {}
    return {key: annotations.get(key) for key in TASK_ANNOTATIONS} if annotations.get("dag_id") else None

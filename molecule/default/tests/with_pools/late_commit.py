# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows in the cluster from a commit to the repository of DAGs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.airfield.airflow.molecule.default.tests.with_pools.expected import CORE
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.patience import wait_until
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario
from ansible_collections.airfield.airflow.molecule.testing.secret_values import process_arguments
from testinfra.host import Host

TASKS = ("core", "cron", "user")
# git-sync looks every ten seconds, and so does the DAG processor.
SYNC_SECONDS, PARSE_SECONDS, RUN_SECONDS = 60, 120, 300


@dataclass
class LateCommit:
    """What was seen of it. ``pods`` and ``uids`` are those of the tasks, while each of them ran."""

    dag_id: str
    commit: str
    link: str
    pods_before: dict[str, int]
    pods_after: dict[str, int] = field(default_factory=dict)
    pods: dict[str, Any] = field(default_factory=dict)
    uids: dict[str, str] = field(default_factory=dict)
    state: str = ""
    arguments: set[str] = field(default_factory=set)


class Observer:
    """Waits for everything that a commit sets going, each step within its own time."""

    def __init__(self, host: Host, scenario: Scenario, clusters: Mapping[str, Cluster], airflow: AirflowApi) -> None:
        self._host = host
        self._kubectl = f"{scenario.program('kubectl')} --kubeconfig={scenario.path('kubeconfig')}"
        self._clusters = clusters
        self._airflow = airflow

    def run_in(self, pod: Any, container: str, command: str) -> str:
        """What a command in a container prints."""
        place = f"--namespace={pod.metadata.namespace} {pod.metadata.name} --container={container}"
        done = self._host.run(f"{self._kubectl} exec {place} -- {command}")
        return str(done.stdout if done.rc == 0 else done.stderr).strip()

    def observe(self, dag_id: str, commit: str, pods_before: dict[str, int]) -> LateCommit:
        (processor,) = self._clusters[CORE].pods("release=airflow,component=dag-processor")
        seen = LateCommit(dag_id, commit, "", pods_before)

        def look_at_folder() -> tuple[str | None, str]:
            seen.arguments.update(process_arguments())
            link = self.run_in(processor, "dag-processor", "readlink /opt/airflow/dags/repo")
            return (link if commit in link else None), f"the link leads to {link}"

        def look_at_airflow() -> tuple[bool | None, str]:
            answer = self._airflow.get("dags", dag_id)
            return (True if answer.status == 200 else None), f"Airflow answers {answer.status}"

        def look_at_tasks() -> tuple[bool | None, str]:
            seen.arguments.update(process_arguments())
            for cluster in self._clusters.values():
                self._note_running(seen, cluster)
            runs = self._airflow.get("dags", dag_id, "dagRuns").json["dag_runs"]
            seen.state = runs[0]["state"] if runs else "none"
            ended = seen.state in ("success", "failed")
            return (True if ended else None), f"run {seen.state}, pods of {', '.join(seen.pods) or 'no task'} seen"

        seen.link = wait_until("the commit in the directory of DAGs", look_at_folder, SYNC_SECONDS)
        wait_until(f"the DAG {dag_id}", look_at_airflow, PARSE_SECONDS)
        wait_until(f"the run of {dag_id}", look_at_tasks, RUN_SECONDS)
        seen.pods_after = self._clusters[CORE].restarts()
        return seen

    def _note_running(self, seen: LateCommit, cluster: Cluster) -> None:
        for pod in cluster.pods(f"kubernetes_executor=True,dag_id={seen.dag_id}"):
            task = pod.metadata.labels["task_id"]
            (base,) = pod.status.container_statuses or [None]
            if task not in seen.pods and base is not None and base.state.running:
                seen.pods[task] = pod
                seen.uids[task] = self.run_in(pod, "base", "id -u")

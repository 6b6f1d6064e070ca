# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""git-sync beside Airflow and before every task: a later commit is live, and each task pod fetches it by itself."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.default.tests.with_pools.expected import (
    AIRFLOW_UID,
    CORE,
    CRON,
    GIT_SYNC_UID,
    NAMESPACES,
    NODES,
    SELECTORS,
    TAINT,
    USER,
)
from ansible_collections.airfield.airflow.molecule.default.tests.with_pools.late_commit import TASKS, LateCommit
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario
from ansible_collections.airfield.airflow.molecule.testing.secret_values import Secrets
from testinfra.host import Host

SECRET = "dags-git-basic"
KEYS = {"GITSYNC_USERNAME", "GITSYNC_PASSWORD", "GIT_SYNC_USERNAME", "GIT_SYNC_PASSWORD", "connection"}
tasks = pytest.mark.parametrize(("task", "namespace"), list(zip(TASKS, NAMESPACES, strict=True)))


def secrets_of(pod: Any) -> dict[str, set[str]]:
    """The Secrets that each container reads, as NAME/KEY."""
    found = {}
    for container in (pod.spec.init_containers or []) + pod.spec.containers:
        references = [one.value_from.secret_key_ref for one in container.env or [] if one.value_from]
        found[container.name] = {f"{one.name}/{one.key}" for one in references if one}
        assert container.env_from is None, container.name
    return found


def demand_an_ordinary_user(pod: Any, name: str, uid: int) -> None:
    """Kubernetes starts the container as nothing but this user, without any right of root."""
    (container,) = [one for one in (pod.spec.init_containers or []) + pod.spec.containers if one.name == name]
    security, of_pod = container.security_context, pod.spec.security_context
    assert of_pod.run_as_non_root is True
    assert (security.run_as_user or of_pod.run_as_user) == uid
    assert security.allow_privilege_escalation is False
    assert security.capabilities.drop == ["ALL"]


def test_the_commit_is_in_the_folder(late: LateCommit) -> None:
    assert late.link.endswith(f"/{late.commit}")


def test_no_pod_was_restarted_for_it(late: LateCommit) -> None:
    assert len(late.pods_before) == 5
    assert late.pods_after == late.pods_before


def test_its_dag_ran_in_every_namespace(late: LateCommit) -> None:
    assert late.state == "success"
    assert sorted(late.pods) == sorted(TASKS)


@tasks
def test_a_task_pod_is_in_its_pool(late: LateCommit, task: str, namespace: str) -> None:
    pod = late.pods[task]
    assert pod.metadata.namespace == namespace
    assert pod.spec.node_selector == SELECTORS[namespace]
    assert pod.spec.node_name == NODES[namespace]


@tasks
def test_only_the_tainted_pool_is_tolerated(late: LateCommit, task: str, namespace: str) -> None:
    # Kubernetes itself adds two for nodes that do not answer.
    own = [one for one in late.pods[task].spec.tolerations if not one.key.startswith("node.kubernetes.io/")]
    assert [(one.key, one.value, one.effect) for one in own] == ([TAINT] if namespace == CRON else [])


@tasks
def test_a_task_pod_fetched_its_dags_first(late: LateCommit, task: str, namespace: str) -> None:
    pod = late.pods[task]
    (status,) = pod.status.init_container_statuses
    assert status.name == "git-sync-init"
    assert (status.state.terminated.exit_code, status.restart_count) == (0, 0)
    demand_an_ordinary_user(pod, "git-sync-init", GIT_SYNC_UID)
    demand_an_ordinary_user(pod, "base", AIRFLOW_UID)
    assert late.uids[task] == str(AIRFLOW_UID)


@tasks
def test_a_task_itself_gets_no_secret(late: LateCommit, task: str, namespace: str) -> None:
    own = {f"{SECRET}/GITSYNC_USERNAME", f"{SECRET}/GITSYNC_PASSWORD"}
    assert secrets_of(late.pods[task]) == {"git-sync-init": own, "base": set()}
    assert [volume.name for volume in late.pods[task].spec.volumes if volume.secret] == []


def test_the_sidecar_runs_as_an_ordinary_user(host: Host, scenario: Scenario, dag_processor: Any) -> None:
    init = {status.name: status.state for status in dag_processor.status.init_container_statuses}
    assert init["git-sync-init"].terminated.exit_code == 0
    containers = {status.name: status for status in dag_processor.status.container_statuses}
    assert containers.keys() == {"dag-processor", "git-sync"}
    assert containers["git-sync"].ready is True
    assert containers["git-sync"].restart_count == 0
    for name in ("git-sync-init", "git-sync"):
        demand_an_ordinary_user(dag_processor, name, GIT_SYNC_UID)
    kubectl = f"{scenario.program('kubectl')} --kubeconfig={scenario.path('kubeconfig')} --namespace={CORE}"
    answer = host.run(f"{kubectl} exec {dag_processor.metadata.name} --container=git-sync -- id -u")
    assert answer.rc == 0, answer.stderr
    assert answer.stdout.strip() == str(GIT_SYNC_UID)


def test_the_secret_is_where_git_sync_is(clusters: dict[str, Cluster], git_user: tuple[str, str]) -> None:
    every = clusters[CORE].core.list_secret_for_all_namespaces(field_selector=f"metadata.name={SECRET}").items
    assert {one.metadata.namespace: set(one.data) for one in every} == dict.fromkeys(NAMESPACES, KEYS)
    for one in every:
        username, password = (base64.b64decode(one.data[f"GITSYNC_{key}"]).decode() for key in ("USERNAME", "PASSWORD"))
        # Not the values themselves: a failing test would print them.
        assert (username == git_user[0], password == git_user[1]) == (True, True)


@pytest.mark.parametrize("namespace", [CRON, USER])
def test_it_is_the_only_secret_there(clusters: dict[str, Cluster], namespace: str) -> None:
    every = clusters[namespace].core.list_namespaced_secret(namespace).items
    assert [one.metadata.name for one in every] == [SECRET]


def test_nobody_says_the_password(
    late: LateCommit, clusters: dict[str, Cluster], dag_processor: Any, git_user: tuple[str, str], scenario: Scenario
) -> None:
    password = Secrets({"password": git_user[1]})
    log = clusters[CORE].core.read_namespaced_pod_log(dag_processor.metadata.name, CORE, container="git-sync")
    assert late.commit in log
    assert password.found_in(log) == []
    assert any("git-sync" in line for line in late.arguments), "the containers' processes can be seen from here"
    assert password.found_in("\n".join(late.arguments)) == []
    assert password.found_in((scenario.path("state_dir") / "airflow-values.yml").read_text()) == []

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Day two: changes by hand, good commits and bad ones. In this order, as each test goes on from the one before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.argocd import Applications, state_of
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.git_repository import GitRepository, Pushed
from ansible_collections.airfield.airflow.molecule.testing.patience import wait_until
from ansible_collections.airfield.airflow.molecule.testing.scenario import PROJECT, Finished, Scenario
from ansible_collections.airfield.airflow.molecule.testing.secret_values import Secrets

VALUES = "airflow/values.yml"
TRIGGERER = "airflow-triggerer"
PUSHED = "airfield.test/pushed"
BY_HAND = {"name": "CONNECTION_CHECK_MAX_COUNT", "value": "7"}
# By default polling it takes 120 to 180 s until Argo CD looks.
WEBHOOK_SECONDS = 30
REASON = "The embedded chart knows no Celery"


def triggerer(cluster: Cluster) -> Any:
    return cluster.apps.read_namespaced_deployment(TRIGGERER, cluster.namespace)


def by_hand(deployment: Any) -> list[str]:
    """What somebody has changed of the Deployment."""
    (container,) = deployment.spec.template.spec.containers
    values = {one.name: one.value for one in container.env}
    changed = [] if deployment.spec.replicas == 1 else [f"{deployment.spec.replicas} replicas"]
    return changed + (["its environment"] if values[BY_HAND["name"]] == BY_HAND["value"] else [])


def uids(cluster: Cluster) -> set[str]:
    pods = cluster.control_plane_pods()
    assert len(pods) == 5
    return {pod.metadata.uid for pod in pods}


def wait_until_rolled_out(cluster: Cluster) -> None:
    """Until the triggerer has one pod of the newest template that is ready, and no other."""

    def look() -> tuple[bool | None, str]:
        deployment = triggerer(cluster)
        status = deployment.status
        pods = len(cluster.pods("component=triggerer,release=airflow"))
        seen = status.observed_generation == deployment.metadata.generation
        there = (status.replicas, status.updated_replicas, status.ready_replicas, pods)
        return (True if seen and there == (1, 1, 1, 1) else None), f"replicas, updated, ready, pods: {there}"

    wait_until("the rollout of the triggerer", look, timeout=180)


def push_values(platform: GitRepository, message: str, **changes: Any) -> Pushed:
    """Change sections of the values as a person would, by a commit."""
    platform.newest()
    file = platform.directory / VALUES
    values = yaml.safe_load(file.read_text())
    for section, change in changes.items():
        values[section] = {**values[section], **change} if isinstance(change, dict) else change
    file.write_text(yaml.safe_dump(values, sort_keys=False))
    return platform.push(message)


@pytest.fixture(scope="module")
def commit(platform: GitRepository, applications: Applications) -> Pushed:
    """A commit that gives the triggerer's pod an annotation; at its end Argo CD has seen it."""
    pushed = push_values(platform, "An annotation", triggerer={"podAnnotations": {PUSHED: "yes"}})
    started = time.monotonic()
    applications.wait_until_at(pushed.commit, timeout=300)
    seconds = time.monotonic() - started
    assert seconds < WEBHOOK_SECONDS, f"Argo CD saw the commit after {seconds:.0f} s: the webhook did not reach it"
    return pushed


@pytest.fixture(scope="module")
def bad_commit(commit: Pushed, platform: GitRepository, applications: Applications) -> Pushed:
    """A commit on top of it that the chart refuses; at its end Argo CD has tried it."""
    applications.wait_until_good(commit.commit, timeout=180)
    pushed = push_values(platform, "A mistake", executor="CeleryExecutor")
    applications.wait_for_complaint(REASON, timeout=90)
    return pushed


@pytest.fixture(scope="module")
def pods_before(cluster: Cluster, commit: Pushed, applications: Applications) -> Iterator[set[str]]:
    """The pods before the bad commit."""
    applications.wait_until_good(commit.commit, timeout=180)
    wait_until_rolled_out(cluster)
    yield uids(cluster)


@pytest.fixture(scope="module")
def waited(pods_before: set[str], bad_commit: Pushed, scenario: Scenario) -> Finished:
    """The module argocd_application, called while the repository is broken."""
    return scenario.run(scenario.directory / "playbooks/application.yml")


@pytest.fixture(scope="module")
def status(pods_before: set[str], bad_commit: Pushed, scenario: Scenario) -> Finished:
    return scenario.run(PROJECT / "playbooks/status.yml")


@pytest.fixture(scope="module")
def repaired(waited: Finished, status: Finished, scenario: Scenario) -> Finished:
    """The role airflow, run over the broken repository."""
    return scenario.run(scenario.directory / "playbooks/install.yml", "-vvv", log=scenario.logs / "repair.log")


def test_a_change_by_hand_is_put_back_within_a_minute(cluster: Cluster, applications: Applications) -> None:
    assert by_hand(triggerer(cluster)) == []
    container = {"name": "triggerer", "env": [BY_HAND]}
    change = {"spec": {"replicas": 2, "template": {"spec": {"containers": [container]}}}}
    changed = cluster.apps.patch_namespaced_deployment(TRIGGERER, cluster.namespace, change)
    assert by_hand(changed) == ["2 replicas", "its environment"]

    def look() -> tuple[bool | None, str]:
        left = by_hand(triggerer(cluster))
        return (None, ", ".join(left)) if left else (True, "")

    wait_until("what was changed by hand to be put back", look, timeout=60)
    wait_until_rolled_out(cluster)
    wait_until("a calm Application", lambda: _calm(applications), timeout=60)


def _calm(applications: Applications) -> tuple[bool | None, str]:
    state = state_of(applications.get())[:2]
    return (True if state == ("Synced", "Healthy") else None), str(state)


def test_a_commit_reaches_argo_cd_by_webhook(commit: Pushed) -> None:
    assert "webhook: argocd-server.argocd.svc answered 200" in commit.said


def test_a_commit_is_rolled_out(commit: Pushed, applications: Applications, cluster: Cluster) -> None:
    applications.wait_until_good(commit.commit, timeout=180)
    wait_until_rolled_out(cluster)
    (pod,) = cluster.pods("component=triggerer,release=airflow")
    assert pod.metadata.annotations[PUSHED] == "yes"


def test_a_bad_commit_leaves_what_runs_alone(
    pods_before: set[str], waited: Finished, status: Finished, cluster: Cluster, airflow: AirflowApi
) -> None:
    assert uids(cluster) == pods_before
    airflow.wait_until_healthy(timeout=60)


def test_the_status_says_what_is_wrong(status: Finished) -> None:
    assert status.return_code == 0, status.output
    assert "ComparisonError" in status.words
    assert REASON in status.words
    assert "Everything is healthy." not in status.words


def test_the_module_says_what_is_wrong(waited: Finished) -> None:
    assert waited.return_code != 0
    assert "Application argocd/airflow has a ComparisonError: " in waited.words
    assert REASON in waited.words
    assert "correct the values or the chart. What runs is left alone." in waited.words


def test_the_role_repairs_the_repository(
    repaired: Finished, bad_commit: Pushed, platform: GitRepository, applications: Applications
) -> None:
    assert repaired.return_code == 0, repaired.output[-5000:]
    newest = platform.newest()
    assert newest != bad_commit.commit
    assert state_of(applications.get()) == ("Synced", "Healthy", newest)
    values = yaml.safe_load((platform.directory / VALUES).read_text())
    assert values["executor"] == "KubernetesExecutor"
    assert "podAnnotations" not in values["triggerer"]


def test_the_values_of_the_inventory_run_again(repaired: Finished, cluster: Cluster, airflow: AirflowApi) -> None:
    wait_until_rolled_out(cluster)
    (pod,) = cluster.pods("component=triggerer,release=airflow")
    assert PUSHED not in pod.metadata.annotations
    airflow.wait_until_healthy(timeout=120)


def test_none_of_this_told_a_secret(
    waited: Finished, status: Finished, repaired: Finished, commit: Pushed, secrets: Secrets
) -> None:
    assert "<localhost> EXEC " in repaired.output, "it was not a run with -vvv"
    for text in (waited.output, status.output, repaired.output, commit.said):
        assert secrets.found_in(text) == []

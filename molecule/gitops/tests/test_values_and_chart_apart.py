# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chart in a repository of its own makes two sources. The last tests, for nothing moves the chart back."""

from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.molecule.testing.argocd import Applications, state_of
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.git_repository import GitRepository
from ansible_collections.airfield.airflow.molecule.testing.scenario import Finished, Scenario


@pytest.fixture(scope="module")
def pods_before(cluster: Cluster) -> set[str]:
    return {pod.metadata.uid for pod in cluster.control_plane_pods()}


@pytest.fixture(scope="module")
def moved(scenario: Scenario, pods_before: set[str], platform: GitRepository) -> Finished:
    assert pods_before, platform.url
    return scenario.run(scenario.directory / "playbooks/apart.yml", log=scenario.logs / "apart.log")


def test_the_role_moves_the_chart(moved: Finished) -> None:
    assert moved.return_code == 0, moved.output[-5000:]
    assert any("Push the chart to a repository of its own" in task for task in moved.changed_tasks)


def test_the_application_has_two_sources(moved: Finished, applications: Applications, platform: GitRepository) -> None:
    application = applications.get()
    assert "source" not in application["spec"]
    chart, values = application["spec"]["sources"]
    assert chart["repoURL"] == platform.url.replace("/platform.git", "/charts.git")
    assert chart["helm"]["valueFiles"] == ["$values/airflow/values.yml"]
    assert (values["repoURL"], values["ref"]) == (platform.url, "values")
    assert state_of(application)[:2] == ("Synced", "Healthy")
    assert len(application["status"]["sync"]["revisions"]) == 2


def test_what_runs_is_left_alone(moved: Finished, cluster: Cluster, pods_before: set[str]) -> None:
    assert {pod.metadata.uid for pod in cluster.control_plane_pods()} == pods_before

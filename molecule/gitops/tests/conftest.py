# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this scenario share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.molecule.testing.argocd import Applications
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.git_repository import GitRepository
from ansible_collections.airfield.airflow.molecule.testing.proof import read_report
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario
from ansible_collections.airfield.airflow.molecule.testing.secret_values import Secrets
from testinfra.host import Host

# Whom the role git_repositories gives the password.
GIT_USER = "airfield"


@pytest.fixture(scope="session")
def secrets(cluster: Cluster, settings: dict[str, Any]) -> Secrets:
    return cluster.secrets(settings["argocd_namespace"])


@pytest.fixture(scope="session")
def namespaces(settings: dict[str, Any]) -> list[str]:
    """Every namespace of the installation."""
    return [*settings["worker_namespaces"], settings["argocd_namespace"]]


@pytest.fixture(scope="session")
def applications(cluster: Cluster, settings: dict[str, Any]) -> Applications:
    return Applications(cluster, settings["argocd_namespace"])


@pytest.fixture(scope="session")
def platform(applications: Applications, secrets: Secrets, tmp_path_factory: pytest.TempPathFactory) -> GitRepository:
    """The repository of values and chart."""
    url = applications.get()["spec"]["source"]["repoURL"]
    return GitRepository(
        url, GIT_USER, secrets["airfield-repository-platform/password"], tmp_path_factory.mktemp("platform")
    )


@pytest.fixture(scope="session")
def dags(platform: GitRepository, secrets: Secrets, tmp_path_factory: pytest.TempPathFactory) -> GitRepository:
    """The repository of DAGs, on the same server."""
    url = platform.url.replace("/platform.git", "/dags.git")
    return GitRepository(url, GIT_USER, secrets["dags-git-basic/GITSYNC_PASSWORD"], tmp_path_factory.mktemp("dags"))


@pytest.fixture(scope="session")
def own(scenario: Scenario) -> dict[str, Any]:
    """The variables that only this scenario has, as they are written in its inventory."""
    text = (scenario.directory / "inventory/group_vars/all/scenario.yml").read_text()
    variables: dict[str, Any] = yaml.safe_load(text)
    return variables


@pytest.fixture(scope="session")
def before(settings: dict[str, Any]) -> dict[str, Any]:
    """What prepare.yml wrote down before the upgrade: version, migration, dag_run, task_instances."""
    content: dict[str, Any] = json.loads((Path(settings["scenario_dir"]) / "before.json").read_text())
    return content


@pytest.fixture(scope="session")
def report(scenario: Scenario) -> dict[str, Any]:
    return read_report(scenario)


@pytest.fixture(scope="session")
def kubectl(scenario: Scenario) -> str:
    """The beginning of a command for Airflow's namespace."""
    place = f"--kubeconfig={scenario.path('kubeconfig')} --namespace={scenario.settings['namespace']}"
    return f"{scenario.program('kubectl')} {place}"


@pytest.fixture(scope="module")
def git_server(host: Host, settings: dict[str, Any]) -> str:
    """The container of the Git server, which runs."""
    name = f"{settings['name']}-git"
    assert host.run("docker inspect --format={{.State.Running}} %s", name).stdout.strip() == "true"
    return name

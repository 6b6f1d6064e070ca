# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installation of the scenario with node groups and DAGs by git-sync: one more run of site.yml on the same cluster.

These tests come after all others of the scenario, which want the inventory as it was.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.molecule.default.tests.with_pools.expected import CORE, NAMESPACES
from ansible_collections.airfield.airflow.molecule.default.tests.with_pools.late_commit import LateCommit, Observer
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.git_repository import GitRepository
from ansible_collections.airfield.airflow.molecule.testing.proof import read_report
from ansible_collections.airfield.airflow.molecule.testing.scenario import PROJECT, Scenario
from testinfra.host import Host


@pytest.fixture(scope="session", autouse=True)
def scenario(scenario: Scenario) -> Scenario:
    """The scenario with its other inventory, to which the installation has been brought."""
    with_pools = Scenario(scenario.directory, ("inventory", "inventory_with_pools"))
    run = with_pools.run(PROJECT / "site.yml", log=with_pools.logs / "with-pools.log")
    assert run.return_code == 0, run.output[-5000:]
    return with_pools


@pytest.fixture(scope="session")
def clusters(settings: dict[str, Any]) -> dict[str, Cluster]:
    """The cluster as each worker namespace sees it."""
    return {namespace: Cluster(settings["kubeconfig"], namespace) for namespace in NAMESPACES}


@pytest.fixture(scope="session")
def report(scenario: Scenario) -> dict[str, Any]:
    return read_report(scenario)


@pytest.fixture(scope="session")
def git_user(scenario: Scenario) -> tuple[str, str]:
    """Name and password of the one who may read and write."""
    user, _colon, password = (scenario.path("data_dir") / "git_server/users").read_text().strip().partition(":")
    assert user and len(password) >= 24
    return user, password


@pytest.fixture(scope="module")
def late(
    host: Host,
    scenario: Scenario,
    clusters: dict[str, Cluster],
    airflow: AirflowApi,
    git_user: tuple[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> LateCommit:
    """A commit with one more DAG that starts by itself, and what was seen until its run had ended."""
    before = clusters[CORE].restarts()
    values = yaml.safe_load((scenario.path("state_dir") / "airflow-values.yml").read_text())
    repository = GitRepository(values["dags"]["gitSync"]["repo"], *git_user, tmp_path_factory.mktemp("repository"))
    # Another DAG each time: these tests can be repeated.
    dag_id = f"late_dag_{int(time.time())}"
    text = (scenario.directory / "dags/late_dag.py").read_text().replace('"late_dag"', f'"{dag_id}"')
    (repository.directory / "dags/late_dag.py").write_text(text)
    pushed = repository.push("One more DAG")
    return Observer(host, scenario, clusters, airflow).observe(dag_id, pushed.commit, before)


@pytest.fixture(scope="session")
def dag_processor(clusters: dict[str, Cluster]) -> Any:
    """The one pod that has git-sync beside Airflow for as long as it runs."""
    (pod,) = clusters[CORE].pods("release=airflow,component=dag-processor")
    return pod

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second installation on the cluster of the scenario, which the driver `existing` must not know about.

These tests come last; one of them removes the second installation.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.molecule.default.tests.with_second_installation.file_state import FileState
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.scenario import PROJECT, Scenario


@pytest.fixture(scope="session")
def first(cluster: Cluster) -> dict[str, int]:
    """The restarts of each pod of the first installation, by the pod's own id, before there is a second one."""
    return cluster.restarts()


@pytest.fixture(scope="session")
def kubeconfig(scenario: Scenario) -> FileState:
    """The kubeconfig of the cluster's owner."""
    path = Path.home() / ".airfield-test/second/owner/kubeconfig"
    path.parent.mkdir(parents=True)
    shutil.copy(scenario.path("kubeconfig"), path)
    return FileState.read(path)


@pytest.fixture(scope="session")
def second(scenario: Scenario, kubeconfig: FileState, first: dict[str, int]) -> Scenario:
    installation = Scenario(scenario.directory, ("inventory_second_installation",))
    run = installation.run(PROJECT / "site.yml", log=scenario.logs / "second.log")
    assert run.return_code == 0, run.output[-5000:]
    return installation


@pytest.fixture(scope="session")
def second_cluster(second: Scenario) -> Cluster:
    return Cluster(second.settings["kubeconfig"], second.settings["namespace"])


@pytest.fixture(scope="session")
def second_airflow(second: Scenario, second_cluster: Cluster) -> AirflowApi:
    return AirflowApi(second.settings["url"], "admin", second_cluster.secrets()["airflow-admin/password"])

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of every scenario need."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario
from ansible_collections.airfield.airflow.molecule.testing.secret_values import Secrets


@pytest.fixture(scope="session")
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """The scenario whose tests these are: molecule/NAME/tests/**/test_*.py."""
    return Scenario(next(path.parent for path in request.session.items[0].path.parents if path.name == "tests"))


@pytest.fixture(scope="session")
def settings(scenario: Scenario) -> dict[str, Any]:
    return scenario.settings


@pytest.fixture(scope="session")
def cluster(settings: dict[str, Any]) -> Cluster:
    return Cluster(settings["kubeconfig"], settings["namespace"])


@pytest.fixture(scope="session")
def secrets(cluster: Cluster) -> Secrets:
    return cluster.secrets()


@pytest.fixture(scope="session")
def airflow(settings: dict[str, Any], secrets: Secrets) -> AirflowApi:
    return AirflowApi(settings["url"], "admin", secrets["airflow-admin/password"])

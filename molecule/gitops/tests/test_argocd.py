# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argo CD: who gets in, and what its project may not do."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import ask
from ansible_collections.airfield.airflow.molecule.testing.argocd import IN_CLUSTER, Applications, state_of
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.git_repository import GitRepository
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario
from ansible_collections.airfield.airflow.molecule.testing.secret_values import Secrets
from kubernetes.client.exceptions import ApiException

PROBE = "forbidden"
CLUSTER_ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: airfield-test-forbidden
rules: []
"""


@pytest.fixture(scope="module")
def trust(scenario: Scenario) -> ssl.SSLContext:
    """Trusts the certificate that the role argocd has saved, and no other."""
    return ssl.create_default_context(cafile=str(scenario.path("state_dir") / "argocd/ca.crt"))


@pytest.fixture
def probe(applications: Applications) -> Iterator[str]:
    """The name of an Application that is gone afterwards."""
    yield PROBE
    applications.delete(PROBE)


@pytest.fixture
def branch_with_a_cluster_role(platform: GitRepository) -> Iterator[str]:
    platform.newest()
    platform.branch(PROBE)
    directory = platform.directory / PROBE
    directory.mkdir()
    (directory / "role.yaml").write_text(CLUSTER_ROLE)
    platform.push("What the project forbids", branch=PROBE)
    yield PROBE
    platform.drop(PROBE)
    platform.newest()


def spec_of(applications: Applications, **source: str) -> dict[str, Any]:
    """An Application like Airflow's, with another source, that nobody syncs."""
    own = applications.get()["spec"]
    return {
        "project": own["project"],
        "source": {**own["source"], **source},
        "destination": {"server": IN_CLUSTER, "namespace": own["destination"]["namespace"]},
    }


def test_the_application_is_synced_and_healthy(applications: Applications, platform: GitRepository) -> None:
    assert state_of(applications.get()) == ("Synced", "Healthy", platform.newest())
    assert applications.complaints() == ""
    policy = applications.get()["spec"]["syncPolicy"]["automated"]
    assert (policy["prune"], policy["selfHeal"]) == (True, True)


def test_helm_itself_installed_nothing(cluster: Cluster) -> None:
    releases = cluster.core.list_secret_for_all_namespaces(field_selector="type=helm.sh/release.v1").items
    assert [one.metadata.name for one in releases] == []


def test_the_first_password_of_argo_cd_is_gone(cluster: Cluster, applications: Applications) -> None:
    with pytest.raises(ApiException) as refused:
        cluster.core.read_namespaced_secret("argocd-initial-admin-secret", applications.namespace)
    assert refused.value.status == 404


def test_the_generated_password_opens_argo_cd(
    settings: dict[str, Any], secrets: Secrets, trust: ssl.SSLContext
) -> None:
    login = {"username": "admin", "password": secrets["airfield-argocd/password"]}
    answer = ask(f"{settings['argocd_url']}/api/v1/session", method="POST", body=login, trust=trust)
    assert answer.status == 200
    token = answer.json["token"]
    shown = ask(f"{settings['argocd_url']}/api/v1/applications/airflow", token=token, trust=trust)
    assert shown.status == 200
    assert shown.json["metadata"]["name"] == "airflow"


def test_a_guessed_password_is_refused(settings: dict[str, Any], trust: ssl.SSLContext) -> None:
    guess = {"username": "admin", "password": "admin"}
    answer = ask(f"{settings['argocd_url']}/api/v1/session", method="POST", body=guess, trust=trust)
    assert answer.status == 401
    assert ask(f"{settings['argocd_url']}/api/v1/applications", trust=trust).status == 401


def test_the_project_lets_nothing_into_another_namespace(applications: Applications, probe: str) -> None:
    spec = spec_of(applications)
    spec["destination"]["namespace"] = "default"
    applications.create(probe, spec)
    applications.wait_for_complaint("and namespace 'default' do not match any of the allowed destinations", 60, probe)


def test_the_project_lets_nothing_come_from_another_repository(applications: Applications, probe: str) -> None:
    url = "https://git.example.com/platform.git"
    applications.create(probe, spec_of(applications, repoURL=url))
    applications.wait_for_complaint(f"application repo {url} is not permitted in project", 60, probe)


def test_the_project_makes_nothing_of_the_whole_cluster(
    applications: Applications, cluster: Cluster, probe: str, branch_with_a_cluster_role: str
) -> None:
    spec = spec_of(applications)
    # No chart, but plain manifests.
    spec["source"] = {
        "repoURL": spec["source"]["repoURL"],
        "targetRevision": branch_with_a_cluster_role,
        "path": PROBE,
    }
    # Argo CD's own default is to try five times before it calls a sync failed.
    spec["syncPolicy"] = {"automated": {}, "retry": {"limit": 0}}
    applications.create(probe, spec)
    applications.wait_for_complaint("ClusterRole is not permitted in project", 60, probe)
    with pytest.raises(ApiException) as refused:
        cluster.rbac.read_cluster_role("airfield-test-forbidden")
    assert refused.value.status == 404


def test_the_project_names_what_it_allows(
    applications: Applications, cluster: Cluster, platform: GitRepository
) -> None:
    project = cluster.custom.get_namespaced_custom_object(
        "argoproj.io", "v1alpha1", applications.namespace, "appprojects", applications.get()["spec"]["project"]
    )["spec"]
    assert project["sourceRepos"] == [platform.url]
    assert project.get("clusterResourceWhitelist") in (None, [])
    assert {one["namespace"] for one in project["destinations"]} == {"airflow-core", "airflow-cron", "airflow-user"}
    assert "Secret" not in {one["kind"] for one in project["namespaceResourceWhitelist"]}

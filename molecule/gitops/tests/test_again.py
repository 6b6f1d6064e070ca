# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Further runs on the converged cluster change nothing, and nothing that others may read holds a secret.

These are the first tests: later ones change what a run would have to fix.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.testing.argocd import Applications
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.git_repository import GitRepository
from ansible_collections.airfield.airflow.molecule.testing.scenario import PROJECT, Finished, Scenario
from ansible_collections.airfield.airflow.molecule.testing.secret_values import Secrets, process_arguments
from testinfra.host import Host

SITE = PROJECT / "site.yml"
MOST_TASKS = 85
HOSTS = {"localhost"}


@pytest.fixture(scope="session")
def arguments() -> set[str]:
    """The arguments of all processes that were seen while a playbook ran."""
    return set()


@pytest.fixture(scope="session")
def again(scenario: Scenario, arguments: set[str]) -> Finished:
    """One more run of site.yml with -vvv."""
    return scenario.run(
        SITE, "-vvv", log=scenario.logs / "again.log", meanwhile=lambda: arguments.update(process_arguments())
    )


@pytest.fixture(scope="session")
def checked(scenario: Scenario) -> Finished:
    return scenario.run(SITE, "--check", "--diff", log=scenario.logs / "check.log")


@pytest.fixture(scope="session")
def first(scenario: Scenario) -> str:
    """What the run said that made the secrets."""
    return (scenario.logs / "older.log").read_text(errors="replace")


def test_a_further_run_changes_nothing(again: Finished) -> None:
    assert again.return_code == 0, again.output[-5000:]
    assert again.changed_tasks == []
    assert again.changed == dict.fromkeys(HOSTS, 0)


def test_a_further_run_executes_few_tasks(again: Finished) -> None:
    """Most of its time is that of module processes. A loop counts once, a skipped task not at all."""
    assert 0 < again.executed_tasks <= MOST_TASKS


def test_the_run_ends_with_the_proof(again: Finished) -> None:
    assert "Proof of this run: " in again.words
    assert "FAILED" not in again.output.rpartition("Proof of this run: ")[2]


def test_a_check_changes_nothing(checked: Finished) -> None:
    assert checked.return_code == 0, checked.output[-5000:]
    assert checked.changed_tasks == []
    assert checked.changed == dict.fromkeys(HOSTS, 0)


def test_there_is_something_to_look_for(secrets: Secrets) -> None:
    assert secrets.names >= {
        "airfield-argocd/password",
        "airfield-argocd/webhook-secret",
        "airfield-repository-platform/password",
        "airflow-admin/password",
        "airflow-api-secret-key/api-secret-key",
        "airflow-fernet-key/fernet-key",
        "airflow-jwt-secret/jwt-secret",
        "airflow-metadata/connection",
        "airflow-mysql/password",
        "airflow-mysql/root-password",
        "argocd-secret/admin.password",
        "argocd-secret/server.secretkey",
        "argocd-secret/tls.key",
        "argocd-secret/webhook.github.secret",
        "dags-git-basic/GITSYNC_PASSWORD",
        "dags-git-basic/connection",
    }
    # Argo CD makes the password of its Redis itself.
    assert secrets.shortest >= 16


def test_a_run_says_no_secret(again: Finished, secrets: Secrets) -> None:
    assert "<localhost> EXEC " in again.output, "it was not a run with -vvv"
    assert secrets.found_in(again.output) == []


def test_the_run_that_made_the_secrets_said_none(first: str, secrets: Secrets) -> None:
    assert "<localhost> EXEC " in first, "it was not a run with -vvv"
    for task in (
        "git_repositories : Generate a new password",
        "credentials : Write the Secrets",
        "argocd : Write the Secrets",
    ):
        assert f"TASK [airfield.airflow.{task}]" in first
    assert secrets.found_in(first) == []


def test_a_check_says_no_secret(checked: Finished, secrets: Secrets) -> None:
    assert secrets.found_in(checked.output) == []


def test_no_process_has_a_secret_in_its_arguments(again: Finished, arguments: set[str], secrets: Secrets) -> None:
    assert any("site.yml" in line for line in arguments)
    assert any("mysqld" in line for line in arguments), "processes in containers are seen, too"
    assert secrets.found_in("\n".join(arguments)) == []


def test_files_with_secrets_are_the_owner_s_alone(host: Host, scenario: Scenario) -> None:
    data = scenario.path("data_dir")
    private = ["credentials", "credentials/credentials.yml", "git", "git_server", "git_server/users"]
    private += ["git_server/webhook.json"]
    for path in (scenario.path("kubeconfig"), *(data / name for name in private)):
        assert host.file(str(path)).mode & 0o077 == 0, path


def test_what_is_saved_has_no_secret(scenario: Scenario, secrets: Secrets) -> None:
    saved = [
        path
        for path in scenario.path("state_dir").rglob("*")
        if path.is_file() and path.suffix in {".json", ".xml", ".yml", ".yaml", ".log", ".crt"}
    ]
    names = {path.name for path in saved}
    assert {"report.json", "airflow-values.yml", "kind.yml", "kustomization.yaml", "ca.crt"} <= names
    assert {str(path): secrets.found_in(path.read_text(errors="replace")) for path in saved} == {
        str(path): [] for path in saved
    }


def test_no_commit_has_a_secret(platform: GitRepository, dags: GitRepository, secrets: Secrets) -> None:
    history = platform.history()
    assert "execution_api_server_url" in history, "the values are there"
    assert secrets.found_in(history) == []
    history = dags.history()
    assert "example_cron_dag" in history, "the DAGs are there"
    assert secrets.found_in(history) == []


@pytest.mark.parametrize("kind", ["config_map", "pod", "event", "service_account"])
def test_no_object_of_kubernetes_has_a_secret(
    cluster: Cluster, namespaces: list[str], secrets: Secrets, kind: str
) -> None:
    read = getattr(cluster.core, f"list_namespaced_{kind}")
    texts = [read(namespace, _preload_content=False).data.decode() for namespace in namespaces]
    assert any("airflow" in text for text in texts)
    assert {space: secrets.found_in(text) for space, text in zip(namespaces, texts, strict=True)} == {
        space: [] for space in namespaces
    }


def test_no_workload_has_a_secret(cluster: Cluster, namespaces: list[str], secrets: Secrets) -> None:
    apps, batch = cluster.apps, cluster.batch
    for read in (apps.list_namespaced_deployment, apps.list_namespaced_stateful_set, batch.list_namespaced_job):
        for namespace in namespaces:
            assert secrets.found_in(read(namespace, _preload_content=False).data.decode()) == [], namespace


def test_no_application_has_a_secret(applications: Applications, secrets: Secrets) -> None:
    everything: list[Any] = applications.all()
    assert [one["metadata"]["name"] for one in everything] == ["airflow"]
    assert secrets.found_in(json.dumps(everything)) == []

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Further runs on the converged cluster change nothing, and no run says anything secret.

These are the first tests: later ones change what a run would have to fix.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.scenario import PROJECT, Finished, Scenario
from ansible_collections.airfield.airflow.molecule.testing.secret_values import Secrets, process_arguments
from testinfra.host import Host

SITE = PROJECT / "site.yml"
INTERRUPTED = ("cluster-complete", "release-pending")
MOST_TASKS = 70
HOSTS = {"localhost", "host-worker-1"}


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


@pytest.fixture(scope="session", params=INTERRUPTED)
def interrupted(request: pytest.FixtureRequest, scenario: Scenario) -> Path:
    """The log of a run that prepare.yml killed."""
    return scenario.logs / f"{request.param}.log"


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
    assert "get secret airflow-admin" in again.words


def test_a_check_changes_nothing(checked: Finished) -> None:
    assert checked.return_code == 0, checked.output[-5000:]
    assert checked.changed_tasks == []
    assert checked.changed == dict.fromkeys(HOSTS, 0)


def test_there_is_something_to_look_for(secrets: Secrets) -> None:
    assert secrets.names == {
        "airfield-host-worker/token",
        "airflow-admin/password",
        "airflow-api-secret-key/api-secret-key",
        "airflow-fernet-key/fernet-key",
        "airflow-jwt-secret/jwt-secret",
        "airflow-metadata/connection",
        "airflow-postgres/password",
    }
    assert secrets.shortest >= 24


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_the_search_finds_what_is_there(secrets: Secrets, before: str) -> None:
    for name in secrets.names:
        assert name in secrets.found_in(f"msg: {secrets[name]}!")
        assert name in secrets.found_in(base64.b64encode(f"{before}{secrets[name]} and more".encode()).decode())
    assert secrets.found_in("msg: changed") == []
    assert secrets.found_in("-----BEGIN RSA PRIVATE KEY-----") == ["a private key"]
    assert secrets.found_in("eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl") == ["a token (1 times)"]


def test_a_run_says_no_secret(again: Finished, secrets: Secrets) -> None:
    assert "TASK [airfield.airflow.credentials : " in again.output
    assert "<localhost> EXEC " in again.output, "it was not a run with -vvv"
    assert secrets.found_in(again.output) == []


def test_an_interrupted_run_says_no_secret(interrupted: Path, secrets: Secrets) -> None:
    output = interrupted.read_text(errors="replace")
    assert "<localhost> EXEC " in output, "it was not a run with -vvv"
    assert secrets.found_in(output) == []


def test_the_run_that_made_the_secrets_is_among_them(scenario: Scenario) -> None:
    output = (scenario.logs / "release-pending.log").read_text(errors="replace")
    assert "TASK [airfield.airflow.credentials : Write the Secrets]" in output
    # The last task that ended: Helm's own was killed, and a task is shown when it has a result.
    assert "TASK [airfield.airflow.airflow : Get the status of the Helm release]" in output


def test_a_check_says_no_secret(checked: Finished, secrets: Secrets) -> None:
    assert secrets.found_in(checked.output) == []


def test_no_process_has_a_secret_in_its_arguments(again: Finished, arguments: set[str], secrets: Secrets) -> None:
    assert any("site.yml" in line for line in arguments)
    assert secrets.found_in("\n".join(arguments)) == []


def test_no_process_of_an_interrupted_run_had_one(scenario: Scenario, secrets: Secrets) -> None:
    lines = [
        line for name in INTERRUPTED for line in json.loads((scenario.logs / f"{name}.arguments.json").read_text())
    ]
    assert any("kind create cluster" in line for line in lines)
    assert any("helm" in line and " airflow " in line for line in lines)
    assert secrets.found_in("\n".join(lines)) == []


@pytest.mark.parametrize("command", [["get", "values", "--all"], ["get", "manifest"], ["history"]])
def test_helm_keeps_no_secret(
    host: Host, scenario: Scenario, cluster: Cluster, secrets: Secrets, command: list[str]
) -> None:
    place = f"--kubeconfig={scenario.path('kubeconfig')} --namespace={cluster.namespace}"
    answer = host.run(f"{scenario.program('helm')} {' '.join(command)} airflow {place}")
    assert answer.rc == 0, answer.stderr
    assert "airflow" in answer.stdout
    assert secrets.found_in(answer.stdout) == []


def test_files_with_secrets_are_the_owner_s_alone(host: Host, scenario: Scenario) -> None:
    assert host.file(str(scenario.path("kubeconfig"))).mode & 0o077 == 0
    assert host.file(str(scenario.path("data_dir") / "credentials")).mode & 0o077 == 0
    assert host.file(str(scenario.path("data_dir") / "credentials/credentials.yml")).mode & 0o077 == 0


def test_what_is_saved_has_no_secret(scenario: Scenario, secrets: Secrets) -> None:
    saved = [
        path
        for path in scenario.path("state_dir").rglob("*")
        if path.is_file() and path.suffix in {".json", ".xml", ".yml", ".log"}
    ]
    assert {"report.json", "airflow-values.yml", "kind.yml"} <= {path.name for path in saved}
    assert {str(path): secrets.found_in(path.read_text(errors="replace")) for path in saved} == {
        str(path): [] for path in saved
    }

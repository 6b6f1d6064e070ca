# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The repository of DAGs: a commit is live without a restart, and what happens when the repository is away."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.git_repository import GitRepository, Pushed
from ansible_collections.airfield.airflow.molecule.testing.patience import wait_until
from ansible_collections.airfield.airflow.molecule.testing.scenario import Finished, Scenario, finish
from ansible_collections.airfield.airflow.molecule.testing.secret_values import Secrets
from testinfra.host import Host

DAG = "pushed_dag"
WRONG = "wrong-password-of-this-test"


@dataclass(frozen=True)
class Outage:
    """What was seen while the repository was away."""

    stopped: datetime
    run_id: str
    without_dag: Finished
    asked: Finished


def foreign(file: Path, platform: GitRepository, dags: GitRepository, password: str) -> str:
    """The argument of a run to which the repositories are somebody else's."""
    login = {"username": "airfield", "password": password}
    repositories = {"platform": {"url": platform.url, **login}, "dags": {"url": dags.url, "subdir": "dags", **login}}
    file.touch(mode=0o600)
    file.write_text(json.dumps({"airfield_git_served": {}, "airfield_git": repositories}))
    return f"--extra-vars=@{file}"


@pytest.fixture(scope="module")
def pods_before(cluster: Cluster) -> dict[str, int]:
    return cluster.restarts()


@pytest.fixture(scope="module")
def pushed(scenario: Scenario, dags: GitRepository, pods_before: dict[str, int]) -> Iterator[Pushed]:
    """One more DAG, by a commit."""
    dags.newest()
    file = dags.directory / f"dags/{DAG}.py"
    shutil.copyfile(scenario.directory / f"dags/{DAG}.py", file)
    yield dags.push("One more DAG")
    dags.newest()
    file.unlink()
    dags.push("One DAG less")


@pytest.fixture(scope="module")
def version(pushed: Pushed, airflow: AirflowApi) -> dict[str, Any]:
    """The DAG's version of that commit, as soon as Airflow knows it."""

    def look() -> tuple[dict[str, Any] | None, str]:
        answer = airflow.get("dags", DAG, "dagVersions", order_by="-version_number")
        versions = answer.json["dag_versions"] if answer.status == 200 else []
        # A DAG of that name may be known from before.
        new = [one for one in versions if one["bundle_version"] == pushed.commit]
        return (new[0] if new else None), f"answer {answer.status}, {len(versions)} versions"

    return wait_until(f"the DAG of the commit {pushed.commit}", look, timeout=120)


@pytest.fixture(scope="module")
def outage(
    host: Host,
    scenario: Scenario,
    airflow: AirflowApi,
    platform: GitRepository,
    dags: GitRepository,
    version: dict[str, Any],
    git_server: str,
    secrets: Secrets,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Outage]:
    """The Git server stops while a task is at work; then a new run is tried, and the role that asks for the server."""
    run_id = f"at-work-{int(time.time())}"
    airflow.start_run(DAG, run_id)
    log = scenario.path("data_dir") / f"logs/dag_id={DAG}/run_id={run_id}/task_id=work/attempt=1.log"

    def at_work() -> tuple[bool | None, str]:
        text = log.read_text(errors="replace") if log.exists() else ""
        return (True if "I am at work" in text else None), f"{len(text)} characters of log"

    wait_until("the task to be at work", at_work, timeout=120)
    answer = foreign(
        tmp_path_factory.mktemp("foreign") / "vars.json", platform, dags, secrets["dags-git-basic/GITSYNC_PASSWORD"]
    )
    try:
        assert host.run("docker stop -t 1 %s", git_server).rc == 0
        stopped = datetime.now(timezone.utc)
        run_log = scenario.logs / "without-dag.log"
        run = scenario.start(
            scenario.directory / "playbooks/run.yml",
            f"--extra-vars=run_id=no-repository-{int(time.time())}",
            log=run_log,
        )
        try:
            asked = scenario.run(scenario.directory / "playbooks/repositories.yml", "-vvv", answer)
            without_dag = finish(run, run_log, "run.yml")
        finally:
            run.kill()
        yield Outage(stopped, run_id, without_dag, asked)
    finally:
        assert host.run("docker start %s", git_server).rc == 0
        wait_until("the Git server", lambda: _answers(host, dags), timeout=30)


def _answers(host: Host, dags: GitRepository) -> tuple[bool | None, str]:
    address, _colon, port = dags.url.split("/")[2].partition(":")
    there = host.addr(address).port(int(port)).is_reachable
    return (True if there else None), "nobody listens"


@pytest.fixture(scope="module")
def refused(
    pods_before: dict[str, int],
    scenario: Scenario,
    platform: GitRepository,
    dags: GitRepository,
    tmp_path_factory: pytest.TempPathFactory,
) -> Finished:
    """A run with a wrong password."""
    file = tmp_path_factory.mktemp("wrong") / "vars.json"
    return scenario.run(scenario.directory / "playbooks/repositories.yml", "-vvv", foreign(file, platform, dags, WRONG))


def test_wrong_credentials_are_told_in_words(refused: Finished, platform: GitRepository) -> None:
    assert refused.return_code != 0
    assert (
        f"The Git server at {platform.url} refused user airfield. Correct `username` and `password`. "
        "A token may also have expired."
    ) in refused.words


def test_wrong_credentials_install_nothing(
    refused: Finished, cluster: Cluster, airflow: AirflowApi, pods_before: dict[str, int]
) -> None:
    assert refused.changed_tasks == []
    assert refused.changed == {"localhost": 0}
    assert cluster.restarts() == pods_before
    airflow.wait_until_healthy(timeout=60)


def test_no_password_is_told(refused: Finished, secrets: Secrets) -> None:
    assert "<localhost> EXEC " in refused.output, "it was not a run with -vvv"
    assert WRONG not in refused.output
    assert secrets.found_in(refused.output) == []


def test_a_commit_is_live_without_a_restart(
    version: dict[str, Any], airflow: AirflowApi, cluster: Cluster, pods_before: dict[str, int]
) -> None:
    assert version["bundle_name"] == "dags"
    assert airflow.get("dags", DAG).json["is_stale"] is False
    assert cluster.restarts() == pods_before


def test_a_run_at_work_goes_on_without_the_repository(outage: Outage, airflow: AirflowApi) -> None:
    def look() -> tuple[dict[str, Any] | None, str]:
        run = airflow.run(DAG, outage.run_id)
        return (run if run["state"] in ("success", "failed") else None), str(run["state"])

    assert wait_until("the run that was at work", look, timeout=120)["state"] == "success"
    (task,) = airflow.task_instances(DAG, outage.run_id)
    assert task["try_number"] == 1
    assert datetime.fromisoformat(task["end_date"].replace("Z", "+00:00")) > outage.stopped


def test_a_new_run_says_that_the_repository_is_away(outage: Outage) -> None:
    assert outage.without_dag.return_code != 0
    assert "Task ad_hoc failed at try 1 on " in outage.without_dag.words
    # Airflow's words, and Git's.
    assert "Error cloning repository" in outage.without_dag.words
    assert "unable to access" in outage.without_dag.words


def test_the_role_says_that_the_repository_is_away(outage: Outage, platform: GitRepository) -> None:
    assert outage.asked.return_code != 0
    assert f"The Git server of {platform.url} cannot be reached: " in outage.asked.words
    assert "Check that host and port are right, that the server runs" in outage.asked.words
    assert outage.asked.changed == {"localhost": 0}


def test_airflow_itself_does_without_the_repository(
    outage: Outage, cluster: Cluster, airflow: AirflowApi, pods_before: dict[str, int]
) -> None:
    assert cluster.restarts() == pods_before
    airflow.wait_until_healthy(timeout=60)
    assert airflow.get("dags", "example_cron_dag").json["is_stale"] is False


def test_the_outage_told_no_secret(outage: Outage, secrets: Secrets) -> None:
    assert "<localhost> EXEC " in outage.asked.output, "it was not a run with -vvv"
    for text in (outage.asked.output, outage.without_dag.output):
        assert secrets.found_in(text) == []

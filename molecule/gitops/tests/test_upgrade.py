# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The upgrade from an older Airflow by a change of the version: the database is migrated, and nothing is lost."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi, ask
from ansible_collections.airfield.airflow.molecule.testing.cluster import Cluster
from ansible_collections.airfield.airflow.molecule.testing.git_repository import GitRepository
from testinfra.host import Host

DAG = "example_user_dag"


def test_there_was_an_older_airflow(before: dict[str, Any], own: dict[str, Any], settings: dict[str, Any]) -> None:
    assert before["version"] == own["scenario_older_airflow"]
    assert before["version"] != settings["airflow_version"]


def test_now_there_is_the_newer_one(airflow: AirflowApi, settings: dict[str, Any]) -> None:
    assert ask(f"{airflow.url}/api/v2/version").json["version"] == settings["airflow_version"]


def test_every_pod_of_airflow_is_of_the_new_image(cluster: Cluster, settings: dict[str, Any]) -> None:
    pods = cluster.pods("release=airflow,tier=airflow")
    assert len(pods) >= 4
    for pod in pods:
        images = {one.image for one in (pod.spec.init_containers or []) + pod.spec.containers}
        assert {image.rpartition(":")[2] for image in images} == {settings["airflow_version"]}, pod.metadata.name


def test_the_migration_of_the_new_version_is_complete(cluster: Cluster, settings: dict[str, Any]) -> None:
    jobs = cluster.batch.list_namespaced_job(cluster.namespace, label_selector="component=migrate-database").items
    # That of the older version was removed with everything else that Git no longer has.
    (job,) = jobs
    (container,) = job.spec.template.spec.containers
    assert container.image.endswith(f":{settings['airflow_version']}")
    assert [one.type for one in job.status.conditions if one.status == "True" and one.type == "Complete"]


def test_the_database_was_migrated(host: Host, kubectl: str, own: dict[str, Any], before: dict[str, Any]) -> None:
    answer = host.run(
        f"{kubectl} exec airflow-mysql-0 --container=mysql -- sh -c %s", own["scenario_migration_query"].strip()
    )
    assert answer.rc == 0, answer.stderr
    now = answer.stdout.strip()
    assert len(before["migration"]) == len(now) == 12, "both are the name of a migration"
    assert now != before["migration"]


def test_the_run_of_before_is_still_known(airflow: AirflowApi, before: dict[str, Any], own: dict[str, Any]) -> None:
    run = airflow.run(DAG, own["scenario_run_before"])
    for key in ("dag_run_id", "state", "start_date", "end_date"):
        assert run[key] == before["dag_run"][key], key
    assert run["state"] == "success"
    (task,) = airflow.task_instances(DAG, run["dag_run_id"])
    (known,) = before["task_instances"]
    for key in ("task_id", "state", "hostname", "try_number", "start_date", "end_date"):
        assert task[key] == known[key], key


def test_its_log_can_still_be_read(airflow: AirflowApi, own: dict[str, Any]) -> None:
    log = airflow.get("dags", DAG, "dagRuns", own["scenario_run_before"], "taskInstances", "ad_hoc", "logs", "1")
    assert log.status == 200
    assert "Hello from namespace airflow-user" in json.dumps(log.json)


def test_the_upgrade_was_a_commit(platform: GitRepository, before: dict[str, Any], settings: dict[str, Any]) -> None:
    messages = platform.messages()
    newer = messages.index(f"Airflow {settings['airflow_version']} as the inventory says")
    older = messages.index(f"Airflow {before['version']} as the inventory says")
    assert newer < older

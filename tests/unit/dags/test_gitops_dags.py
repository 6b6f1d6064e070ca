# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DAGs that choose their namespace: what they request from Airflow and Kubernetes, and their output."""

from __future__ import annotations

import socket
import subprocess
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.unit.dags.airflow_stub import load_dag

DAGS = [("example_cron_dag", "say_hi", "airflow-cron"), ("example_user_dag", "ad_hoc", "airflow-user")]


def asked_of(dag_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments of the file's DAG and of its only task."""
    module = load_dag(dag_id)
    module.DAG.assert_called_once()
    module.BashOperator.assert_called_once()
    return module.DAG.call_args.kwargs, module.BashOperator.call_args.kwargs


@pytest.mark.parametrize(("dag_id", "task_id", "namespace"), DAGS)
def test_the_task_is_for_its_own_namespace(dag_id: str, task_id: str, namespace: str) -> None:
    _dag, task = asked_of(dag_id)
    assert task["task_id"] == task_id
    assert set(task["executor_config"]) == {"pod_override"}
    assert task["executor_config"]["pod_override"].metadata.namespace == namespace


@pytest.mark.parametrize(("dag_id", "task_id", "namespace"), DAGS)
def test_the_override_touches_nothing_but_the_namespace(dag_id: str, task_id: str, namespace: str) -> None:
    """Anything else that it set would replace what the template of all task pods has."""
    pod = asked_of(dag_id)[1]["executor_config"]["pod_override"].to_dict()
    assert {key for key, value in pod.items() if value} == {"metadata", "spec"}
    assert {key: value for key, value in pod["metadata"].items() if value} == {"namespace": namespace}
    assert {key for key, value in pod["spec"].items() if value} == {"containers"}
    (container,) = pod["spec"]["containers"]
    assert {key for key, value in container.items() if value} == {"name", "env"}
    (variable,) = container["env"]
    assert (container["name"], variable["name"]) == ("base", "POD_NAMESPACE")
    assert variable["value_from"]["field_ref"]["field_path"] == "metadata.namespace"


@pytest.mark.parametrize(("dag_id", "task_id", "namespace"), DAGS)
def test_the_line_names_the_namespace_and_the_pod(dag_id: str, task_id: str, namespace: str) -> None:
    command = asked_of(dag_id)[1]["bash_command"]
    environment = {"PATH": "/usr/bin:/bin", "POD_NAMESPACE": "the-real-one"}
    ran = subprocess.run(["bash", "-c", command], env=environment, check=True, capture_output=True, text=True)
    assert ran.stdout == f"Hello from namespace the-real-one, pod {socket.gethostname()}\n"


def test_the_cron_dag_tries_again_once_after_a_minute_and_never_catches_up() -> None:
    dag, _task = asked_of("example_cron_dag")
    assert (dag["schedule"], dag["catchup"], dag["tags"]) == ("*/5 * * * *", False, ["cron"])
    assert (dag["default_args"]["retries"], dag["default_args"]["retry_delay"]) == (1, timedelta(minutes=1))
    assert dag["start_date"] < datetime.now(tz=timezone.utc)


def test_the_user_dag_waits_for_its_user() -> None:
    dag, _task = asked_of("example_user_dag")
    assert (dag["schedule"], dag["tags"]) == (None, ["user"])

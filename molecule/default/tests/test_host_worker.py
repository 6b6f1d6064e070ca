# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker outside the cluster: its own record, its door, its supervisor."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.airfield.airflow.molecule.testing.airflow_http import AirflowApi, Answer, ask
from ansible_collections.airfield.airflow.molecule.testing.patience import wait_until
from ansible_collections.airfield.airflow.molecule.testing.proof import read_report
from ansible_collections.airfield.airflow.molecule.testing.scenario import Scenario
from ansible_collections.airfield.airflow.molecule.testing.secret_values import Hidden, Secrets

DAG = "external_trigger_dag"


@dataclass(frozen=True)
class HostWorker:
    url: str
    token: Hidden

    def get(self, path: str) -> Answer:
        return ask(f"{self.url}{path}", token=self.token, timeout=5)

    def process_id(self) -> int:
        return int(self.get("/service").json["process_id"])

    def requests(self, run_id: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.get(f"/requests?dag_id={DAG}&run_id={run_id}").json["requests"]
        return entries


@pytest.fixture(scope="module")
def worker(airflow: AirflowApi, secrets: Secrets) -> HostWorker:
    """The worker at the address that Airflow has of it."""
    connection = airflow.get("connections", "host_worker").json
    return HostWorker(f"http://{connection['host']}:{connection['port']}", secrets["airfield-host-worker/token"])


@pytest.fixture(scope="module")
def run_id(scenario: Scenario) -> str:
    return str(read_report(scenario)["run_ids"][DAG])


def test_its_record_has_the_request_of_the_proved_run(worker: HostWorker, run_id: str) -> None:
    (entry,) = worker.requests(run_id)
    assert entry["context"]["task_id"] == "run_on_host_worker"
    assert entry["state"] == "succeeded"
    assert entry["hostname"] == socket.gethostname()
    assert entry["result"], "the task gave nothing back"


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_it_refuses_who_has_no_token(worker: HostWorker, token: str | None) -> None:
    assert ask(f"{worker.url}/requests", token=token).status == 401
    assert ask(f"{worker.url}/run-task", method="POST", token=token, body={}).status == 401
    assert worker.get("/requests").status == 200


def test_it_does_not_run_as_root(worker: HostWorker) -> None:
    with open(f"/proc/{worker.process_id()}/status") as file:
        (user_ids,) = (line.split()[1:] for line in file if line.startswith("Uid:"))
    assert os.geteuid() != 0 or "0" not in user_ids


def test_it_comes_back_after_kill_9_with_its_record(worker: HostWorker, run_id: str) -> None:
    before = worker.requests(run_id)
    killed = worker.process_id()
    os.kill(killed, signal.SIGKILL)

    def look() -> tuple[int | None, str]:
        try:
            number = worker.process_id()
        except OSError as error:
            return None, str(error)
        return (number, "") if number != killed else (None, "the killed process still answers")

    wait_until("the host worker after a kill -9", look, timeout=30, interval=0.1)
    assert ask(f"{worker.url}/healthz").status == 200
    assert before
    assert worker.requests(run_id) == before

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DAG of the collection with a real host worker. Skipped if the package is on its own."""

from __future__ import annotations

import importlib.util
import json
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from conftest import StartWorker
from worker_process import TOKEN, WorkerProcess

STUB = Path(__file__).parents[2] / "tests" / "unit" / "dags" / "airflow_stub.py"
pytestmark = pytest.mark.skipif(not STUB.exists(), reason="the collection around this package is not here")


@pytest.fixture
def dag(monkeypatch: pytest.MonkeyPatch) -> Any:
    specification = importlib.util.spec_from_file_location("airflow_stub", STUB)
    assert specification is not None
    assert specification.loader is not None
    stub = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(stub)
    module = stub.load_dag("external_trigger_dag")
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.1)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 20.0)
    return module


def run_dag(
    dag: Any, worker: WorkerProcess, task: str, parameters: Any, try_id: str = "0198", token: str = TOKEN
) -> Any:
    """Call the task's function as Airflow would, with its context and its Connection."""
    instance = SimpleNamespace(dag_id="d", run_id="r+1:2", task_id="t", try_number=1, map_index=None, id=try_id)
    dag.get_current_context.return_value = {"ti": instance, "params": {"task": task, "parameters": parameters}}
    connection = mock.MagicMock(host="127.0.0.1", port=worker.port, schema=None, password=token)
    dag.Connection.get.side_effect = {"host_worker": connection}.__getitem__
    return dag.run_on_host_worker.function()


def test_the_dag_gets_the_result_and_the_worker_has_it_in_its_record(dag: Any, start_worker: StartWorker) -> None:
    worker = start_worker()
    result = run_dag(dag, worker, "echo", {"text": "hello"})
    assert result["result"] == {"parameters": {"text": "hello"}}
    (entry,) = worker.recorded("--dag-id", "d", "--run-id", "r+1:2")
    assert (entry["state"], entry["request_id"]) == ("succeeded", result["request_id"])
    assert entry["context"] == {"dag_id": "d", "run_id": "r+1:2", "task_id": "t", "try_number": 1, "map_index": -1}


def test_a_new_try_is_a_new_request(dag: Any, start_worker: StartWorker) -> None:
    worker = start_worker()
    run_dag(dag, worker, "echo", {}, try_id="0198")
    run_dag(dag, worker, "echo", {}, try_id="0199")
    assert len(worker.recorded()) == 2


@pytest.mark.parametrize(
    ("task", "parameters", "token", "words"),
    [
        ("ecko", {}, TOKEN, "answered 404.*host_facts"),
        ("echo", {}, "wrong-token-0123456789abc", "answered 401"),
        ("explode", {}, TOKEN, "is failed: ValueError: no such luck"),
    ],
)
def test_the_dag_fails_with_the_workers_words(
    dag: Any, start_worker: StartWorker, task: str, parameters: dict[str, Any], token: str, words: str
) -> None:
    with pytest.raises(dag.AirflowFailException, match=words):
        run_dag(dag, start_worker(), task, parameters, token=token)


def test_a_worker_that_is_killed_under_the_dag_is_seen_as_interrupted(
    dag: Any, start_worker: StartWorker, tmp_path: Path
) -> None:
    worker, file = start_worker(), tmp_path / "lines"

    def kill_and_restart() -> None:
        while not file.exists():
            time.sleep(0.02)
        worker.kill()
        port = str(worker.port)
        worker.options = ("--port", port)  # the later --port wins
        worker.start()

    killer = threading.Thread(target=kill_and_restart)
    killer.start()
    with pytest.raises(dag.AirflowException, match="is interrupted"):
        run_dag(dag, worker, "append", {"path": str(file), "seconds": 60})
    killer.join()
    assert len(file.read_text().split()) == 1


def test_the_log_of_the_dag_shows_the_answer_without_the_token(
    dag: Any, start_worker: StartWorker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    result = run_dag(dag, start_worker(), "host_facts", {})
    assert json.dumps(result["result"]["hostname"]) in caplog.text
    assert TOKEN not in caplog.text

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record and the running tasks after kill -9, a stop and a restart; and that nothing ever runs twice."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import requests
from conftest import StartWorker
from worker_process import TOKEN, WorkerProcess


def lines(path: Path) -> Counter[str]:
    return Counter(path.read_text().split()) if path.exists() else Counter()


def test_the_same_request_twice_runs_once(start_worker: StartWorker, tmp_path: Path) -> None:
    worker, file = start_worker(), tmp_path / "lines"
    first = worker.run("append", request_id="one", parameters={"path": str(file)})
    second = worker.run("append", request_id="one", parameters={"path": str(file)})
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert lines(file) == {"one": 1}


def test_the_same_request_from_many_callers_at_once_runs_once(start_worker: StartWorker, tmp_path: Path) -> None:
    worker, file = start_worker(), tmp_path / "lines"
    parameters = {"path": str(file), "seconds": 0.5}
    answers: list[requests.Response] = []

    def call() -> None:
        answers.append(worker.run("append", request_id="one", parameters=parameters))

    callers = [threading.Thread(target=call) for _caller in range(12)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert lines(file) == {"one": 1}


def test_the_same_id_with_other_content_is_409(start_worker: StartWorker) -> None:
    worker = start_worker()
    worker.run("echo", request_id="one", parameters={"a": 1})
    answer = worker.run("echo", request_id="one", parameters={"a": 2})
    assert answer.status_code == 409
    assert "'one'" in answer.json()["error"]


def test_a_long_task_answers_202_and_then_its_result(start_worker: StartWorker) -> None:
    worker = start_worker()
    answer = worker.run("sleep", wait=0.2, request_id="nap", parameters={"seconds": 1})
    assert (answer.status_code, answer.json()["state"]) == (202, "running")
    again = worker.run("sleep", wait=10, request_id="nap", parameters={"seconds": 1})
    assert (again.status_code, again.json()["state"]) == (200, "succeeded")


def test_a_full_worker_says_429_and_when_to_come_back(start_worker: StartWorker) -> None:
    worker = start_worker("--max-running", "1", "--max-queued", "1")
    for number in (1, 2):
        assert worker.run("sleep", wait=0, request_id=f"r{number}", parameters={"seconds": 1}).status_code == 202
    assert worker.get("/service").json()["now"] == {"running": 1, "queued": 1}
    refused = worker.run("echo", request_id="r3")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert worker.get("/requests/r3").status_code == 404
    worker.wait_for("r2", "succeeded")
    assert worker.run("echo", request_id="r3").json()["state"] == "succeeded"


def test_kill_9_interrupts_what_ran_keeps_what_ended_and_runs_what_waited(
    start_worker: StartWorker, tmp_path: Path
) -> None:
    worker, file = start_worker("--max-running", "1"), tmp_path / "lines"
    ended = worker.run("echo", request_id="ended").json()
    slow = {"path": str(file), "seconds": 60}
    quick = {"path": str(file)}
    worker.run("append", wait=0, request_id="ran", parameters=slow)
    worker.run("append", wait=0, request_id="waited", parameters=quick)
    while not lines(file):
        time.sleep(0.02)
    worker.kill()
    assert [entry["state"] for entry in worker.recorded()] == ["succeeded", "running", "queued"]
    worker.start()
    assert worker.get("/requests/ended").json() == ended
    assert worker.wait_for("waited", "succeeded")["result"] == {"try_number": 1}
    interrupted = worker.run("append", request_id="ran", parameters=slow)
    assert interrupted.status_code == 200
    assert interrupted.json()["state"] == "interrupted"
    assert "ended while the task was running" in interrupted.json()["error"]
    assert lines(file) == {"ran": 1, "waited": 1}


def test_a_stop_lets_tasks_end(start_worker: StartWorker) -> None:
    worker = start_worker("--grace-seconds", "10")
    worker.run("sleep", wait=0, request_id="nap", parameters={"seconds": 1})
    assert worker.stop() == 0
    assert worker.recorded()[0]["state"] == "succeeded"


def test_a_stop_does_not_wait_for_ever(start_worker: StartWorker) -> None:
    worker = start_worker("--grace-seconds", "1", "--max-running", "1")
    worker.run("sleep", wait=0, request_id="long", parameters={"seconds": 60})
    worker.run("echo", wait=0, request_id="waits")
    begun = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - begun < 10
    assert [entry["state"] for entry in worker.recorded()] == ["interrupted", "queued"]
    assert "stopped while the task was running" in worker.recorded()[0]["error"]


def test_a_second_worker_on_the_same_record_is_refused(start_worker: StartWorker) -> None:
    worker = start_worker()
    worker.run("sleep", wait=0, request_id="nap", parameters={"seconds": 2})
    command = [sys.executable, "-m", "airfield_host_worker", "serve", "--port", "0"]
    command += ["--token-file", str(worker.token_file), "--database", str(worker.database)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 1
    assert "Another host worker uses the record" in second.stderr
    assert worker.wait_for("nap", "succeeded")


def test_health_is_503_while_the_record_cannot_be_written(start_worker: StartWorker) -> None:
    worker = start_worker()
    with sqlite3.connect(worker.database) as intruder:
        intruder.execute("DROP TABLE health")
    answer = worker.get("/healthz", token=None)
    assert answer.status_code == 503
    assert "cannot be written" in answer.json()["error"]


def test_a_record_of_a_newer_format_is_left_alone(start_worker: StartWorker) -> None:
    worker = start_worker()
    worker.kill()
    with sqlite3.connect(worker.database) as intruder:
        intruder.execute("PRAGMA user_version = 99")
    command = [sys.executable, "-m", "airfield_host_worker", "requests", "--database", str(worker.database)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "newer host worker" in done.stderr


def test_the_record_is_durable_and_private(start_worker: StartWorker) -> None:
    worker = start_worker()
    with sqlite3.connect(worker.database) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert worker.database.stat().st_mode & 0o777 == 0o600


def serve_with_token(worker: WorkerProcess, content: str, mode: int) -> str:
    file = worker.directory / "other-token"
    file.write_text(content)
    file.chmod(mode)
    command = [sys.executable, "-m", "airfield_host_worker", "serve", "--port", "0", "--token-file", str(file)]
    command += ["--database", str(worker.directory / "other.sqlite3")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    return done.stderr


def test_a_bad_token_file_is_refused_without_showing_it(start_worker: StartWorker) -> None:
    worker = start_worker()
    assert "chmod 0400" in serve_with_token(worker, TOKEN, 0o644)
    short = serve_with_token(worker, "brief", 0o400)
    assert "at least 16 characters" in short
    assert "brief" not in short


def test_every_log_line_is_json(start_worker: StartWorker) -> None:
    worker = start_worker()
    worker.run("echo")
    worker.stop()
    messages = [json.loads(line)["message"] for line in worker.log_file.read_text().splitlines()]
    assert messages[0] == "task cannot be used"
    assert messages[-1] == "stopped"

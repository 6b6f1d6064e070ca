# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of each endpoint, with valid and invalid requests."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
import requests
from worker_process import TOKEN, WorkerProcess


def test_echo_gives_parameters_back_and_is_recorded(worker: WorkerProcess) -> None:
    answer = worker.run("echo", request_id="echo/1", parameters={"text": "häl\ud800lo", "list": [1, None]})
    assert answer.status_code == 200
    entry = answer.json()
    assert entry["state"] == "succeeded"
    assert entry["result"] == {"parameters": {"text": "häl\ud800lo", "list": [1, None]}}
    assert entry["context"] == {"dag_id": "dag", "run_id": "run", "task_id": "task", "try_number": 1, "map_index": -1}
    assert entry["received_at"] <= entry["started_at"] <= entry["finished_at"]
    assert entry["process_id"] == worker.process.pid if worker.process else False
    assert worker.get("/requests/echo/1").json() == entry
    assert worker.recorded("--request-id", "echo/1") == [entry]


def test_host_facts_name_this_machine(worker: WorkerProcess) -> None:
    result = worker.run("host_facts").json()["result"]
    assert result["hostname"] == socket.gethostname()
    assert worker.process is not None
    assert result["process_id"] == worker.process.pid
    assert result["in_kubernetes"] is False


@pytest.mark.parametrize("token", [None, "", "wrong-token-0123456789abc", TOKEN[:-1], TOKEN + "x", TOKEN.upper()])
@pytest.mark.parametrize("path", ["/requests", "/requests/1", "/tasks", "/service", "/run-task", "/nothing"])
def test_without_the_token_every_address_says_401(worker: WorkerProcess, path: str, token: str | None) -> None:
    answer = worker.get(path, token=token)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in answer.json()["error"]


def test_without_the_token_nothing_runs(worker: WorkerProcess) -> None:
    assert worker.run("echo", token="wrong-token-0123456789abc", request_id="intruder").status_code == 401
    assert worker.get("/requests/intruder").status_code == 404


def test_two_authorization_headers_are_refused(worker: WorkerProcess) -> None:
    with socket.create_connection(("127.0.0.1", worker.port), timeout=10) as raw:
        header = f"Authorization: Bearer {TOKEN}\r\n"
        raw.sendall(f"GET /tasks HTTP/1.1\r\nHost: w\r\n{header}{header}Connection: close\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 401")


def test_unknown_task_is_404_with_the_names(worker: WorkerProcess) -> None:
    answer = worker.run("ecko")
    assert answer.status_code == 404
    assert "'ecko'" in answer.json()["error"]
    assert {"echo", "host_facts", "sleep"} <= set(answer.json()["tasks"])


def test_tasks_tell_names_and_what_is_broken(worker: WorkerProcess) -> None:
    content = worker.get("/tasks").json()
    assert {"echo", "host_facts", "sleep", "append"} <= set(content["tasks"])
    assert "broken" not in content["tasks"]
    assert "not_there" in content["broken"]["broken"]


CONTEXT = {"dag_id": "d", "run_id": "r", "task_id": "t", "try_number": 1}
BODY = {"request_id": "bad", "task": "echo", "context": CONTEXT}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"[]", "the body is a list"),
        (b"[" * 9000, "nested too deeply"),
        (b"9" * 9000, "not JSON"),
        ({**BODY, "parameters": 3}, "parameters is a number"),
        (json.dumps({**BODY, "parameters": {"x": "HERE"}}).replace('"HERE"', "NaN").encode(), "NaN"),
        (json.dumps({**BODY, "parameters": {"x": "HERE"}}).replace('"HERE"', "1e999").encode(), "too large"),
        (json.dumps({**BODY, "parameters": {"x": "HERE"}}).replace('"HERE"', "[" * 60 + "]" * 60).encode(), "deeper"),
        ({"task": "echo", "context": CONTEXT}, "the body has no request_id"),
        ({**BODY, "request_id": ""}, "request_id is an empty string"),
        ({**BODY, "request_id": "x" * 1201}, "1201 characters"),
        ({**BODY, "request_id": "a\nb"}, "are not printable"),
        ({**BODY, "task": None}, "task is null"),
        ({**BODY, "command": "rm"}, "unknown key command"),
        ({**BODY, "context": "x"}, "context is a string"),
        ({**BODY, "context": {**CONTEXT, "try_number": True}}, "context.try_number must be"),
        ({**BODY, "context": {**CONTEXT, "try_number": -1}}, "context.try_number must be"),
        ({**BODY, "context": {"dag_id": "d"}}, "context has no run_id, task_id, try_number"),
    ],
)
def test_a_bad_body_is_422_with_the_reason(worker: WorkerProcess, body: Any, reason: str) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.post(worker.url + "/run-task", data=data, headers=headers, timeout=10)
    assert answer.status_code == 422, answer.text
    assert reason in answer.json()["error"]
    assert worker.get("/requests/bad").status_code == 404


def test_a_large_body_is_413_whether_its_length_is_declared_or_not(worker: WorkerProcess) -> None:
    assert worker.run("echo", parameters={"text": "x" * 10000}).status_code == 413
    headers = {"Authorization": f"Bearer {TOKEN}"}
    chunks = (b"x" * 1000 for _chunk in range(11))
    answer = requests.post(worker.url + "/run-task", data=chunks, headers=headers, timeout=10)
    assert answer.status_code == 413
    assert "10000 bytes" in answer.json()["error"]


@pytest.mark.parametrize("query", ["wait=x", "wait=-1", "wait=301", "wait=nan"])
def test_a_bad_wait_is_422(worker: WorkerProcess, query: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.post(f"{worker.url}/run-task?{query}", json=BODY, headers=headers, timeout=10)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("task", "parameters", "reason"),
    [
        ("sleep", {"seconds": "long"}, "parameters.seconds is 'long'"),
        ("sleep", {"seconds": 4000}, "0 to 3600"),
        ("explode", {}, "ValueError: no such luck"),
        ("leave", {}, "SystemExit: 3"),
        ("unwritable", {}, "ValueError"),
        ("huge", {}, "at most 1048576"),
    ],
)
def test_a_failing_task_is_recorded_with_its_words(
    worker: WorkerProcess, task: str, parameters: dict[str, Any], reason: str
) -> None:
    entry = worker.run(task, parameters=parameters).json()
    assert entry["state"] == "failed"
    assert reason in entry["error"]
    assert entry["result"] is None
    assert worker.get("/service").json()["now"] == {"running": 0, "queued": 0}


def test_requests_are_filtered_and_paged(worker: WorkerProcess) -> None:
    for number in range(5):
        context = {**CONTEXT, "run_id": "paged+run:1" if number < 4 else "other"}
        worker.run("echo", request_id=f"paged-{number}", context=context)
    query = {"dag_id": "d", "run_id": "paged+run:1", "limit": "3"}
    first = worker.get("/requests", params=query).json()
    assert [entry["request_id"] for entry in first["requests"]] == ["paged-0", "paged-1", "paged-2"]
    rest = worker.get("/requests", params={**query, "after": str(first["next"])}).json()
    assert [entry["request_id"] for entry in rest["requests"]] == ["paged-3"]
    assert rest["next"] is None
    assert worker.get("/requests", params={"run_id": "nobody"}).json()["requests"] == []
    assert len(worker.recorded("--run-id", "paged+run:1", "--dag-id", "d")) == 4


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "limit=²", "after=-1", "owner=me"])
def test_a_bad_filter_is_422(worker: WorkerProcess, query: str) -> None:
    assert worker.get(f"/requests?{query}").status_code == 422


def test_health_needs_no_token_and_tells_no_secret(worker: WorkerProcess) -> None:
    answer = worker.get("/healthz", token=None)
    assert answer.status_code == 200
    assert answer.json() == {"status": "healthy", "version": "0.1.0"}


def test_service_tells_the_revision_that_runs(worker: WorkerProcess) -> None:
    assert worker.get("/service").json()["revision"] == "r1"


def test_unknown_addresses_and_methods_answer_in_json(worker: WorkerProcess) -> None:
    assert "GET /nothing" in worker.get("/nothing").json()["error"]
    assert worker.get("/run-task").status_code == 405


def test_the_log_is_json_without_the_token(worker: WorkerProcess) -> None:
    worker.run("explode")
    text = worker.log_file.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert any(line.get("path") == "/run-task" and line["status"] == 200 for line in lines)
    assert any("no such luck" in line.get("exception", "") for line in lines)
    assert TOKEN not in text

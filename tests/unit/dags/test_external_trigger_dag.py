# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DAG with a host worker that answers badly; worker/tests has the same with a real one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.unit.dags.airflow_stub import (
    AirflowException,
    AirflowFailException,
    load_dag,
)

ENTRY = {"state": "succeeded", "request_id": "id", "hostname": "host", "result": {"a": 1}}
BODY = {"request_id": "id", "task": "echo"}


class FakeWorker:
    """Returns the listed answers in turn, the last one forever, and records the requests."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, str]] = []
        self.seen: list[tuple[str, str | None, Any]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.seen.append((self.path, self.headers["Authorization"], body))
                status, text = fake.answers.pop(0) if len(fake.answers) > 1 else fake.answers[0]
                if status == 0:  # close the connection without an answer
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


@pytest.fixture
def fake() -> Iterator[FakeWorker]:
    worker = FakeWorker()
    yield worker
    worker.server.shutdown()
    worker.server.server_close()


@pytest.fixture
def dag(monkeypatch: pytest.MonkeyPatch) -> Any:
    module = load_dag("external_trigger_dag")
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(module, "OUTAGE_SECONDS", 0.5)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 5.0)
    return module


def test_outages_a_full_worker_and_a_long_task_are_waited_out(dag: Any, fake: FakeWorker) -> None:
    running = json.dumps({"state": "running"})
    fake.answers = [(0, ""), (503, "later"), (429, "full"), (202, running), (202, running), (200, json.dumps(ENTRY))]
    assert dag.run_on_worker(fake.address, "secret", BODY) == ENTRY
    assert fake.seen == [("/run-task?wait=20", "Bearer secret", BODY)] * 6


@pytest.mark.parametrize("status", [302, 401, 404, 409, 413, 422])
def test_a_refusal_fails_at_once_with_the_workers_words(dag: Any, fake: FakeWorker, status: int) -> None:
    fake.answers = [(status, '{"error": "no such task"}')]
    with pytest.raises(AirflowFailException, match=f"answered {status}.*no such task"):
        dag.run_on_worker(fake.address, "secret", BODY)
    assert len(fake.seen) == 1


@pytest.mark.parametrize("text", ["<html>", "[]", ""])
def test_something_else_at_the_address_fails_at_once(dag: Any, fake: FakeWorker, text: str) -> None:
    fake.answers = [(200, text)]
    with pytest.raises(AirflowFailException, match="is not a host worker"):
        dag.run_on_worker(fake.address, "secret", BODY)


def test_a_worker_that_stays_away_fails_with_its_address(dag: Any, fake: FakeWorker) -> None:
    fake.answers = [(503, "broken disk")]
    with pytest.raises(AirflowException, match=f"{fake.address} has been unavailable.*broken disk") as raised:
        dag.run_on_worker(fake.address, "secret", BODY)
    assert not isinstance(raised.value, AirflowFailException)


def test_nobody_at_the_address_fails_with_the_address(dag: Any) -> None:
    with pytest.raises(AirflowException, match=r"http://127\.0\.0\.1:1 has been unavailable.*cannot be reached"):
        dag.run_on_worker("http://127.0.0.1:1", "secret", BODY)


def test_a_task_that_never_ends_fails_with_a_clear_timeout(
    dag: Any, fake: FakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dag, "PATIENCE_SECONDS", 0.3)
    fake.answers = [(202, '{"state": "running"}')]
    with pytest.raises(AirflowException, match="did not finish the task within"):
        dag.run_on_worker(fake.address, "secret", BODY)


def test_no_proxy_and_no_netrc_of_the_pod_is_used(
    dag: Any, fake: FakeWorker, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    fake.answers = [(200, json.dumps(ENTRY))]
    assert dag.run_on_worker(fake.address, "secret", BODY) == ENTRY
    assert fake.seen[0][1] == "Bearer secret"


def test_only_success_is_success(dag: Any) -> None:
    assert dag.require_success(ENTRY)["result"] == {"a": 1}
    with pytest.raises(AirflowFailException, match="is failed: disk full"):
        dag.require_success({"state": "failed", "task": "echo", "error": "disk full"})
    with pytest.raises(AirflowException, match="is interrupted") as raised:
        dag.require_success({"state": "interrupted", "task": "echo", "error": "killed"})
    assert not isinstance(raised.value, AirflowFailException)  # so Airflow retries

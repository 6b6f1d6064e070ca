# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real host worker in a separate process, on a free loopback port, with tasks for tests only."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

TOKEN = "test-token-0123456789abcdef"

_TASKS = '''
import pathlib, time

def append(parameters, context):
    """Leaves one line for each time it runs."""
    with pathlib.Path(parameters["path"]).open("a") as file:
        file.write(context.request_id + "\\n")
    time.sleep(parameters.get("seconds", 0))
    return {"try_number": context.try_number}

def explode(parameters, context):
    raise ValueError("no such luck \\ud800")

def leave(parameters, context):
    raise SystemExit(3)

def unwritable(parameters, context):
    return {"number": float("nan")}

def huge(parameters, context):
    return "x" * (2 * 1024 * 1024)
'''
_ENTRY_POINTS = """[airfield_host_worker.tasks]
append = tasks_of_tests:append
explode = tasks_of_tests:explode
leave = tasks_of_tests:leave
unwritable = tasks_of_tests:unwritable
huge = tasks_of_tests:huge
broken = tasks_of_tests:not_there
"""


class WorkerProcess:
    """Start, kill and query one worker. ``directory`` holds its record, token and log."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        self.database = directory / "record" / "requests.sqlite3"
        self.token_file = directory / "token"
        self.log_file = directory / "log"
        self.options = options
        self.token_file.write_text(TOKEN + "\n")
        self.token_file.chmod(0o400)
        packages = directory / "packages"
        metadata = packages / "tasks_of_tests-1.dist-info"
        metadata.mkdir(parents=True)
        (packages / "tasks_of_tests.py").write_text(_TASKS)
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tasks-of-tests\nVersion: 1\n")
        (metadata / "entry_points.txt").write_text(_ENTRY_POINTS)
        self.environment = {**os.environ, "PYTHONPATH": str(packages)}
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self._numbers = itertools.count(1)

    def start(self) -> WorkerProcess:
        begin = self.log_file.stat().st_size if self.log_file.exists() else 0
        command = [sys.executable, "-m", "airfield_host_worker", "serve", "--port", "0", *self.options]
        command += ["--token-file", str(self.token_file), "--database", str(self.database)]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, env=self.environment)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for line in self.log_file.read_text()[begin:].splitlines():
                content = json.loads(line)
                if content["message"] == "serving":
                    self.port = content["port"]
                    return self
            assert self.process.poll() is None, self.log_file.read_text()
            time.sleep(0.02)
        raise AssertionError(f"The worker does not serve: {self.log_file.read_text()}")

    def kill(self) -> None:
        """Kill it like kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """Stop it like a supervisor; return the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, token: str | None = TOKEN, **options: Any) -> requests.Response:
        return requests.get(self.url + path, headers=_headers(token), timeout=30, **options)

    def run(self, task: str, wait: float | None = None, token: str | None = TOKEN, **body: Any) -> requests.Response:
        """POST /run-task with a valid body except for ``body``."""
        context = {"dag_id": "dag", "run_id": "run", "task_id": "task", "try_number": 1}
        content = {"request_id": f"request-{next(self._numbers)}", "task": task, "context": context, **body}
        query = {} if wait is None else {"wait": str(wait)}
        address = self.url + "/run-task"
        return requests.post(address, json=content, params=query, headers=_headers(token), timeout=60)

    def wait_for(self, request_id: str, state: str) -> dict[str, Any]:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            entry: dict[str, Any] = self.get(f"/requests/{request_id}").json()
            if entry["state"] == state:
                return entry
            time.sleep(0.05)
        raise AssertionError(f"{request_id} is not {state}: {entry}")

    def recorded(self, *options: str) -> list[dict[str, Any]]:
        """The output of the command `requests`."""
        command = [sys.executable, "-m", "airfield_host_worker", "requests", "--database", str(self.database), *options]
        done = subprocess.run(command, check=True, capture_output=True, timeout=30)
        entries: list[dict[str, Any]] = json.loads(done.stdout)["requests"]
        return entries


def _headers(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}

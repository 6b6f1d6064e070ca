# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain HTTP, without the client of this collection, which is what is tested."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from ansible_collections.airfield.airflow.molecule.testing.patience import wait_until


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


def ask(
    url: str,
    *,
    method: str = "GET",
    token: str | None = None,
    body: Any = None,
    timeout: float = 30,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Any answer is an answer, a refusal too; raises OSError when there is none. ``trust``: for addresses of https."""
    # No proxy stands between this machine and its own ports.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust))
    request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with opener.open(request, timeout=timeout) as answer:
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read())


class AirflowApi:
    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url
        self._login = {"username": username, "password": password}
        self._token: str | None = None

    def log_in(self) -> None:
        answer = ask(f"{self.url}/auth/token", method="POST", body=self._login)
        assert answer.status == 201, f"Airflow refuses the admin: {answer.status}"
        self._token = answer.json["access_token"]

    def get(self, *path: str, **query: str) -> Answer:
        return self._send("GET", *path, query=query)

    def start_run(self, dag_id: str, run_id: str) -> None:
        answer = self._send("POST", "dags", dag_id, "dagRuns", body={"dag_run_id": run_id, "logical_date": None})
        assert answer.status == 200, answer

    def _send(self, method: str, *path: str, query: Mapping[str, str] | None = None, body: Any = None) -> Answer:
        if self._token is None:
            self.log_in()
        address = "/".join([self.url, "api/v2", *(quote(part, safe="~") for part in path)])
        return ask(f"{address}?{urlencode(query or {})}", method=method, token=self._token, body=body)

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        answer = self.get("dags", dag_id, "dagRuns", run_id)
        assert answer.status == 200, answer
        run: dict[str, Any] = answer.json
        return run

    def task_instances(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        answer = self.get("dags", dag_id, "dagRuns", run_id, "taskInstances")
        assert answer.status == 200, answer
        instances: list[dict[str, Any]] = answer.json["task_instances"]
        return instances

    def unhealthy(self, since: datetime | None = None) -> dict[str, str]:
        """What is not healthy, and why; empty when all is well.

        ``since``: a heartbeat counts only if it is younger. Airflow calls a component healthy for a minute after its
        last heartbeat, even if it is gone.
        """
        try:
            answer = ask(f"{self.url}/api/v2/monitor/health", timeout=5)
            states = answer.json
        except (OSError, ValueError) as error:
            return {"api": str(error)}
        ill = {component: str(state["status"]) for component, state in states.items() if state["status"] != "healthy"}
        for component, state in states.items():
            heartbeat = state.get(f"latest_{component}_heartbeat")
            if since and heartbeat and datetime.fromisoformat(heartbeat.replace("Z", "+00:00")) < since:
                ill.setdefault(component, f"its last heartbeat was at {heartbeat}")
        return ill

    def wait_until_healthy(self, timeout: float, since: datetime | None = None) -> None:
        """A single look would not do: on a busy machine, a heartbeat is late now and then."""

        def look() -> tuple[bool | None, str]:
            ill = self.unhealthy(since)
            return (None, str(ill)) if ill else (True, "")

        wait_until("a healthy Airflow", look, timeout)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a starting Airflow is still missing, according to its API."""

from __future__ import annotations

import functools
import http.client
import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from ansible_collections.airfield.airflow.tests.airflow_harness.settings import DAGS

TIMEOUT = 10
PARTS = ("metadatabase", "scheduler", "dag_processor")


def missing(url: str, user: str, password: str) -> str:
    """What is missing, in words; empty when Airflow is healthy and has parsed every DAG."""
    if not version_of(url):
        return "its API does not answer yet"
    try:
        health = ask(url, "api/v2/monitor/health")
        if sick := [part for part in PARTS if (health.get(part) or {}).get("status") != "healthy"]:
            return f"not healthy yet: {', '.join(sick)}"
        token = str(login(url, user, password))
        known = {dag["dag_id"] for dag in ask(url, "api/v2/dags?limit=100", token)["dags"]}
        if unknown := dag_ids() - known:
            return f"not parsed yet: {', '.join(sorted(unknown))}"
        broken = ask(url, "api/v2/importErrors", token)["total_entries"]
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"its API answers with an error: {error}"
    return "" if broken else "the import error of broken.py is not told yet"


def version_of(url: str) -> str:
    """The version that the API returns, empty when it does not answer."""
    try:
        return str(ask(url, "api/v2/version")["version"])
    except (OSError, ValueError, http.client.HTTPException):
        return ""


@functools.cache
def login(url: str, user: str, password: str) -> str:
    """A token."""
    return str(ask(url, "auth/token", body={"username": user, "password": password})["access_token"])


def ask(url: str, path: str, token: str = "", body: dict[str, Any] | None = None) -> dict[str, Any]:
    """GET, or POST if there is a body."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/{path}", data, headers), timeout=TIMEOUT) as answer:
        return dict(json.load(answer))


def dag_ids(directory: Path = DAGS) -> set[str]:
    """The ids of the test DAGs, read without Airflow."""
    return {found for file in directory.glob("*.py") for found in re.findall(r'\bdag_id="(\w+)"', file.read_text())}

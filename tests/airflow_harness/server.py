# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Airflow: API server, scheduler and DAG processor with LocalExecutor on a separate database."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.airfield.airflow.tests.airflow_harness.ports import free_port
from ansible_collections.airfield.airflow.tests.airflow_harness.postgres import Postgres
from ansible_collections.airfield.airflow.tests.airflow_harness.processes import (
    Command,
    Failed,
    Process,
    Processes,
)
from ansible_collections.airfield.airflow.tests.airflow_harness.readiness import missing, version_of
from ansible_collections.airfield.airflow.tests.airflow_harness.releases import Release
from ansible_collections.airfield.airflow.tests.airflow_harness.settings import (
    DAGS,
    dags_of,
    settings,
    simple_settings,
)

USER = "admin"
PATIENCE = 300
PROGRESS_EVERY = 10


@dataclass
class Airflow:
    """One running release; ``simple_url`` is that of a second API server with SimpleAuthManager, if there is one."""

    release: Release
    processes: Processes
    url: str
    environment: dict[str, str]
    python: Path
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    simple_url: str = ""
    running: list[Process] = field(default_factory=list)

    def prepare(self) -> None:
        """Create the tables and the user."""
        login = {"AIRFIELD_TEST_USER": USER, "AIRFIELD_TEST_PASSWORD": self.password}
        # -I: this directory's modules are not Airflow's.
        command: Command = [self.python, "-I", Path(__file__).with_name("prepare_database.py")]
        self.processes.run(self._name("database"), command, environment={**self.environment, **login})

    def start(self) -> None:
        self._start("api-server", "api-server", "--host", "127.0.0.1", "--port", self.url.rpartition(":")[2])
        self._start("scheduler", "scheduler", "--skip-serve-logs")
        self._start("dag-processor", "dag-processor")

    def start_simple(self) -> None:
        """Start a second API server of Airflow on the same database."""
        port = free_port()
        self.simple_url = f"http://127.0.0.1:{port}"
        self.environment, before = simple_settings(self.environment, self.simple_url), self.environment
        try:
            self._start("api-server-simple", "api-server", "--host", "127.0.0.1", "--port", str(port))
        finally:
            self.environment = before

    def wait(self, say: Callable[[str], None]) -> None:
        """Wait until it is healthy and knows every DAG; report every ten seconds what is missing."""
        begin = said = time.monotonic()
        while lack := missing(self.url, USER, self.password) or self._missing_simple():
            now = time.monotonic()
            if now - begin > PATIENCE:
                told = "\n".join(process.last_lines() for process in self.running)
                raise Failed(f"Airflow {self.release} is not ready after {PATIENCE} s: {lack}.\n{told}")
            if now - said >= PROGRESS_EVERY:
                said = now
                say(f"{now - begin:.0f} s: {lack}")
            self.processes.wait(0.3, *self.running)

    def _missing_simple(self) -> str:
        return f"{self.simple_url} does not answer" if self.simple_url and not version_of(self.simple_url) else ""

    def _start(self, name: str, *arguments: str) -> None:
        command: Command = [self.python, "-m", "airflow", *arguments]
        self.running.append(self.processes.start(self._name(name), command, environment=self.environment))

    def _name(self, name: str) -> str:
        return f"{self.release.role}-{name}"


def make_airflow(release: Release, environment: Path, database: Postgres, processes: Processes) -> Airflow:
    """An Airflow that is configured, but neither prepared nor started."""
    home = processes.directory / release.role
    home.mkdir(mode=0o700)
    # A copy, because targets add files and break them.
    shutil.copytree(DAGS, dags_of(home))
    database.create(release.role)
    url = f"http://127.0.0.1:{free_port()}"
    values = settings(home, environment, database, release.role, url)
    return Airflow(release, processes, url, values, environment / "bin/python")

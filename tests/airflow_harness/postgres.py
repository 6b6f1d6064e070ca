# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PostgreSQL server for the run, from Debian's package: the system's cluster is neither used nor started."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from ansible_collections.airfield.airflow.tests.airflow_harness.ports import free_port
from ansible_collections.airfield.airflow.tests.airflow_harness.processes import (
    Command,
    Failed,
    Process,
    Processes,
)

PACKAGE = "postgresql"
PATIENCE = 60
# The database is deleted at the end: nothing in it needs to survive a crash.
SETTINGS = {
    "autovacuum": "off",
    "dynamic_shared_memory_type": "mmap",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "synchronous_commit": "off",
}


class Postgres:
    """A running server; each Airflow gets a database of its own."""

    def __init__(self, processes: Processes, programs: Path, port: int, password: str) -> None:
        self._processes = processes
        self._programs = programs
        self._port = port
        self._password = password

    def create(self, database: str) -> None:
        self._processes.run(
            f"create-{database}", [self._programs / "createdb", *self._where(), database], environment=self._login()
        )

    def ready(self) -> bool:
        command = [str(self._programs / "pg_isready"), *self._where(), "--quiet"]
        return subprocess.run(command, check=False).returncode == 0

    def url(self, database: str, driver: str) -> str:
        """The URL for SQLAlchemy, with the password."""
        return f"postgresql+{driver}://postgres:{self._password}@127.0.0.1:{self._port}/{database}"

    def _where(self) -> list[str]:
        return ["--host=127.0.0.1", f"--port={self._port}", "--username=postgres"]

    def _login(self) -> dict[str, str]:
        return {**os.environ, "PGPASSWORD": self._password}


def start_postgres(processes: Processes) -> Postgres:
    """Create a cluster below the run's directory and start its server."""
    programs = find_programs(processes)
    # PostgreSQL refuses to run as root; the package creates a user for it.
    user = "postgres" if os.getuid() == 0 else None
    home = processes.directory / "postgres"
    home.mkdir(mode=0o700)
    if user:
        shutil.chown(home, user, user)
    password = secrets.token_hex(16)
    given = home / "password"
    given.touch(mode=0o600)
    given.write_text(password)
    if user:
        shutil.chown(given, user, user)
    how = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username=postgres"]
    processes.run(
        "initdb", [programs / "initdb", *how, f"--pwfile={given}", f"--pgdata={home / 'data'}"], user=user, cwd=home
    )
    given.unlink()
    port = free_port()
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command: Command = [programs / "postgres", "-D", home / "data", "-k", home, "-p", str(port), *settings]
    # SIGINT ends it at once; SIGTERM would wait for its clients.
    server = processes.start("postgres", command, user=user, cwd=home, ask=signal.SIGINT)
    running = Postgres(processes, programs, port, password)
    wait_until_ready(processes, server, running)
    return running


def wait_until_ready(processes: Processes, server: Process, running: Postgres) -> None:
    for _attempt in range(PATIENCE * 5):
        if running.ready():
            return
        processes.wait(0.2, server)
    raise Failed(f"PostgreSQL does not answer within {PATIENCE} s. {server.last_lines()}")


def find_programs(processes: Processes) -> Path:
    """The directory of PostgreSQL's programs; Debian's package is installed if there are none and this is root."""
    if directory := newest_programs():
        return directory
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise Failed(f"PostgreSQL's server is missing: install it, on Debian with: apt-get install {PACKAGE}")
    print(f"Installing Debian's {PACKAGE} ...", flush=True)
    # The package would start a server with the defaults; exit code 101 says that no service may be started.
    options = f"name={PACKAGE} update_cache=true install_recommends=false policy_rc_d=101"
    ansible = Path(sys.executable).with_name("ansible")
    processes.run("install-postgres", [ansible, "localhost", "-m", "ansible.builtin.apt", "-a", options])
    if directory := newest_programs():
        return directory
    raise Failed(f"Debian's package {PACKAGE} has been installed, but brought no server in /usr/lib/postgresql.")


def newest_programs(home: Path = Path("/usr/lib/postgresql")) -> Path | None:
    found = [path.parent for path in home.glob("*/bin/postgres") if path.parent.parent.name.isdigit()]
    return max(found, key=lambda directory: int(directory.parent.name), default=None)

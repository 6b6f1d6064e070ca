# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow from PyPI, each release in a separate virtual environment that later runs reuse."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from ansible_collections.airfield.airflow.tests.airflow_harness.processes import Command, Processes
from ansible_collections.airfield.airflow.tests.airflow_harness.releases import Release

CACHE = Path(os.environ.get("AIRFIELD_CACHE_DIR") or Path.home() / ".cache/airfield") / "airflow"
UV = Path(sys.executable).with_name("uv")
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
# The HTTP provider brings the connection type of the examples.
PACKAGES = (
    "apache-airflow-providers-fab",
    "apache-airflow-providers-http",
    "apache-airflow-providers-postgres",
    "apache-airflow-providers-standard",
    "asyncpg",
    "psycopg2-binary",
)


def request(release: Release) -> list[str]:
    """The request to uv; a different request is a different environment."""
    return ["--exclude-newer", release.as_of, f"apache-airflow=={release.version}", *PACKAGES]


def directory_of(release: Release, cache: Path = CACHE) -> Path:
    short = hashlib.sha256(" ".join(request(release)).encode()).hexdigest()[:8]
    return cache / f"{release.version}-python{PYTHON}-{short}"


def environment(release: Release, processes: Processes) -> Path:
    """The virtual environment of a release, created if it is missing; no lock is held while it is created."""
    directory = directory_of(release)
    if directory.is_dir():
        return directory
    # Created under another name and renamed, so that an interrupted one is never taken for a complete one.
    beside = directory.with_name(f"{directory.name}.{os.getpid()}")
    beside.parent.mkdir(parents=True, exist_ok=True)
    quiet = ("--quiet", "--no-config")
    name = f"{release.role}-install"
    make: Command = [UV, "venv", *quiet, "--relocatable", "--python", sys.executable, beside]
    processes.run(name, make)
    install: Command = [
        UV,
        "pip",
        "install",
        *quiet,
        "--compile-bytecode",
        "--python",
        beside / "bin/python",
    ]
    processes.run(name, [*install, *request(release)], patience=1200)
    try:
        beside.rename(directory)
    except OSError:
        if not directory.is_dir():
            raise
        shutil.rmtree(beside)  # another run was faster
    return directory


def remove_others(wanted: Iterable[Release], cache: Path = CACHE) -> None:
    """Remove the environments of this Python that no release uses any more, and incomplete ones."""
    keep = {directory_of(release, cache).name for release in wanted}
    for directory in cache.glob(f"*-python{PYTHON}-*"):
        _whole, _dot, owner = directory.name.partition(f"-python{PYTHON}-")[2].partition(".")
        making = owner.isdigit() and Path(f"/proc/{owner}").exists()
        if directory.name not in keep and not making:
            with contextlib.suppress(FileNotFoundError):  # another run removes it too
                shutil.rmtree(directory)

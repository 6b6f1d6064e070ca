# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of one run, below one that belongs to this user; leftovers of earlier runs are removed first.

It is below the system's directory for temporary files: PostgreSQL must not run as root and cannot enter root's home.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.airfield.airflow.tests.airflow_harness import sessions
from ansible_collections.airfield.airflow.tests.airflow_harness.processes import PATIENCE_TO_END, Failed

OWNER = "owner.json"


def own_directory() -> Path:
    """The parent of the directories of this user's runs; rejected if it belongs to another user."""
    directory = Path(tempfile.gettempdir()) / f"airfield-tests-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o711)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise Failed(f"{directory} is not a directory of yours that only you can write to: remove it, or set TMPDIR.")
    return directory


@contextlib.contextmanager
def run_directory(home: Path | None = None) -> Iterator[Path]:
    """A new directory, removed at the end."""
    home = home or own_directory()
    clear(home)
    directory = Path(tempfile.mkdtemp(prefix="run-", dir=home))
    directory.chmod(0o711)
    me = sessions.look(os.getpid())
    owner = {"pid": os.getpid(), "started": me.started if me else 0, "boot": sessions.boot()}
    (directory / OWNER).write_text(json.dumps(owner))
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


def clear(home: Path) -> None:
    """End the processes of runs whose owner is gone, and remove their directories."""
    for directory in home.glob("run-*"):
        if not _is_owned(directory):
            end_leftovers(directory)
            shutil.rmtree(directory)


def end_leftovers(directory: Path) -> None:
    """End the processes that the process files name, unless the id belongs to another process or an earlier boot."""
    boot = sessions.boot()
    found = {}
    for note in (json.loads(file.read_text() or "{}") for file in directory.rglob("*.process")):
        if note.get("boot") == boot:
            found[int(note["pid"])] = (int(note["started"]), int(note["ask"]))
    sessions.end(found, PATIENCE_TO_END)


def _is_owned(directory: Path) -> bool:
    try:
        owner = json.loads((directory / OWNER).read_text())
    except (OSError, ValueError):
        return False
    seen = sessions.look(int(owner["pid"]))
    return seen is not None and seen.started == owner["started"] and owner["boot"] == sessions.boot()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the collection where ansible-test accepts it: below ansible_collections/, outside any Git checkout."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def tracked_files() -> list[str]:
    """The files of this checkout that belong to the project, committed or not."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def copy_collection(directory: Path) -> Path:
    """Copy the project's files; return the collection's root below ``directory``."""
    collection = directory / "ansible_collections/airfield/airflow"
    for name in tracked_files():
        (collection / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, collection / name)
    return collection

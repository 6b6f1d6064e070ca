# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a file was touched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FileState:
    """A file as it was at some time."""

    path: Path
    content: bytes
    modified: float
    mode: int

    @classmethod
    def read(cls, path: Path) -> FileState:
        return cls(path, path.read_bytes(), path.stat().st_mtime, path.stat().st_mode)

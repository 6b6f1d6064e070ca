# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service is told at its start."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

SHORTEST_TOKEN = 16


class SettingsError(Exception):
    """A setting cannot be used; the text says which one and what to do."""


@dataclass(frozen=True)
class Settings:
    """``revision`` is any word; whoever installs the worker can ask for it to learn which configuration runs."""

    host: str
    port: int
    database: Path
    max_running: int = 4
    max_queued: int = 16
    max_body_bytes: int = 1024 * 1024
    grace_seconds: float = 10.0
    revision: str = ""


def read_token(path: Path) -> bytes:
    """Read the bearer token. Raises SettingsError where the file is missing, too open, or holds no good token."""
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"The token file {path} cannot be read: {error}") from error
    if mode & (stat.S_IRWXO):
        raise SettingsError(f"The token file {path} is open to every user of this machine: chmod 0400 {path}")
    if len(content) < SHORTEST_TOKEN or not content.isprintable() or " " in content:
        raise SettingsError(
            f"The token file {path} holds no usable token: write one line of at least {SHORTEST_TOKEN} characters"
            " without spaces."
        )
    return content.encode("ascii")

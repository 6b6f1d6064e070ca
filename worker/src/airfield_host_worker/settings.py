# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the service."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

SHORTEST_TOKEN = 16


class SettingsError(Exception):
    """A setting is not valid; the message says which one and what to do."""


@dataclass(frozen=True)
class Settings:
    """``revision`` is any string; installers can query it to find out which configuration is running."""

    host: str
    port: int
    database: Path
    max_running: int = 4
    max_queued: int = 16
    max_body_bytes: int = 1024 * 1024
    grace_seconds: float = 10.0
    revision: str = ""


def read_token(path: Path) -> bytes:
    """Read the bearer token. Raises SettingsError if the file is missing, too open, or has no valid token."""
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"The token file {path} cannot be read: {error}") from error
    if mode & (stat.S_IRWXO):
        raise SettingsError(f"The token file {path} can be read by every user of this machine: chmod 0400 {path}")
    if len(content) < SHORTEST_TOKEN or not content.isprintable() or " " in content:
        raise SettingsError(
            f"The token file {path} has no valid token: write one line of at least {SHORTEST_TOKEN} characters"
            " without spaces."
        )
    return content.encode("ascii")

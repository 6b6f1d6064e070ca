# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user's token, cached for the next task of the play in a file that only its owner can read.

Each task of a play is a process of its own, and a login costs more than most requests. The file is named after URL and
user. It also contains a slow hash of the password, so that a wrong password never gets the token of the right one.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
from pathlib import Path

ROUNDS = 100_000  # about 30 ms: the file is private, and contains the token itself anyway


def directory() -> Path | None:
    """The directory of the cached tokens: in memory if the system has one; None without a home directory."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and Path(runtime).is_dir():
        return Path(runtime) / "airfield"
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "airfield/tokens"
    except RuntimeError:
        return None


class Session:
    """The cached token of one user at one URL. A file that cannot be read or written counts as none."""

    def __init__(self, root: str, username: str, password: str) -> None:
        self._password = password
        place = directory()
        name = hashlib.sha256(f"{root}\0{username}".encode()).hexdigest()
        self._path = place / name if place else None

    def token(self) -> str | None:
        """The token that was cached for this very password."""
        if self._path is None:
            return None
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
            token, salt, check = (str(known[key]) for key in ("token", "salt", "check"))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return token if hmac.compare_digest(self._check(salt), check) else None

    def remember(self, token: str) -> None:
        if self._path is None:
            return
        salt = os.urandom(16).hex()
        content = json.dumps({"token": token, "salt": salt, "check": self._check(salt)})
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        # A full or read-only disk: the next task logs in again.
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(content)
            beside.replace(self._path)

    def _check(self, salt: str) -> str:
        return hashlib.pbkdf2_hmac("sha256", self._password.encode(), salt.encode(), ROUNDS).hex()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One worker for one record: a second one would mark the first one's running tasks as interrupted."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from airfield_host_worker.record import RecordError


class RecordLock:
    """Held by the process and released by the kernel when the process ends in any way."""

    def __init__(self, database: Path) -> None:
        """Take the lock next to ``database``; raise RecordError if another process holds it.

        The lock file contains the process id, so that it also serves as a pid file.
        """
        path = database.with_name(f"{database.name}.lock")
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            raise RecordError(
                f"Another host worker uses the record {database}: stop it or set another path."
            ) from error
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        os.close(self._descriptor)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Free ports of this machine."""

from __future__ import annotations

import socket
import threading

_taken: set[int] = set()
_lock = threading.Lock()


def free_port() -> int:
    """A port on which nothing listens now, and which this run has not given to another server."""
    with _lock:
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = int(probe.getsockname()[1])
            if port not in _taken:
                _taken.add(port)
                return port

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks that every host worker has: enough to prove that it works and where it runs."""

from __future__ import annotations

import os
import platform
import socket
import time
from collections.abc import Mapping
from typing import Any

from airfield_host_worker.registry import TaskContext, TaskError

LONGEST_SLEEP_SECONDS = 3600


def echo(parameters: Mapping[str, Any], context: TaskContext) -> dict[str, Any]:
    """Return the parameters."""
    return {"parameters": dict(parameters)}


def sleep(parameters: Mapping[str, Any], context: TaskContext) -> dict[str, Any]:
    """Wait for ``seconds`` (0 to 3600, default 1)."""
    seconds = parameters.get("seconds", 1)
    is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
    if not is_number or not 0 <= seconds <= LONGEST_SLEEP_SECONDS:
        raise TaskError(f"parameters.seconds is {seconds!r}: give a number from 0 to {LONGEST_SLEEP_SECONDS}.")
    begun = time.monotonic()
    time.sleep(seconds)
    return {"slept_seconds": round(time.monotonic() - begun, 3)}


def host_facts(parameters: Mapping[str, Any], context: TaskContext) -> dict[str, Any]:
    """Return facts about the machine: the proof that the task ran on this host and not in a pod."""
    return {
        "hostname": socket.gethostname(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "process_id": os.getpid(),
        "user_id": os.geteuid(),
        # The kubelet sets this in every container.
        "in_kubernetes": "KUBERNETES_SERVICE_HOST" in os.environ,
    }

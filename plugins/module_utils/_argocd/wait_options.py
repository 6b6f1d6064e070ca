# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class WaitOptions:
    """What to wait for. ``refresh`` is empty when Argo CD is not asked to compare."""

    revisions: list[str]
    refresh: str
    sync_again: bool
    timeout: float
    interval: float


def wait_options_of(params: dict[str, Any]) -> WaitOptions:
    """What to wait for. Raises ValueError with a sentence."""
    revisions = params["revisions"] or [revision for revision in [params["revision"]] if revision]
    if not any(revisions):
        revisions = []
    if revisions and not params["wait"]:
        raise ValueError("`revision` and `revisions` require `wait: true`. Set it, or leave the revision out.")
    return WaitOptions(
        revisions=revisions,
        refresh="" if params["refresh"] == "none" or not params["wait"] else params["refresh"],
        sync_again=params["sync_again"],
        timeout=params["wait_timeout"],
        interval=params["poll_interval"],
    )

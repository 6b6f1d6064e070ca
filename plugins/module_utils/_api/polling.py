# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for something in Airflow's API, through outages of that API, until a deadline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, WaitTimedOut
from ansible_collections.airfield.airflow.plugins.module_utils._waiting import Wait, wait_until

T = TypeVar("T")
# What one check returned (None: not there yet) and a short description of the progress.
Look = Callable[[], "tuple[T | None, str]"]


def wait_for(client: ApiClient, subject: str, look: Look[T], *, timeout: float, interval: float) -> T:
    """Check every ``interval`` seconds until there is a result; raise ``WaitTimedOut`` after ``timeout`` seconds.

    An error that is an outage (no connection, 429, 5xx) is waited through; any other is raised at once.
    """

    def see() -> tuple[bool, tuple[T | None, str]]:
        result, state = look()
        return result is not None, (result, state)

    with client.single_attempts():
        wait: Wait[tuple[T | None, str]] = wait_until(
            see,
            (None, "nothing was found yet"),
            timeout=timeout,
            interval=interval,
            is_outage=lambda error: isinstance(error, ApiError) and error.outage,
            progress=lambda wait: f"{subject}: {_standing(wait)}; {wait.left:.0f} s left",
        )
    result, state = wait.seen
    if wait.done and result is not None:
        return result
    raise _timed_out(subject, state, timeout, wait)


def _standing(wait: Wait[tuple[Any, str]]) -> str:
    return wait.seen[1] if wait.outage is None else f"Airflow's API does not answer ({wait.outage})"


def _timed_out(subject: str, state: str, timeout: float, wait: Wait[Any]) -> WaitTimedOut:
    timed_out = f"Timed out after {timeout:g} s waiting for {subject}"
    if not isinstance(wait.outage, ApiError):
        return WaitTimedOut(f"{timed_out}: {state}. Raise wait_timeout if it only needs longer.")
    return WaitTimedOut(
        f"{timed_out}: Airflow's API has not answered for the last {wait.outage_seconds:.0f} s "
        f"(before that: {state}). The last error: {wait.outage}",
        status=wait.outage.status,
    )

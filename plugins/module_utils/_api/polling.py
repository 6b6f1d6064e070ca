# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for something that Airflow's API shows, through outages of that API, until a deadline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, WaitTimedOut
from ansible_collections.airfield.airflow.plugins.module_utils._progress import report_progress

T = TypeVar("T")
# What one look found (None: not there yet) and a few words on how far it is.
Look = Callable[[], "tuple[T | None, str]"]


def wait_for(client: ApiClient, subject: str, look: Look[T], *, timeout: float, interval: float) -> T:
    """Look every ``interval`` seconds until there is something; raise ``WaitTimedOut`` after ``timeout`` seconds.

    An error that is an outage (no connection, 429, 5xx) is waited through; any other is raised at once.
    """
    started = _clock.now()
    state = "it was never seen"
    down_since: float | None = None
    outage: ApiError | None = None
    with client.single_attempts():
        while True:
            before = _clock.now()
            try:
                found, state = look()
                down_since = outage = None
                if found is not None:
                    return found
            except ApiError as error:
                if not error.outage:
                    raise
                outage = error
                down_since = before if down_since is None else down_since
            left = timeout - (_clock.now() - started)
            if left <= 0:
                raise _timed_out(subject, state, timeout, down_since, outage)
            told = state if outage is None else f"Airflow's API does not answer ({outage})"
            report_progress(f"{subject}: {told}; {left:.0f} s left")
            _clock.sleep(min(interval, left))


def _timed_out(
    subject: str, state: str, timeout: float, down_since: float | None, outage: ApiError | None
) -> WaitTimedOut:
    waited = f"Waited {timeout:g} s for {subject} in vain"
    if outage is None or down_since is None:
        return WaitTimedOut(f"{waited}: {state}. Raise wait_timeout if it only needs longer.")
    return WaitTimedOut(
        f"{waited}: Airflow's API has not answered for the last {_clock.now() - down_since:.0f} s "
        f"(before that: {state}). The last error: {outage}",
        status=outage.status,
    )

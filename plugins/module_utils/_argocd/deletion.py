# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until an Application is gone, including its resources when it has the finalizer for that."""

from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.client import Applications, ArgoError
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.status import ApplicationStatus, names_of
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import is_passing
from ansible_collections.airfield.airflow.plugins.module_utils._waiting import Wait, wait_until

DELETION_GRACE = 8.0


def wait_gone(applications: Applications, timeout: float, interval: float) -> float:
    """Check until it is gone; return after how many seconds. Raises ArgoError, or KubeError as it is."""
    error_since: float | None = None

    def look() -> tuple[bool, ApplicationStatus | None]:
        nonlocal error_since
        live = applications.get()
        if live is None:
            return True, None
        seen = ApplicationStatus(live)
        stuck = seen.errors.get("DeletionError")
        error_since = (error_since or _clock.now()) if stuck else None
        if error_since is not None and _clock.now() - error_since > DELETION_GRACE:
            raise ArgoError(f"Argo CD cannot delete {seen.title}: {stuck}. {_still(seen)}")
        return False, seen

    def progress(wait: Wait[ApplicationStatus | None]) -> str:
        state = f"is being deleted. {_still(wait.seen)}" if wait.seen else "has not been read yet"
        return str(wait.outage) if wait.outage else f"{applications.title} {state}"

    wait = wait_until(look, None, timeout=timeout, interval=interval, is_outage=is_passing, progress=progress)
    if not wait.done:
        raise ArgoError(_too_late(applications, timeout, wait.seen, wait.outage))
    return round(wait.seconds, 1)


def _too_late(
    applications: Applications, timeout: float, seen: ApplicationStatus | None, outage: Exception | None
) -> str:
    timed_out = f"Timed out after {timeout:g} s waiting for the deletion of {applications.title}"
    if outage or seen is None:
        return f"{timed_out}: the Kubernetes API does not answer. {outage}"
    errors = "".join(f" {kind}: {message}." for kind, message in seen.errors.items())
    return (
        f"{timed_out}. {_still(seen)}{errors} Check that Argo CD's application controller runs; raise `wait_timeout` "
        "if it only needs longer."
    )


def _still(seen: ApplicationStatus) -> str:
    finalizers = ", ".join(seen.metadata.get("finalizers") or []) or "none"
    resources = names_of(seen.resources) or "none"
    return f"Its finalizers: {finalizers}. Its remaining resources: {resources}."

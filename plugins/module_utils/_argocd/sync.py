# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making an Application present or absent, for the module argocd_application."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.airfield.airflow.plugins.module_utils._argocd.client import Applications, ArgoError
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.deletion import wait_gone
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.diagnosis import Diagnosis
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.spec import Plan, Wanted, shown_before
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.wait import ApplicationWaiter
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.wait_options import WaitOptions
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json

NOT_INSTALLED = (
    "Argo CD is not installed in this cluster: the kind Application of argoproj.io/v1alpha1 does not exist. Install "
    "Argo CD first, or correct `kubeconfig`."
)


@dataclass(frozen=True)
class Outcome:
    """What was done, or would be done in check mode, and the Application after it (None: it does not exist)."""

    changed: bool
    live: Json | None
    before: Json = field(default_factory=dict)
    after: Json = field(default_factory=dict)
    waited: float = 0.0
    sync_started: bool = False


def absent(applications: Applications, options: WaitOptions, wait: bool, check_mode: bool) -> Outcome:
    """Delete it if it exists. Raises ArgoError, KubeError."""
    live = applications.get()
    if live is None:
        return Outcome(False, None)
    # One that is being deleted already needs no second request.
    changed = "deletionTimestamp" not in live["metadata"]
    before = shown_before(live) if changed else {}
    if check_mode:
        return Outcome(changed, live, before)
    if changed:
        applications.delete()
    if not wait:
        return Outcome(changed, applications.get(), before)
    return Outcome(changed, None, before, waited=wait_gone(applications, options.timeout, options.interval))


def present(
    applications: Applications, wanted: Wanted | None, options: WaitOptions, wait: bool, check_mode: bool
) -> Outcome:
    """Create or change it if it differs; without ``wanted`` only read it. Then wait. Raises ArgoError, KubeError."""
    live = applications.get()
    if live is None and not check_mode and not applications.installed():
        raise ArgoError(NOT_INSTALLED)
    if wanted is None:
        return _look(applications, live, options, wait, check_mode)

    if live is not None and "deletionTimestamp" in live["metadata"] and not check_mode:
        if not wait:
            raise ArgoError(f"{applications.title} is being deleted. Run the task again when it is gone.")
        wait_gone(applications, options.timeout, options.interval)
        live = None
    plan, after, was_due = applications.put(live, wanted, options.refresh, check_mode)
    return _waited(applications, options, live, after, plan, was_due, wait and not check_mode)


def _look(applications: Applications, live: Json | None, options: WaitOptions, wait: bool, check_mode: bool) -> Outcome:
    if live is None and not check_mode:
        raise ArgoError(
            f"{applications.title} does not exist. Correct `name` and `namespace`, or give a `source` to create it."
        )
    nothing = Plan([], None, {}, {})
    if live is None or check_mode or not wait:
        return Outcome(False, live)
    after, was_due = applications.ask(live, options.refresh) if options.refresh else (live, False)
    return _waited(applications, options, live, after, nothing, was_due, True)


def _waited(
    applications: Applications,
    options: WaitOptions,
    before: Json | None,
    after: Json | None,
    plan: Plan,
    was_due: bool,
    wait: bool,
) -> Outcome:
    difference = (plan.before, plan.after) if plan.changed else ({}, {})
    if not wait:
        return Outcome(plan.changed, after, *difference)
    waiter = ApplicationWaiter(applications, options, Diagnosis(applications.client, options.timeout))
    live = waiter.wait(before, plan.changed, was_due)
    return Outcome(plan.changed or waiter.sync_started, live, *difference, waiter.waited, waiter.sync_started)

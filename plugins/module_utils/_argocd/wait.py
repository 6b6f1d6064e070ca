# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until an Application is synced and healthy after the change, and failing early when that is impossible."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.client import (
    Applications,
    ArgoError,
    is_refresh_due,
)
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.diagnosis import Diagnosis
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.messages import clean
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.spec import compared_to_spec
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.status import ApplicationStatus, names_of
from ansible_collections.airfield.airflow.plugins.module_utils._argocd.wait_options import WaitOptions
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError, is_passing
from ansible_collections.airfield.airflow.plugins.module_utils._kube.rollout import WorkloadsFailed
from ansible_collections.airfield.airflow.plugins.module_utils._waiting import wait_until

# Some errors go away on their own, such as those of a comparison during a restart of Argo CD's repository server.
ERROR_GRACE = 8.0
HEALTH_GRACE = 20.0
# After this time and several requests, a requested revision that was just pushed would have been found.
ELSEWHERE_GRACE = 45.0
# A requested commit may reach the repository after our first request.
ASK_AGAIN = 10.0
SHOWN_UNREADY = 2


@dataclass
class ApplicationWaiter:
    applications: Applications
    options: WaitOptions
    diagnosis: Diagnosis
    waited: float = 0.0
    sync_started: bool = False
    _since: dict[str, float] = field(default_factory=dict)
    _current: bool = False
    _taken: bool = False
    _asked_at: float = 0.0
    _asks_left: int = 0
    _old_operation: str | None = None

    def wait(self, before: Json | None, changed: bool, was_due: bool) -> Json:
        """Check until it is synced and healthy. ``before``: the Application before our write, ``was_due``: see ``put``.

        Raises ArgoError, or KubeError for an error of the Kubernetes API that is not temporary.
        """
        started = self._asked_at = _clock.now()
        # A refresh that was pending before ours may have started before our change: its end says nothing about ours.
        self._asks_left = 1 if was_due else 0
        # An operation that was already running is as good as ours, unless it applies the previous state.
        if before and (changed or not ApplicationStatus(before).busy):
            self._old_operation = _started(ApplicationStatus(before))
        nothing: tuple[ApplicationStatus | None, dict[str, str]] = (None, {})
        wait = wait_until(
            self._look,
            nothing,
            timeout=self.options.timeout,
            interval=self.options.interval,
            is_outage=is_passing,
            progress=lambda wait: str(wait.outage) if wait.outage else self._progress(*wait.seen),
        )
        seen = wait.seen[0]
        if not wait.done or seen is None:
            raise ArgoError(self._too_late(seen, wait.outage))
        self.waited = round(_clock.now() - started, 1)
        return seen.live

    def _look(self) -> tuple[bool, tuple[ApplicationStatus, dict[str, str]]]:
        seen, unready = self._see()
        return self._is_good(seen), (seen, unready)

    def _see(self) -> tuple[ApplicationStatus, dict[str, str]]:
        live = self.applications.get()
        if live is None:
            raise ArgoError(f"{self.applications.title} was deleted while this task was waiting for it.")
        seen = ApplicationStatus(live)
        if seen.metadata.get("deletionTimestamp"):
            raise ArgoError(f"{seen.title} is being deleted by another client, so it will not become healthy.")
        self._current = self._is_current(live)
        if not self._current:
            return seen, {}
        self._ask_for_revision(seen)
        self._fail_if_broken(seen)
        unready: dict[str, str] = {}
        if not seen.synced_and_healthy:
            try:
                unready = self.diagnosis.unready(seen)
            except WorkloadsFailed as error:
                raise ArgoError(f"{seen.title} cannot become healthy. {error}") from error
        return seen, unready

    def _is_current(self, live: Json) -> bool:
        """Whether the status is from after our change. Until then it may describe the previous state."""
        if not self.options.refresh:
            return compared_to_spec(live)
        if self._taken or is_refresh_due(live):
            return self._taken
        if self._asks_left:
            self._asks_left -= 1
            self._ask(live)
            return False
        # Argo CD removes the annotation in the write that contains the new status.
        self._taken = True
        return True

    def _ask_for_revision(self, seen: ApplicationStatus) -> None:
        may_ask = self.options.refresh and not is_refresh_due(seen.live)
        if may_ask and not seen.matches(self.options.revisions) and _clock.now() - self._asked_at >= ASK_AGAIN:
            self._ask(seen.live)

    def _ask(self, live: Json) -> None:
        self._asked_at = _clock.now()
        self.applications.ask(live, self.options.refresh)

    def _is_good(self, seen: ApplicationStatus) -> bool:
        return self._current and seen.synced_and_healthy and not seen.errors and seen.matches(self.options.revisions)

    def _fail_if_broken(self, seen: ApplicationStatus) -> None:
        asked = seen.matches(self.options.revisions)
        is_old = self._old_operation is not None and _started(seen) == self._old_operation
        # A failure to apply another commit than the one we wait for is not ours, nor is one that is retried.
        ours = asked and not seen.busy
        errors = {kind: message for kind, message in seen.errors.items() if ours or kind != "SyncError"}
        failed = seen.phase in ("Failed", "Error") and asked
        if failed and is_old and "SyncError" in errors and self._sync_again(seen):
            return
        if failed and not is_old and seen.operation_revisions in ([], seen.revisions):
            raise ArgoError(self._operation_failed(seen))
        if errors and self._lasts("errors", ERROR_GRACE):
            raise ArgoError(self._has_errors(seen, errors))
        manual = not seen.busy and seen.sync == "OutOfSync" and asked and self._why_not_synced(seen)
        if manual and self._lasts("manual", ERROR_GRACE):
            raise ArgoError(f"{seen.title} is OutOfSync: {names_of(seen.out_of_sync)}. {manual}")
        ill = seen.health in ("Degraded", "Suspended") and seen.sync == "Synced" and not seen.busy and asked
        if ill and self._lasts("health", HEALTH_GRACE):
            message = f" ({seen.health_message})" if seen.health_message else ""
            raise ArgoError("\n".join([f"{seen.title} is {seen.health}{message}.", *self.diagnosis.lines(seen)]))
        elsewhere = not asked and seen.synced_and_healthy and not errors
        if elsewhere and self._lasts("elsewhere", ELSEWHERE_GRACE):
            raise ArgoError(
                f"{seen.title} is {seen.in_words()}, but not at the requested revision "
                f"{', '.join(self.options.revisions)}. Probably another commit was pushed after it: run the task again "
                "to use the latest one."
            )
        for cause, holds in (("errors", errors), ("manual", manual), ("health", ill), ("elsewhere", elsewhere)):
            if not holds:
                self._since.pop(cause, None)

    def _lasts(self, cause: str, grace: float) -> bool:
        now = _clock.now()
        return now - self._since.setdefault(cause, now) > grace

    def _sync_again(self, seen: ApplicationStatus) -> bool:
        """Argo CD never retries a failed revision, even when the cause of the failure has been removed."""
        if not self.options.sync_again or seen.automated is None or seen.busy:
            return False
        try:
            self.applications.sync(seen.live)
        except KubeError as error:
            if error.status != 409:
                raise
            return True
        self.sync_started = True
        return True

    def _why_not_synced(self, seen: ApplicationStatus) -> str:
        if seen.automated is None:
            return "Automated sync is off: sync it manually, or set `sync_policy` with `automated`."
        superfluous = bool(seen.out_of_sync) and all(resource.get("requiresPruning") for resource in seen.out_of_sync)
        if superfluous and not seen.automated.get("prune"):
            return "These are no longer in the source, and automated sync does not prune: set `prune: true`."
        return ""

    def _operation_failed(self, seen: ApplicationStatus) -> str:
        message = clean(str(seen.operation.get("message") or "no message"))
        results = seen.failed_results
        advice = self.diagnosis.advice(" ".join([message, *(str(result.get("message")) for result in results)]), seen)
        first = f"The sync of {seen.title} to {_revisions(seen)} ended as {seen.phase}: {message}. {advice}".strip()
        return "\n".join([first, *self.diagnosis.about_results(results, seen.in_cluster)])

    def _has_errors(self, seen: ApplicationStatus, errors: dict[str, str]) -> str:
        lines = []
        for kind, message in errors.items():
            lines.append(f"{seen.title} has a {kind}: {message}. {self.diagnosis.advice(message, seen)}".strip())
        failed = seen.failed_results if "SyncError" in errors else []
        return "\n".join([*lines, *self.diagnosis.about_results(failed, seen.in_cluster)])

    def _progress(self, seen: ApplicationStatus | None, unready: dict[str, str]) -> str:
        if seen is None:
            return f"{self.applications.title} has not been read yet"
        if not self._current:
            return f"{seen.title}: Argo CD has not yet compared it since the change"
        waiting = [f"{title.partition('/')[2]}: {why}" for title, why in unready.items()][:SHOWN_UNREADY]
        options = [] if seen.matches(self.options.revisions) else [f"waiting for {', '.join(self.options.revisions)}"]
        return "; ".join([f"{seen.title}: {seen.in_words()}", *options, *waiting])

    def _too_late(self, seen: ApplicationStatus | None, outage: Exception | None) -> str:
        timed_out = f"Timed out after {self.options.timeout:g} s waiting for {self.applications.title}"
        if outage or seen is None:
            return f"{timed_out}: the Kubernetes API does not answer. {outage}"
        lines = [f"{timed_out}: {seen.in_words()}."]
        if not self._current:
            lines = [
                f"{timed_out}: Argo CD has not compared it since the change. Check that its application controller and "
                f"its repository server run, and that they watch namespace {seen.metadata['namespace']}."
            ]
        elif not seen.matches(self.options.revisions):
            options = ", ".join(self.options.revisions)
            lines.append(
                f"The requested revision is {options}: check that it is pushed and that `targetRevision` refers to it."
            )
        lines += [advice for message in seen.errors.values() if (advice := self.diagnosis.advice(message, seen))]
        if seen.health != "Healthy":
            lines += self.diagnosis.lines(seen)
        return "\n".join([*lines, "Raise `wait_timeout` if it only needs longer."])


def _started(seen: ApplicationStatus) -> str:
    """What distinguishes one operation from the next; empty when there was none."""
    return str(seen.operation.get("startedAt") or "")


def _revisions(seen: ApplicationStatus) -> str:
    return ", ".join(seen.operation_revisions or seen.revisions) or "its target revision"

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a pod is not ready, and which of the reasons do not go away by waiting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]
# Waiting rarely helps with these; they get a moment because a registry or a Secret may be late.
HOPELESS = (
    "ErrImagePull",
    "ImagePullBackOff",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
)
PATIENCE = 10.0
CRASHES = 3


class Container(NamedTuple):
    """The state of one container, init containers included."""

    name: str
    init: bool
    ready: bool
    restarts: int
    reason: str
    message: str
    exit_code: int | None

    @property
    def hopeless(self) -> bool:
        return self.reason in HOPELESS

    @property
    def crashing(self) -> bool:
        return self.reason == "CrashLoopBackOff" and self.restarts >= CRASHES

    @property
    def has_log(self) -> bool:
        """Whether it is running or has ever run."""
        return self.restarts > 0 or self.reason in ("", "not ready") or self.exit_code is not None


def containers_of(pod: Json) -> Iterator[Container]:
    """The containers in the order in which they start."""
    status = pod.get("status") or {}
    for init, key in ((True, "initContainerStatuses"), (False, "containerStatuses")):
        for status_entry in status.get(key) or []:
            state = status_entry.get("state") or {}
            waiting, ended = state.get("waiting") or {}, state.get("terminated") or {}
            yield Container(
                name=status_entry["name"],
                init=init,
                ready=bool(status_entry.get("ready")),
                restarts=status_entry.get("restartCount", 0),
                reason=waiting.get("reason")
                or ended.get("reason")
                or ("" if status_entry.get("ready") else "not ready"),
                message=waiting.get("message") or ended.get("message") or "",
                exit_code=ended.get("exitCode"),
            )


def is_ready(pod: Json) -> bool:
    return any(
        condition["type"] == "Ready" and condition["status"] == "True"
        for condition in (pod.get("status") or {}).get("conditions") or []
    )


def trouble_of(pod: Json) -> str:
    """Why a pod is not ready, in a few words."""
    status = pod.get("status") or {}
    for condition in status.get("conditions") or []:
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return f"{condition.get('reason', 'not scheduled')}: {condition.get('message', '')}".rstrip(": ")
    for container in containers_of(pod):
        if container.init and container.exit_code == 0:
            continue
        # PodInitializing only means that an init container, reported before, is still running.
        if not container.ready and container.reason != "PodInitializing":
            restarts = f", {container.restarts} restarts" if container.restarts else ""
            running = "still running" if container.init else "running, not ready yet"
            what = running if container.reason == "not ready" else container.reason
            kind = "init container " if container.init else ""
            return f"{kind}{container.name}: {what}{restarts}"
    return str(status.get("reason") or status.get("phase") or "just created")


def troubled_container(pod: Json) -> Container | None:
    """The container with the most useful log: the first that failed, else the first that is not ready."""
    containers = [
        container
        for container in containers_of(pod)
        if not (container.exit_code == 0 or container.reason == "PodInitializing")
    ]
    failed = [container for container in containers if container.exit_code or container.crashing]
    waiting = [container for container in containers if not container.ready]
    return next(iter(failed + waiting), None)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which kinds of Docker are not supported, each in a sentence or two that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable

from ansible_collections.airfield.airflow.plugins.module_utils._machine.engine import Engine, value_at

_OLDEST_API = (1, 41)  # Docker Engine 20.10


def refusals(engine: Engine) -> list[str]:
    """A sentence for each reason why this Docker cannot be used."""
    kinds = [kind for kind in (_kind_of_command(engine), _kind_of_endpoint(engine), _kind_of_server(engine)) if kind]
    return [sentence(engine) for sentence in dict.fromkeys(kinds)]


def outdated(engine: Engine) -> str | None:
    """A sentence about an engine that is too old, or None."""
    if engine.version_mismatch:
        reason = engine.error.removeprefix("Error response from daemon: ").removesuffix(".")
        return (
            f"The command {engine.command} is not compatible with Docker Engine on this machine: {reason}. "
            "Update the older of the two, then run this again."
        )
    api = re.fullmatch(r"(\d+)\.(\d+)", str(engine.server.get("ApiVersion")))
    if api and (int(api[1]), int(api[2])) < _OLDEST_API:
        return f"Docker Engine {engine.version} is too old: 20.10 or newer is needed. Update it, then run this again."
    return None


Sentence = Callable[[Engine], str]


def _podman(_engine: Engine) -> str:
    return (
        "Docker on this machine is Podman, and only Docker Engine works. "
        "Remove the package `podman-docker` and install Docker Engine, then run this again."
    )


def _snap(_engine: Engine) -> str:
    return (
        "Docker on this machine is the snap, which cannot mount all directories that the cluster needs. "
        "Replace it with Docker Engine (`sudo snap remove docker` also removes its containers and images), "
        "then run this again."
    )


def _desktop(engine: Engine) -> str:
    step = "stop Docker Desktop (in WSL, turn off its integration with this distribution)"
    return (
        "Docker on this machine is Docker Desktop, whose containers run in a virtual machine and cannot reach this "
        f"machine. Use Docker Engine instead: {step}{'' if engine.is_local else f' and run {_undo(engine)}'}, "
        "then run this again."
    )


def _rootless(engine: Engine) -> str:
    step = "Stop it and use" if engine.is_local else f"Run {_undo(engine)} to use"
    return (
        "Docker on this machine is rootless Docker, which cannot give Airflow's directories to the users that Airflow "
        f"runs as. {step} the Docker Engine that runs as root, then run this again."
    )


def _elsewhere(engine: Engine) -> str:
    reason = "DOCKER_HOST is set" if engine.host_variable else f"its context is `{engine.context}`"
    return (
        f"The command `docker` talks to {engine.endpoint}, because {reason}. "
        f"Only Docker Engine on this machine works: run {_undo(engine)}, then run this again."
    )


def _unknown_context(engine: Engine) -> str:
    reason = engine.context_error.removesuffix(".")
    return f"Docker's context cannot be read: {reason}. Run {_undo(engine)}, then run this again."


def _undo(engine: Engine) -> str:
    if engine.host_variable:
        return "`unset DOCKER_HOST`"
    return "`unset DOCKER_CONTEXT`" if engine.context_variable else "`docker context use default`"


def _kind_of_command(engine: Engine) -> Sentence | None:
    if engine.is_podman:
        return _podman
    if engine.program == "/usr/bin/snap" or engine.program.startswith("/snap/"):
        return _snap
    # In WSL the command remains when Docker Desktop is stopped.
    return _desktop if "/docker-desktop/" in engine.program else None


def _kind_of_endpoint(engine: Engine) -> Sentence | None:
    if engine.context_error:
        return _unknown_context
    if engine.is_local:
        return None
    if engine.context == "desktop-linux" or "/.docker/desktop/" in engine.endpoint:
        return _desktop
    is_rootless = engine.endpoint.startswith("unix:///run/user/") and "podman" not in engine.endpoint
    return _rootless if is_rootless else _elsewhere


def _kind_of_server(engine: Engine) -> Sentence | None:
    components = engine.server.get("Components") or []
    if engine.socket_target.endswith("/podman.sock") or any(
        value_at(item, "Name") == "Podman Engine" for item in components
    ):
        return _podman
    names = (value_at(engine.server, "Platform", "Name"), engine.info.get("OperatingSystem"))
    if any("Docker Desktop" in str(name) for name in names):
        return _desktop
    if any("name=rootless" in str(option) for option in engine.info.get("SecurityOptions") or []):
        return _rootless
    return _snap if str(engine.info.get("DockerRootDir")).startswith("/var/snap/") else None

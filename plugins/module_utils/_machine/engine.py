# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Docker installation of this machine, and what it reports about itself.

The command is asked for its context first. Only an engine at a socket of this machine is queried further: any other
is rejected in any case, and a remote one may take long to answer.
"""

from __future__ import annotations

import contextlib
import grp
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
SocketState = Literal["open", "denied", "closed", "absent"]

SOCKET = "/var/run/docker.sock"
LOCAL_ENDPOINTS = (f"unix://{SOCKET}", "unix:///run/docker.sock")
COMMAND_PATH = "/usr/local/bin:/usr/bin:/usr/sbin:/sbin:/snap/bin"
DAEMON_PATH = "/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin"
TIMEOUT = 10.0  # seconds


@dataclass(frozen=True)
class Engine:
    """The state of Docker. Strings and objects are empty if there was nothing to read."""

    needed: bool = True
    command: str = ""
    program: str = ""  # the file that the command resolves to
    daemon: str = ""
    description: str = ""  # what `docker --version` prints
    socket: SocketState = "absent"
    socket_target: str = ""  # the file that the path of the socket resolves to
    access: bool = False
    is_root: bool = False
    host_variable: str = ""  # DOCKER_HOST
    context_variable: str = ""  # DOCKER_CONTEXT
    context: str = ""
    context_error: str = ""
    endpoint: str = ""
    server: Json = field(default_factory=dict)  # `Server` of `docker version`
    info: Json = field(default_factory=dict)  # `docker info`
    error: str = ""  # what `docker version` printed instead of an answer

    @property
    def is_podman(self) -> bool:
        return "podman" in self.description.lower()

    @property
    def is_local(self) -> bool:
        return not self.context_error and self.endpoint in ("", *LOCAL_ENDPOINTS)

    @property
    def version_mismatch(self) -> bool:
        """Whether the engine answers, but rejects this command's version of the API."""
        return "API version" in self.error

    @property
    def running(self) -> bool:
        if self.server or self.version_mismatch:
            return True
        # A user without access to the socket cannot ask; without a command, a socket that accepts connections is
        # enough.
        return (self.socket == "denied" and not self.is_root) or (self.socket == "open" and not self.command)

    @property
    def version(self) -> str:
        return str(self.server.get("Version") or "")

    @property
    def install(self) -> bool:
        return self.needed and not self.running and not self.daemon

    def facts(self) -> Json:
        return {
            "command": self.command,
            "daemon": self.daemon,
            "running": self.running,
            "version": self.version,
            "access": self.access,
            "install": self.install,
        }


@dataclass(frozen=True)
class Answer:
    """The output of a command."""

    succeeded: bool
    output: str
    error: str  # its last line on stderr


def read_engine(variables: Mapping[str, str], is_root: bool) -> Engine:
    """Find Docker as a program with these environment variables would find it."""
    path = variables.get("PATH", "")
    environment = {**variables, "LC_ALL": "C", "PATH": f"{path}:{COMMAND_PATH}"}
    command, description = find_command(environment)
    host = variables.get("DOCKER_HOST", "")
    state = socket_state(SOCKET)
    seen: Json = {
        "command": command,
        "program": os.path.realpath(command) if command else "",
        "daemon": shutil.which("dockerd", path=f"{path}:{DAEMON_PATH}") or "",
        "description": description,
        "socket": state,
        "socket_target": os.path.realpath(SOCKET),
        "access": may_use(SOCKET, state, is_root),
        "is_root": is_root,
        "host_variable": host,
        "context_variable": variables.get("DOCKER_CONTEXT", ""),
        "endpoint": host,
    }
    if command and not Engine(**seen).is_podman:
        seen |= read_context(command, environment)
        if Engine(**seen).is_local:
            seen |= read_server(command, environment)
    return Engine(**seen)


def find_command(environment: Mapping[str, str]) -> tuple[str, str]:
    """The path of the command and how it describes itself.

    One that does not work does not count: in WSL, Docker Desktop leaves one on PATH where it must not be used.
    """
    command = shutil.which("docker", path=environment["PATH"])
    answer = ask([command, "--version"], environment) if command else None
    return (command, answer.output.strip()) if command and answer and answer.succeeded else ("", "")


def read_context(command: str, environment: Mapping[str, str]) -> Json:
    """The context that the command uses and its endpoint. No engine is queried."""
    answer = ask([command, "context", "inspect"], environment)
    if not answer.succeeded:
        return {"context_error": answer.error or "no answer"}
    contexts = parse(answer.output, list)
    context = contexts[0] if contexts and isinstance(contexts[0], dict) else {}
    endpoint = value_at(context, "Endpoints", "docker", "Host")
    return {"context": str(context.get("Name") or ""), **({"endpoint": str(endpoint)} if endpoint else {})}


def read_server(command: str, environment: Mapping[str, str]) -> Json:
    """What the engine reports about itself, or the error."""
    version = ask([command, "version", "--format", "{{json .}}"], environment)
    server = parse(version.output, dict).get("Server")
    if not isinstance(server, dict) or not server:
        return {"error": version.error}
    info = ask([command, "info", "--format", "{{json .}}"], environment)
    return {"server": server, "info": parse(info.output, dict)}


def ask(command: list[str], environment: Mapping[str, str]) -> Answer:
    """Run a command. One that does not finish in time, or does not start, has no answer."""
    try:
        result = subprocess.run(
            command,
            env=dict(environment),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        return Answer(False, "", f"no answer within {TIMEOUT:.0f} seconds")
    except OSError as error:
        return Answer(False, "", error.strerror or str(error))
    lines = result.stderr.strip().splitlines()
    return Answer(result.returncode == 0, result.stdout, lines[-1] if lines else "")


def parse(text: str, kind: type[Any]) -> Any:
    """JSON of this type, or an empty value of the type."""
    with contextlib.suppress(ValueError):
        value = json.loads(text)
        if isinstance(value, kind):
            return value
    return kind()


def value_at(value: Any, *keys: str) -> Any:
    """The value at the end of a path of keys, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def socket_state(path: str) -> SocketState:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(TIMEOUT)
            client.connect(path)
    except FileNotFoundError:
        return "absent"
    except PermissionError:
        return "denied"
    except OSError:
        return "closed"
    return "open"


def may_use(path: str, state: SocketState, is_root: bool) -> bool:
    """Whether this user can access the socket, or could if it existed: it would belong to the group docker."""
    if state != "absent":
        return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
    try:
        docker = grp.getgrnam("docker").gr_gid
    except KeyError:
        return is_root
    return is_root or docker in (os.getegid(), *os.getgroups())

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program `docker` that answers with the recorded files next to this one, and the matching observations."""

from __future__ import annotations

import json
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._machine import engine as machine_engine

RECORDED = Path(__file__).parent
SCRIPT = r"""#!/bin/sh
cd {directory} || exit 1
printf '%s\n' "$*" >> calls
test -f "./$1.hangs" && exec sleep 60
test -f "./$1.error" && cat "./$1.error" >&2
cat "./$1" || exit 1
test ! -f "./$1.error"
"""


class FakeDocker:
    """The command in a separate directory, which is the only one on PATH that has Docker."""

    def __init__(self, directory: Path) -> None:
        self.bin = directory / "bin"
        self.answers = directory / "answers"
        self.socket = directory / "docker.sock"
        for path in (self.bin, self.answers):
            path.mkdir()
        self.variables = {"PATH": str(self.bin), "HOME": str(directory)}

    def install(self, recorded: str | None = None) -> FakeDocker:
        """Create the command there, with recorded answers."""
        self.program("docker", SCRIPT.format(directory=shlex.quote(str(self.answers))))
        if recorded:
            content = json.loads((RECORDED / f"{recorded}.json").read_text(encoding="utf-8"))
            self.answer("--version", content.pop("description"))
            for name, value in content.items():
                self.answer(name, json.dumps(value))
        return self

    def program(self, name: str, content: str = "#!/bin/sh\n") -> Path:
        path = self.bin / name
        path.write_text(content, encoding="utf-8")
        path.chmod(0o755)
        return path

    def answer(self, name: str, output: str, error: str | None = None) -> FakeDocker:
        (self.answers / name).write_text(output + "\n", encoding="utf-8")
        if error is not None:
            (self.answers / f"{name}.error").write_text(error + "\n", encoding="utf-8")
        return self

    def hang(self, name: str) -> FakeDocker:
        (self.answers / f"{name}.hangs").touch()
        return self

    @property
    def calls(self) -> list[str]:
        calls = self.answers / "calls"
        return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []

    def engine(self, **variables: str) -> machine_engine.Engine:
        return machine_engine.read_engine({**self.variables, **variables}, is_root=True)


@pytest.fixture(name="docker")
def docker_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    """No Docker yet, and not this machine's own."""
    fake = FakeDocker(tmp_path)
    monkeypatch.setattr(machine_engine, "SOCKET", str(fake.socket))
    monkeypatch.setattr(machine_engine, "COMMAND_PATH", str(fake.bin))
    monkeypatch.setattr(machine_engine, "DAEMON_PATH", str(fake.bin))
    # The rest of /usr/bin on PATH must not have Docker, so the tools of the script get a separate directory.
    for tool in ("cat", "sleep"):
        found = next(path for path in (Path("/bin") / tool, Path("/usr/bin") / tool) if path.exists())
        (fake.bin / tool).symlink_to(found)
    return fake


@pytest.fixture(name="listening")
def listening_fixture(docker: FakeDocker) -> Iterator[FakeDocker]:
    """The same with a socket that accepts connections."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(docker.socket))
        server.listen()
        yield docker


def engine(**changes: Any) -> machine_engine.Engine:
    """A supported engine."""
    right: dict[str, Any] = {
        "command": "/usr/bin/docker",
        "program": "/usr/bin/docker",
        "daemon": "/usr/sbin/dockerd",
        "description": "Docker version 26.1.5+dfsg1, build a72d7cd",
        "socket": "open",
        "socket_target": "/run/docker.sock",
        "access": True,
        "context": "default",
        "endpoint": "unix:///var/run/docker.sock",
        "server": {"Version": "26.1.5+dfsg1", "ApiVersion": "1.45"},
        "info": {"OperatingSystem": "Debian GNU/Linux 13 (trixie)", "DockerRootDir": "/var/lib/docker"},
    }
    return machine_engine.Engine(**(right | changes))


STOPPED: dict[str, Any] = {"socket": "closed", "server": {}, "info": {}, "error": "Cannot connect to the Docker daemon"}
MISSING: dict[str, Any] = {**STOPPED, "socket": "absent", "command": "", "program": "", "daemon": "", "description": ""}

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as a whole: the options reach the checks, and all observations are returned."""

from __future__ import annotations

import json
import os
import platform
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.airfield.airflow.plugins.modules import machine
from ansible_collections.airfield.airflow.tests.unit.plugins.module_utils._machine.fake_docker import (
    FakeDocker,
    docker_fixture,
)

__all__ = ["docker_fixture"]

Result = dict[str, Any]
Run = Callable[..., Result]


@pytest.fixture
def run(docker: FakeDocker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The module on a Debian machine with amd64, whatever this one is, and with the Docker of the test."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in docker.variables.items():
        monkeypatch.setenv(name, value)
    fields = {"NAME": "Debian GNU/Linux", "VERSION_ID": "13", "ID": "debian"}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: fields)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")

    def call(check: bool = False, **parameters: Any) -> Result:
        given = {**parameters, "_ansible_check_mode": check}
        with patch_module_args(given), pytest.raises(SystemExit):
            machine.main()
        result: Result = json.loads(capsys.readouterr().out)
        return result

    return call


@pytest.mark.parametrize("check", [False, True])
def test_a_right_machine(run: Run, docker: FakeDocker, check: bool) -> None:
    dockerd = docker.install("docker_ce_29").program("dockerd")
    result = run(check=check, home=str(docker.bin), ports=[entry(free_port())])
    assert not result.get("failed"), result["msg"]
    assert (result["changed"], result["problems"]) == (False, [])
    seen = result["machine"]
    assert seen.pop("user") == seen.pop("home_owner")
    assert seen == {
        "hostname": platform.node(),
        "architecture": "amd64",
        "distribution": "Debian GNU/Linux 13",
        "is_root": os.geteuid() == 0,
        "uid": os.geteuid(),
        "gid": os.getegid(),
        "engine": {
            "command": str(docker.bin / "docker"),
            "daemon": str(dockerd),
            "running": True,
            "version": "29.0.0",
            "access": seen["engine"]["access"],
            "install": False,
        },
    }


def test_all_problems_are_in_one_message_with_the_facts(run: Run, docker: FakeDocker) -> None:
    docker.install("rootless")
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        result = run(ports=[entry(number), entry(70000)])
    assert result["failed"]
    assert result["msg"].startswith(
        f"This machine ({platform.node()}) cannot run airfield yet: 3 problems. Nothing was changed.\n1. "
    )
    assert [line[3:] for line in result["msg"].splitlines()[1:]] == result["problems"]
    name = Path("/proc/self/comm").read_text(encoding="utf-8").strip()
    assert result["problems"][0].startswith("Docker on this machine is rootless Docker")
    assert result["problems"][1].startswith("70000 (the UI) is not a valid port")
    assert result["problems"][2] == (
        f"Port {number} (the UI) is taken on 127.0.0.1 by {name} (pid {os.getpid()}). "
        "Stop that program, or set `airfield_host_port` to another port."
    )
    assert result["machine"]["architecture"] == "amd64"


def test_the_environment_of_the_task_counts(run: Run, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    docker.install("debian_20_10").answer("context", "[]")
    monkeypatch.setenv("DOCKER_HOST", "tcp://10.0.0.5:2375")
    assert run()["problems"] == [
        "The command `docker` talks to tcp://10.0.0.5:2375, because DOCKER_HOST is set. "
        "Only Docker Engine on this machine works: run `unset DOCKER_HOST`, then run this again."
    ]


def test_without_an_engine_docker_is_not_asked(run: Run, docker: FakeDocker) -> None:
    docker.install("rootless")
    result = run(engine=False)
    assert result["problems"] == []
    assert (result["machine"]["engine"]["command"], result["machine"]["engine"]["install"]) == ("", False)
    assert docker.calls == []


def test_builds(run: Run, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    docker.install("docker_ce_29")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert run()["problems"] == []
    assert "do not answer) works only on amd64" in run(builds=True)["msg"]


def test_removing(run: Run, docker: FakeDocker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert run(installed=True, ports=[entry(server.getsockname()[1]), entry(0)])["problems"] == []
    docker.program("dockerd")
    result = run(installed=True)
    assert result["msg"].startswith(f"What is installed on this machine ({platform.node()}) cannot be used")
    assert "does not answer" in result["problems"][0]


def test_the_home_directory_of_somebody_else(run: Run, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    docker.install("docker_ce_29")
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_001)
    assert run(home="/", engine=False)["problems"] == [
        "This runs as user 4000000001, but / belongs to root. "
        "Run the command as root, or set HOME to the home directory of user 4000000001."
    ]


@pytest.mark.parametrize("missing", ["port", "purpose", "variable"])
def test_what_a_port_must_have(run: Run, missing: str) -> None:
    result = run(ports=[{key: value for key, value in entry(80).items() if key != missing}])
    assert result["msg"] == f"missing required arguments: {missing} found in ports"


def test_the_documentation_names_every_fact(run: Run, docker: FakeDocker) -> None:
    documented = yaml.safe_load(machine.RETURN)["machine"]
    seen = run()["machine"]
    for facts in (documented["contains"], documented["sample"]):
        assert facts.keys() == seen.keys()
    for facts in (documented["contains"]["engine"]["contains"], documented["sample"]["engine"]):
        assert facts.keys() == seen["engine"].keys()


def test_docker_is_asked_without_a_terminal(run: Run, docker: FakeDocker) -> None:
    docker.program("docker", "#!/bin/sh\nread line; echo Docker version 29 $line\n")
    assert not run().get("failed")


def entry(port: int) -> dict[str, Any]:
    return {"port": port, "purpose": "the UI", "variable": "airfield_host_port"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])

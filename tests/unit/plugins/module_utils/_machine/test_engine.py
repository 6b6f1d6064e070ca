# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The observations of Docker, from a program that prints recorded answers and from real sockets."""

from __future__ import annotations

import contextlib
import grp
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._machine import engine as machine_engine
from ansible_collections.airfield.airflow.tests.unit.plugins.module_utils._machine.fake_docker import (
    MISSING,
    STOPPED,
    FakeDocker,
    docker_fixture,
    engine,
    listening_fixture,
)

__all__ = ["docker_fixture", "listening_fixture"]

DENIED = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock"
NOBODY = 65534


@contextlib.contextmanager
def somebody_else(path: Path) -> Iterator[None]:
    """As a user who must not use the file."""
    path.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize(
    ("recorded", "version"), [("debian_20_10", "20.10.24+dfsg1"), ("docker_ce_29", "29.0.0"), ("desktop", "28.3.2")]
)
def test_an_engine_that_answers(listening: FakeDocker, recorded: str, version: str) -> None:
    dockerd = listening.install(recorded).program("dockerd")
    assert listening.engine().facts() == {
        "command": str(listening.bin / "docker"),
        "daemon": str(dockerd),
        "running": True,
        "version": version,
        "access": True,
        "install": False,
    }


def test_no_docker_at_all(docker: FakeDocker) -> None:
    assert docker.engine().facts() == {
        "command": "",
        "daemon": "",
        "running": False,
        "version": "",
        "access": True,
        "install": True,
    }


def test_an_engine_that_does_not_run(docker: FakeDocker) -> None:
    docker.install("debian_20_10").program("dockerd")
    docker.answer("version", '{"Client":{"Version":"28.2.2"},"Server":null}', "Cannot connect to the Docker daemon.")
    seen = docker.engine()
    assert (seen.running, seen.install, seen.version, seen.error) == (
        False,
        False,
        "",
        "Cannot connect to the Docker daemon.",
    )
    assert "info --format {{json .}}" not in docker.calls


def test_the_command_alone_is_no_engine(docker: FakeDocker) -> None:
    docker.install("debian_20_10").answer("version", '{"Client":{},"Server":null}', "Cannot connect")
    assert docker.engine().install


def test_an_engine_without_the_command_is_found_by_its_socket(listening: FakeDocker) -> None:
    seen = listening.engine()
    assert (seen.command, seen.running, seen.install) == ("", True, False)


def test_the_command_is_found_beside_path(docker: FakeDocker) -> None:
    docker.install("docker_ce_29")
    assert docker.engine(PATH="/nowhere").version == "29.0.0"


def test_the_daemon_is_found_beside_path(docker: FakeDocker) -> None:
    dockerd = docker.program("dockerd")
    assert docker.engine(PATH="/nowhere").daemon == str(dockerd)


def test_a_command_that_hangs_is_no_answer(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_engine, "TIMEOUT", 0.5)
    seen = docker.install("debian_20_10").hang("version").engine()
    assert (seen.running, seen.error) == (False, "no answer within 0 seconds")


@pytest.mark.parametrize("output", ["", "no JSON", "[]", "7", '{"Server": 7}', '{"Server": []}'])
def test_nonsense_is_no_answer(docker: FakeDocker, output: str) -> None:
    seen = docker.install("debian_20_10").answer("version", output).engine()
    assert (seen.server, seen.running) == ({}, False)


@pytest.mark.parametrize("output", ["", "no JSON", "[]", "[7]", '[{"Endpoints": []}]', "{}"])
def test_a_context_of_nonsense_is_taken_for_the_usual_one(docker: FakeDocker, output: str) -> None:
    seen = docker.install("debian_20_10").answer("context", output).engine()
    assert (seen.context, seen.endpoint, seen.running) == ("", "", True)
    assert docker.engine(DOCKER_HOST="tcp://10.0.0.5:2375").endpoint == "tcp://10.0.0.5:2375"


@pytest.mark.parametrize("content", ["#!/no/such/interpreter\n", "#!/bin/sh\necho not in this WSL 2 distro; exit 1\n"])
def test_a_command_that_does_not_work_does_not_count(docker: FakeDocker, content: str) -> None:
    docker.program("docker", content)
    seen = docker.engine()
    assert (seen.command, seen.description, seen.context_error, seen.install) == ("", "", "", True)


def test_podman_is_asked_nothing_else(docker: FakeDocker) -> None:
    seen = docker.install("podman_docker").engine()
    assert (seen.is_podman, seen.running) == (True, False)
    assert docker.calls == ["--version"]


def test_an_engine_elsewhere_is_not_asked(docker: FakeDocker) -> None:
    seen = docker.install("rootless").engine()
    assert (seen.context, seen.endpoint, seen.is_local) == ("rootless", "unix:///run/user/1000/docker.sock", False)
    assert docker.calls == ["--version", "context inspect"]


def test_an_unknown_context(docker: FakeDocker) -> None:
    docker.install("debian_20_10").answer("context", "[]", 'context "nope": context not found')
    seen = docker.engine(DOCKER_CONTEXT="nope")
    assert (seen.context_error, seen.context_variable) == ('context "nope": context not found', "nope")
    assert docker.calls == ["--version", "context inspect"]


def test_the_variable_counts_without_the_command(docker: FakeDocker) -> None:
    seen = docker.engine(DOCKER_HOST="tcp://10.0.0.5:2375")
    assert (seen.host_variable, seen.endpoint, seen.is_local) == ("tcp://10.0.0.5:2375", "tcp://10.0.0.5:2375", False)


@pytest.mark.parametrize(
    ("endpoint", "local"),
    [
        ("", True),
        ("unix:///var/run/docker.sock", True),
        ("unix:///run/docker.sock", True),
        ("unix:///run/user/1000/docker.sock", False),
        ("ssh://me@server", False),
    ],
)
def test_local_endpoints(endpoint: str, local: bool) -> None:
    assert engine(endpoint=endpoint).is_local is local


def test_the_users_environment_and_language(docker: FakeDocker) -> None:
    docker.program("docker", '#!/bin/sh\necho "$LC_ALL $DOCKER_CONFIG"\n')
    assert docker.engine(DOCKER_CONFIG="/etc/mine", LC_ALL="de_DE.UTF-8").description == "C /etc/mine"


def test_links_are_followed(docker: FakeDocker) -> None:
    real = docker.program("snap")
    (docker.bin / "docker").symlink_to(real)
    assert docker.engine().program == os.path.realpath(real)


def test_the_states_of_a_socket(listening: FakeDocker, tmp_path: Path) -> None:
    assert machine_engine.socket_state(str(listening.socket)) == "open"
    assert machine_engine.socket_state(str(tmp_path / "none")) == "absent"
    stale = tmp_path / "stale"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(stale))
    assert machine_engine.socket_state(str(stale)) == "closed"
    with somebody_else(listening.socket):
        assert machine_engine.socket_state(str(listening.socket)) == "denied"


def test_who_may_use_a_socket(listening: FakeDocker) -> None:
    assert machine_engine.may_use(str(listening.socket), "open", is_root=False)
    with somebody_else(listening.socket):
        assert not machine_engine.may_use(str(listening.socket), "denied", is_root=False)


def test_who_could_use_a_socket_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "none")

    def group(number: int) -> None:
        docker = grp.struct_group(("docker", "x", number, []))
        monkeypatch.setattr(grp, "getgrnam", {"docker": docker}.__getitem__)

    group(54321)
    assert machine_engine.may_use(path, "absent", is_root=True)
    assert not machine_engine.may_use(path, "absent", is_root=False)
    group(os.getegid())
    assert machine_engine.may_use(path, "absent", is_root=False)
    group(54321)
    monkeypatch.setattr(os, "getgroups", lambda: [54321])
    assert machine_engine.may_use(path, "absent", is_root=False)
    monkeypatch.setattr(grp, "getgrnam", {}.__getitem__)
    assert not machine_engine.may_use(path, "absent", is_root=False)
    assert machine_engine.may_use(path, "absent", is_root=True)


def test_whom_the_socket_refuses_cannot_know_more() -> None:
    refused = engine(**{**STOPPED, "socket": "denied", "access": False, "error": DENIED})
    assert (refused.running, refused.install, refused.version) == (True, False, "")
    assert not engine(**{**STOPPED, "socket": "denied", "is_root": True}).running


def test_a_command_of_another_version_is_an_answer() -> None:
    error = "Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.41"
    assert engine(**{**STOPPED, "socket": "open", "error": error}).running


def test_an_accepting_socket_alone_does_not_count_beside_the_command() -> None:
    assert not engine(**{**STOPPED, "socket": "open"}).running


def test_nothing_is_installed_that_is_not_needed() -> None:
    assert engine(**MISSING).install
    assert not engine(**MISSING, needed=False).install

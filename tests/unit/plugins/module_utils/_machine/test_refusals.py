# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Docker is rejected and with which message: by recorded engines, and by single observations."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._machine.refusals import outdated, refusals
from ansible_collections.airfield.airflow.tests.unit.plugins.module_utils._machine.fake_docker import (
    STOPPED,
    FakeDocker,
    docker_fixture,
    engine,
)

__all__ = ["docker_fixture"]

PODMAN = (
    "Docker on this machine is Podman, and only Docker Engine works. "
    "Remove the package `podman-docker` and install Docker Engine, then run this again."
)
SNAP = (
    "Docker on this machine is the snap, which cannot mount all directories that the cluster needs. Replace it with "
    "Docker Engine (`sudo snap remove docker` also removes its containers and images), then run this again."
)
DESKTOP = (
    "Docker on this machine is Docker Desktop, whose containers run in a virtual machine and cannot reach this "
    "machine. Use Docker Engine instead: stop Docker Desktop (in WSL, turn off its integration with this distribution)"
)
DESKTOP_HERE = f"{DESKTOP}, then run this again."
DESKTOP_CONTEXT = f"{DESKTOP} and run `docker context use default`, then run this again."
ROOTLESS = (
    "Docker on this machine is rootless Docker, which cannot give Airflow's directories to the users that Airflow runs "
    "as. {} the Docker Engine that runs as root, then run this again."
)
ELSEWHERE = (
    "The command `docker` talks to {}, because {}. "
    "Only Docker Engine on this machine works: run {}, then run this again."
)


@pytest.mark.parametrize(
    ("recorded", "sentence"),
    [
        ("debian_20_10", None),
        ("docker_ce_29", None),
        ("desktop", DESKTOP_HERE),
        ("desktop_linux", DESKTOP_CONTEXT),
        ("rootless", ROOTLESS.format("Run `docker context use default` to use")),
        ("podman_docker", PODMAN),
        ("podman_socket", PODMAN),
        ("snap", SNAP),
        ("docker_19_03", None),
    ],
)
def test_recorded_engines(docker: FakeDocker, recorded: str, sentence: str | None) -> None:
    assert refusals(docker.install(recorded).engine()) == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"program": "/usr/bin/snap"}, SNAP),
        ({"program": "/snap/docker/3064/bin/docker", **STOPPED}, SNAP),
        ({"program": "/mnt/wsl/docker-desktop/cli-tools/usr/bin/docker", **STOPPED}, DESKTOP_HERE),
        ({"socket_target": "/run/podman/podman.sock", **STOPPED}, PODMAN),
        ({"info": {"OperatingSystem": "Docker Desktop"}}, DESKTOP_HERE),
        ({"server": {"Platform": {"Name": "Docker Desktop 4.43.2"}}}, DESKTOP_HERE),
        ({"info": {"SecurityOptions": ["name=rootless"]}}, ROOTLESS.format("Stop it and use")),
        (
            {"endpoint": "unix:///run/user/1000/docker.sock", "host_variable": "unix:///run/user/1000/docker.sock"},
            ROOTLESS.format("Run `unset DOCKER_HOST` to use"),
        ),
        (
            {"endpoint": "unix:///home/me/.docker/desktop/docker.sock", "context": "mine"},
            DESKTOP_CONTEXT,
        ),
        ({"endpoint": "unix:///home/me/cli.sock", "context": "desktop-linux"}, DESKTOP_CONTEXT),
        (
            {"endpoint": "tcp://10.0.0.5:2375", "host_variable": "tcp://10.0.0.5:2375"},
            ELSEWHERE.format("tcp://10.0.0.5:2375", "DOCKER_HOST is set", "`unset DOCKER_HOST`"),
        ),
        (
            {"endpoint": "ssh://me@server", "context": "server"},
            ELSEWHERE.format("ssh://me@server", "its context is `server`", "`docker context use default`"),
        ),
        (
            {"endpoint": "ssh://me@server", "context": "server", "context_variable": "server"},
            ELSEWHERE.format("ssh://me@server", "its context is `server`", "`unset DOCKER_CONTEXT`"),
        ),
        (
            {"endpoint": "unix:///run/user/1000/podman/podman.sock", "host_variable": "unix:///run/user/1000/podman/…"},
            ELSEWHERE.format("unix:///run/user/1000/podman/podman.sock", "DOCKER_HOST is set", "`unset DOCKER_HOST`"),
        ),
        (
            {"context_error": 'context "nope": context not found.', "context_variable": "nope"},
            'Docker\'s context cannot be read: context "nope": context not found. Run `unset DOCKER_CONTEXT`, '
            "then run this again.",
        ),
    ],
)
def test_observations(changes: dict[str, Any], sentence: str) -> None:
    assert refusals(engine(**changes)) == [sentence]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"endpoint": "unix:///run/docker.sock", "host_variable": "unix:///run/docker.sock"},
        {"context": "mine"},
        {"server": {"Components": None, "Platform": None}, "info": {"SecurityOptions": None, "DockerRootDir": None}},
        {"server": {"Components": [7, "x"]}, "info": {"SecurityOptions": ["name=seccomp,profile=rootless", 7]}},
        {"info": {"DockerRootDir": "/srv/docker"}},
    ],
)
def test_the_right_engine(changes: dict[str, Any]) -> None:
    assert refusals(engine(**changes)) == []


def test_different_reasons_are_all_given_and_each_once() -> None:
    snap = {"program": "/usr/bin/snap", "endpoint": "tcp://a:1", "host_variable": "tcp://a:1"}
    both = refusals(engine(**snap))
    assert both == [SNAP, ELSEWHERE.format("tcp://a:1", "DOCKER_HOST is set", "`unset DOCKER_HOST`")]
    assert refusals(engine(program="/usr/bin/snap", info={"DockerRootDir": "/var/snap/docker/x"})) == [SNAP]


def test_an_engine_that_is_too_old(docker: FakeDocker) -> None:
    sentence = "Docker Engine 19.03.15 is too old: 20.10 or newer is needed. Update it, then run this again."
    assert outdated(docker.install("docker_19_03").engine()) == sentence


@pytest.mark.parametrize("recorded", ["debian_20_10", "docker_ce_29"])
def test_engines_that_are_new_enough(docker: FakeDocker, recorded: str) -> None:
    assert outdated(docker.install(recorded).engine()) is None


@pytest.mark.parametrize(
    ("version", "old"), [("1.40", True), ("1.9", True), ("1.41", False), ("2.0", False), ("new", False), (None, False)]
)
def test_versions_of_the_api(version: str | None, old: bool) -> None:
    assert (outdated(engine(server={"ApiVersion": version})) is not None) is old


def test_an_engine_that_refuses_the_commands_version() -> None:
    error = "Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.41"
    assert outdated(engine(server={}, error=error)) == (
        "The command /usr/bin/docker is not compatible with Docker Engine on this machine: client version 1.52 is too "
        "new. Maximum supported API version is 1.41. Update the older of the two, then run this again."
    )

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._machine.engine import Engine
from ansible_collections.airfield.airflow.plugins.module_utils._machine.ports import Holder, Port, TakenPort
from ansible_collections.airfield.airflow.plugins.module_utils._machine.problems import (
    Machine,
    Needs,
    message,
    problems_of,
)
from ansible_collections.airfield.airflow.plugins.module_utils._machine.system import System
from ansible_collections.airfield.airflow.tests.unit.plugins.module_utils._machine.fake_docker import (
    MISSING,
    STOPPED,
    engine,
)

RIGHT: dict[str, Any] = {
    "hostname": "laptop",
    "kernel": "Linux",
    "architecture": "amd64",
    "distribution": "Debian GNU/Linux 13",
    "is_debian": True,
    "uid": 1000,
    "gid": 1000,
    "user": "me",
    "home": "/home/me",
    "home_uid": 1000,
    "home_owner": "me",
}
FEDORA: dict[str, Any] = {"distribution": "Fedora Linux 43", "is_debian": False}
MAC: dict[str, Any] = {
    "kernel": "Darwin",
    "architecture": "arm64",
    "distribution": "an unknown distribution",
    "is_debian": False,
}
ROOT: dict[str, Any] = {"uid": 0, "gid": 0, "user": "root"}
PORT = Port(8080, "127.0.0.1", "Argo CD's UI", "argocd_host_port")
NO_ANSWER = (
    "Docker Engine is installed on this machine but does not answer, so its containers cannot be listed. Start it "
    "(`sudo systemctl start docker`), then run this again."
)
PACKAGES = "`airfield_source: packages` (also the choice of `auto` if the public downloads do not answer)"
UPSTREAM = "Set `airfield_source: upstream`, and `airfield_download_mirror` if the downloads cannot be reached."


def problems(seen: Engine | None = None, needs: Needs | None = None, **system: Any) -> list[str]:
    return problems_of(Machine(System(**(RIGHT | system)), seen or engine()), needs or Needs())


@pytest.mark.parametrize("needs", [Needs(), Needs(builds=True), Needs(engine=False), Needs(installed=True)])
def test_a_right_machine_has_no_problem(needs: Needs) -> None:
    assert problems(needs=needs) == []
    assert problems(needs=needs, **ROOT, home="/root", home_uid=0, home_owner="root") == []


@pytest.mark.parametrize(
    "changes",
    [
        MISSING,
        STOPPED,
        {"command": "", "program": ""},
        {**STOPPED, "socket": "denied", "access": False, "error": "permission denied while trying to connect"},
    ],
)
def test_what_the_playbooks_put_right_themselves_is_no_problem(changes: dict[str, Any]) -> None:
    assert problems(engine(**changes)) == []


def test_an_arm_machine_is_right_without_builds() -> None:
    assert problems(architecture="arm64") == []


@pytest.mark.parametrize(("kernel", "name"), [("Darwin", "macOS"), ("FreeBSD", "FreeBSD")])
def test_another_operating_system_has_only_that_problem(kernel: str, name: str) -> None:
    found = problems(engine(program="/usr/bin/snap"), Needs(builds=True), **(MAC | {"kernel": kernel}))
    assert found == [
        f"This machine runs {name}, and airfield needs Linux. Use a Linux machine, or a virtual machine with Debian "
        "or Ubuntu."
    ]
    # The downloaded programs are those for Linux.
    assert problems(engine(**MISSING), Needs(engine=False), **(MAC | {"kernel": kernel})) == found


def test_another_operating_system_can_remove_what_is_elsewhere() -> None:
    assert problems(engine(**MISSING), Needs(installed=True), **MAC) == []


@pytest.mark.parametrize("builds", [False, True])
def test_another_processor(builds: bool) -> None:
    assert problems(needs=Needs(builds=builds), architecture="riscv64") == [
        "The processor of this machine is riscv64; only amd64 (x86_64) and arm64 (aarch64) work. Use another machine."
    ]
    assert len(problems(needs=Needs(engine=False), architecture="riscv64")) == 1


def test_builds_are_for_amd64_only() -> None:
    assert problems(needs=Needs(builds=True), architecture="arm64") == [
        f"The processor of this machine is arm64; {PACKAGES} works only on amd64. {UPSTREAM}"
    ]


def test_builds_need_debian() -> None:
    assert problems(needs=Needs(builds=True), **FEDORA) == [
        f"This machine runs Fedora Linux 43; {PACKAGES} works only on Debian and Ubuntu. {UPSTREAM}"
    ]


@pytest.mark.parametrize("changes", [{}, STOPPED])
def test_another_distribution_with_an_engine_is_allowed(changes: dict[str, Any]) -> None:
    assert problems(engine(**changes), **FEDORA) == []


def test_an_engine_is_installed_only_on_debian() -> None:
    assert problems(engine(**MISSING), **FEDORA) == [
        "This machine runs Fedora Linux 43; airfield installs Docker only on Debian and Ubuntu. "
        "Install Docker Engine yourself and start it, then run this again."
    ]


def test_the_command_is_installed_only_on_debian() -> None:
    assert problems(engine(command="", program=""), **FEDORA) == [
        "This machine runs Fedora Linux 43; airfield installs the command `docker` only on Debian and Ubuntu. "
        "Install it yourself (in most distributions it is in the package `docker-cli`), then run this again."
    ]


@pytest.mark.parametrize("needs", [Needs(), Needs(installed=True)])
def test_a_refused_engine_has_only_that_problem(needs: Needs) -> None:
    podman = engine(**{**MISSING, "command": "/usr/bin/docker", "description": "podman version 5.4.2"})
    found = problems(podman, needs, **FEDORA)
    assert [problem.split(",")[0] for problem in found] == ["Docker on this machine is Podman"]
    assert problems(podman, Needs(engine=False, installed=needs.installed), **FEDORA) == []


def test_an_old_engine_is_a_problem_except_for_removing() -> None:
    old = engine(server={"Version": "19.03.15", "ApiVersion": "1.40"})
    assert [problem[:29] for problem in problems(old)] == ["Docker Engine 19.03.15 is too"]
    assert problems(old, Needs(installed=True)) == []


@pytest.mark.parametrize(
    ("changes", "answers"),
    [
        (MISSING, True),
        ({**MISSING, "socket": "closed"}, True),
        ({**MISSING, "command": "/usr/bin/docker"}, True),
        (STOPPED, False),
        ({**STOPPED, "daemon": "", "socket": "open"}, False),
        ({**STOPPED, "socket": "denied"}, True),
        ({**STOPPED, "socket": "denied", "is_root": True}, False),
    ],
)
def test_removing_needs_an_answer_from_an_engine_that_exists(changes: dict[str, Any], answers: bool) -> None:
    assert problems(engine(**changes), Needs(installed=True)) == ([] if answers else [NO_ANSWER])
    assert problems(engine(**changes), Needs(installed=True, engine=False)) == []


def test_removing_with_a_refused_engine_has_only_that_problem() -> None:
    found = problems(engine(**STOPPED | {"program": "/usr/bin/snap"}), Needs(installed=True))
    assert [problem.split(",")[0] for problem in found] == ["Docker on this machine is the snap"]


def test_removing_asks_for_nothing_else() -> None:
    assert problems(needs=Needs(installed=True, builds=True), **FEDORA | {"architecture": "riscv64"}) == []


@pytest.mark.parametrize(
    "needs", [Needs(), Needs(engine=False), Needs(installed=True), Needs(installed=True, builds=True)]
)
def test_root_with_the_home_directory_of_somebody_else(needs: Needs) -> None:
    # In a container of a CI service root has such a home on purpose.
    assert problems(needs=needs, **ROOT) == []
    assert problems(needs=needs, **ROOT, by_sudo=True) == [
        "This runs as root, but /home/me belongs to me. Run the command as me, without sudo or --become: it asks for "
        "root's rights itself where it needs them (ARGS=--ask-become-pass)."
    ]


def test_a_user_with_the_home_directory_of_somebody_else() -> None:
    assert problems(home="/root", home_uid=0, home_owner="root") == [
        "This runs as me, but /root belongs to root. Run the command as root, or set HOME to the home directory of me."
    ]


def test_no_home_directory_is_no_problem() -> None:
    assert problems(home="", home_uid=0, home_owner="") == []


@pytest.mark.parametrize(
    ("port", "holder", "sentence"),
    [
        (
            PORT,
            Holder("nginx", 123),
            "Port 8080 (Argo CD's UI) is taken on 127.0.0.1 by nginx (pid 123). "
            "Stop that program, or set `argocd_host_port` to another port.",
        ),
        (
            PORT,
            None,
            "Port 8080 (Argo CD's UI) is taken on 127.0.0.1. "
            "Stop the program that listens there, or set `argocd_host_port` to another port.",
        ),
        (
            Port(5000, "172.18.0.1", "the host worker", "airfield_host_worker_port"),
            Holder("docker-proxy", 7),
            "Port 5000 (the host worker) is taken on 172.18.0.1 by docker-proxy (pid 7). "
            "Stop the container that publishes it, or set `airfield_host_worker_port` to another port.",
        ),
    ],
)
def test_taken_ports(port: Port, holder: Holder | None, sentence: str) -> None:
    machine = Machine(System(**RIGHT), engine(), [port], [TakenPort(port, holder)])
    assert problems_of(machine, Needs()) == [sentence]
    assert problems_of(machine, Needs(engine=False)) == [sentence]


def test_a_number_that_is_no_port() -> None:
    machine = Machine(System(**RIGHT), engine(), [PORT, Port(70000, "127.0.0.1", "the UI", "airfield_host_port")])
    assert problems_of(machine, Needs()) == [
        "70000 (the UI) is not a valid port. Set `airfield_host_port` to a number from 1 to 65535."
    ]


def test_all_problems_are_found_at_once() -> None:
    system = System(**(RIGHT | FEDORA | ROOT | {"architecture": "arm64", "by_sudo": True}))
    found = problems_of(Machine(system, engine(**MISSING), [PORT], [TakenPort(PORT, None)]), Needs(builds=True))
    starts = ["This runs", "The processor", "This machine", "This machine", "Port 8080"]
    assert [" ".join(problem.split()[:2]) for problem in found] == starts


def test_the_message() -> None:
    assert message("laptop", ["A.", "B."], Needs()) == (
        "This machine (laptop) cannot run airfield yet: 2 problems. Nothing was changed.\n1. A.\n2. B."
    )
    assert message("laptop", ["A."], Needs(installed=True)) == (
        "What is installed on this machine (laptop) cannot be used or removed now: one problem. "
        "Nothing was changed.\n1. A."
    )

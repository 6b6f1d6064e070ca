# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports against real listeners, and the names of real programs."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._machine import ports as machine_ports
from ansible_collections.airfield.airflow.plugins.module_utils._machine.ports import (
    Holder,
    Listener,
    Port,
    TakenPort,
    taken_ports,
)

ABSENT = "198.51.100.7"  # for documentation only (RFC 5737): no machine has it
HERE = Holder(Path("/proc/self/comm").read_text(encoding="utf-8").strip(), os.getpid())


@contextlib.contextmanager
def listener(address: str = "127.0.0.1", *, ipv6_only: bool = False) -> Iterator[int]:
    """A server on a free port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, ipv6_only)
        server.bind((address, 0))
        server.listen()
        yield server.getsockname()[1]


def port(number: int, address: str = "127.0.0.1") -> Port:
    return Port(number, address, "Airflow's UI and API", "airfield_host_port")


def test_a_taken_port_and_its_program() -> None:
    with listener() as number:
        assert taken_ports([port(number)]) == [TakenPort(port(number), HERE)]
    assert taken_ports([port(number)]) == []


@pytest.mark.parametrize(
    ("listening", "wanted", "taken"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("127.0.0.1", "0.0.0.0", True),
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", ABSENT, False),
        ("127.0.0.1", "no-host.invalid", False),
        ("0.0.0.0", "127.0.0.1", True),
        ("0.0.0.0", ABSENT, True),
        ("127.0.0.1", "::1", False),
        ("127.0.0.1", "::", True),
        ("::", "127.0.0.1", True),
        pytest.param("::", ABSENT, True),
        ("::", "::1", True),
        ("::1", "::1", True),
        ("::1", "::", True),
        ("::1", "127.0.0.1", False),
        ("::1", "2001:db8::7", False),
        ("::", "2001:db8::7", True),
    ],
)
def test_addresses(listening: str, wanted: str, taken: bool) -> None:
    with listener(listening) as number:
        assert taken_ports([port(number, wanted)]) == ([TakenPort(port(number, wanted), HERE)] if taken else [])


def test_a_server_for_ipv6_only_leaves_ipv4_free() -> None:
    with listener("::", ipv6_only=True) as number:
        assert taken_ports([port(number)]) == []


def test_a_connection_that_was_just_closed_does_not_take_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", number))
        accepted, _peer = server.accept()
        accepted.close()  # the side that closes first keeps the connection in TIME_WAIT
        client.close()
    assert taken_ports([port(number)]) == []


def test_another_program_is_named() -> None:
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        number = int(process.stdout.readline())
        name = Path(f"/proc/{process.pid}/comm").read_text(encoding="utf-8").strip()
        found = taken_ports([port(number)])
        process.communicate(b"\n", timeout=10)
    assert found == [TakenPort(port(number), Holder(name, process.pid))]


def test_of_a_server_and_its_children_the_server_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        descriptor = server.fileno()
        with subprocess.Popen(["sleep", "60"], pass_fds=[descriptor]) as child:
            found = taken_ports([port(server.getsockname()[1])])
            child.kill()
    assert [taken.holder for taken in found] == [HERE]


def test_a_program_that_this_user_may_not_see_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener() as number:
        monkeypatch.setattr(machine_ports, "_open_files", lambda pid: iter(()))
        assert taken_ports([port(number)]) == [TakenPort(port(number), None)]


def test_the_program_on_the_very_address_is_preferred() -> None:
    listeners = [
        Listener(ip_address(address), 80, inode) for address, inode in [("::", "1"), ("127.0.0.1", "2"), ("::1", "3")]
    ]
    found = machine_ports.conflicting(listeners, port(80))
    assert [listener.inode for listener in found] == ["2", "1"]
    assert machine_ports.conflicting(listeners, port(81)) == []


def test_a_port_for_root_only_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_ports, "bind_error", lambda address, port: errno.EACCES)
    with listener() as number:
        assert taken_ports([port(number)]) == [TakenPort(port(number), HERE)]
    assert taken_ports([port(number)]) == []


def test_a_connection_is_no_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_ports, "bind_error", lambda address, port: errno.EACCES)
    with listener() as number, socket.create_connection(("127.0.0.1", number)) as client:
        assert taken_ports([port(client.getsockname()[1])]) == []


def test_an_address_that_this_machine_cannot_have_is_left_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener() as number:
        monkeypatch.setattr(machine_ports, "bind_error", lambda address, port: errno.EADDRNOTAVAIL)
        assert taken_ports([port(number)]) == []


@pytest.mark.parametrize(("number", "valid"), [(-1, False), (0, False), (1, True), (65535, True), (65536, False)])
def test_valid_ports(number: int, valid: bool) -> None:
    assert port(number).is_valid is valid
    assert valid or taken_ports([port(number)]) == []


# Recorded on a little-endian machine, like all processors that the module accepts.
@pytest.mark.parametrize(
    ("digits", "address"),
    [
        ("0100007F", "127.0.0.1"),
        ("00000000", "0.0.0.0"),
        ("010012AC", "172.18.0.1"),
        ("00000000000000000000000000000000", "::"),
        ("00000000000000000000000001000000", "::1"),
        ("000000FD000000000000000002000000", "fd00::2"),
        ("0000000000000000FFFF00000100007F", "127.0.0.1"),
    ],
)
def test_addresses_of_the_kernel(digits: str, address: str) -> None:
    assert machine_ports.parse_address(digits) == ip_address(address)


def test_a_machine_without_proc_has_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_arguments: object, **_options: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    assert list(machine_ports.read_listeners()) == []


def test_an_address_that_is_not_known_yet_is_taken_by_who_listens_everywhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert taken_ports([Port(server.getsockname()[1], "", "the host worker", "airfield_host_worker_port")]) == []
    with socket.create_server(("0.0.0.0", 0)) as server:
        (taken,) = taken_ports([Port(server.getsockname()[1], "", "the host worker", "airfield_host_worker_port")])
    assert taken.holder is not None
    assert taken.holder.pid == os.getpid()

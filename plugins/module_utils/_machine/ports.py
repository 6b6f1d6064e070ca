# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the ports to listen on are in use, and by which program.

A bind decides, because a server does the same. /proc only provides the name of the program.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any, Union

# With `|` pylint takes it for arithmetic.
Address = Union[IPv4Address, IPv6Address]  # noqa: UP007

_IP_FREEBIND = 15  # ip(7); Python has a name for it only since 3.14
# Of a Docker network that may not exist yet, so only servers that listen on all addresses conflict (RFC 5737).
_UNKNOWN_ADDRESS = "192.0.2.1"
_LISTEN = "0A"  # the state TCP_LISTEN in /proc/net/tcp


@dataclass(frozen=True)
class Port:
    """A port that a server will listen on."""

    port: int
    address: str
    purpose: str
    variable: str

    @property
    def is_valid(self) -> bool:
        return 1 <= self.port <= 65535


@dataclass(frozen=True)
class Holder:
    """The program that listens on a port."""

    name: str
    pid: int


@dataclass(frozen=True)
class TakenPort:
    """A port in use, and by what (None: cannot be determined as this user)."""

    port: Port
    holder: Holder | None


@dataclass(frozen=True)
class Listener:
    """A listening socket."""

    address: Address
    port: int
    inode: str


def ports_of(entries: Iterable[dict[str, Any]]) -> list[Port]:
    """The entries of the option ``ports``."""
    return [Port(entry["port"], entry["address"], entry["purpose"], entry["variable"]) for entry in entries]


def taken_ports(ports: Iterable[Port]) -> list[TakenPort]:
    """The ports on which a server could not listen."""
    listeners = list(read_listeners())
    taken = [(port, conflicting(listeners, port)) for port in ports if port.is_valid and is_taken(port, listeners)]
    holders = find_holders({listener.inode for _port, blockers in taken for listener in blockers})
    return [
        TakenPort(port, next((holders[listener.inode] for listener in blockers if listener.inode in holders), None))
        for port, blockers in taken
    ]


def is_taken(port: Port, listeners: Collection[Listener]) -> bool:
    errors = [bind_error(address, port.port) for address in addresses_of(port.address)]
    # Below 1024 only root may bind, and the server will run as root: then the list of sockets has to be enough.
    return errno.EADDRINUSE in errors or (errno.EACCES in errors and bool(conflicting(listeners, port)))


def addresses_of(name: str) -> list[Address]:
    """An address, or those of a host name (none when it cannot be resolved: that is reported elsewhere).

    An empty string is an address that is not known yet.
    """
    try:
        return [ip_address(name or _UNKNOWN_ADDRESS)]
    except ValueError:
        pass
    try:
        answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]


def bind_error(address: Address, port: int) -> int:
    """The errno that a server gets when it binds, or 0.

    The address may be one that this machine does not have yet, such as that of Docker's bridge before the first run.
    """
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_STREAM) as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if sys.platform == "linux":
                server.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
            server.bind((str(address), port))
    except OSError as error:
        return error.errno or 0
    return 0


def conflicting(listeners: Iterable[Listener], port: Port) -> list[Listener]:
    """The listeners that occupy the port, those on the very address first."""
    addresses = addresses_of(port.address)
    blockers = [
        listener
        for listener in listeners
        if listener.port == port.port and any(_conflict(listener.address, address) for address in addresses)
    ]
    return sorted(blockers, key=lambda listener: listener.address not in addresses)


def _conflict(listening: Address, wanted: Address) -> bool:
    if listening.version == wanted.version:
        return listening == wanted or listening.is_unspecified or wanted.is_unspecified
    # [::] covers IPv4 as well, unless a server asks for IPv6 only.
    return (listening if listening.version == 6 else wanted).is_unspecified


def read_listeners() -> Iterator[Listener]:
    """The listening sockets of this machine. None without /proc."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTEN:
                    address, _colon, port = fields[1].partition(":")
                    yield Listener(parse_address(address), int(port, 16), fields[9])


def parse_address(digits: str) -> Address:
    """An address as proc_pid_net(5) writes it: words of 32 bits in the byte order of the machine."""
    raw = bytes.fromhex(digits)
    words = (raw[start : start + 4] for start in range(0, len(raw), 4))
    address = ip_address(b"".join(word[::-1] if sys.byteorder == "little" else word for word in words))
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def find_holders(inodes: Collection[str]) -> dict[str, Holder]:
    """The program of each socket, as far as this user can see it. Of several it is the oldest: the others' parent."""
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    holders: dict[str, Holder] = {}
    for pid in sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()):
        for inode in {wanted[link] for link in _open_files(pid) if link in wanted} - holders.keys():
            with contextlib.suppress(OSError):
                name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
                holders[inode] = Holder(name, pid)
    return holders


def _open_files(pid: int) -> Iterator[str]:
    # Processes and files may disappear in the meantime, and this user may not read the processes of others.
    with contextlib.suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                yield str(descriptor.readlink())

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What prevents a machine from being the control host, each problem in a sentence or two that say what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ansible_collections.airfield.airflow.plugins.module_utils._machine.engine import Engine
from ansible_collections.airfield.airflow.plugins.module_utils._machine.ports import Port, TakenPort
from ansible_collections.airfield.airflow.plugins.module_utils._machine.refusals import outdated, refusals
from ansible_collections.airfield.airflow.plugins.module_utils._machine.system import System

_ARCHITECTURES = ("amd64", "arm64")
_PACKAGES = "`airfield_source: packages` (also the choice of `auto` if the public downloads do not answer)"
_UPSTREAM = "Set `airfield_source: upstream`, and `airfield_download_mirror` if the downloads cannot be reached."


@dataclass(frozen=True)
class Needs:
    """What the machine is needed for."""

    engine: bool = True
    builds: bool = False
    installed: bool = False


@dataclass(frozen=True)
class Machine:
    """What was found on the machine."""

    system: System
    engine: Engine
    ports: Collection[Port] = ()
    taken_ports: Collection[TakenPort] = ()


def problems_of(machine: Machine, needs: Needs) -> list[str]:
    """Everything that must be fixed first."""
    return [*_problems(machine, needs)]


def message(hostname: str, problems: Collection[str], needs: Needs) -> str:
    """All problems in one message."""
    title = f"What is installed on this machine ({hostname}) cannot be used or removed now"
    if not needs.installed:
        title = f"This machine ({hostname}) cannot run airfield yet"
    count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = [f"{title}: {count}. Nothing was changed."]
    return "\n".join(lines + [f"{number}. {problem}" for number, problem in enumerate(problems, 1)])


def _problems(machine: Machine, needs: Needs) -> Iterator[str]:
    system, engine = machine.system, machine.engine
    yield from _home(system)
    if needs.installed:
        yield from _installed(engine) if needs.engine else ()
        return
    # Neither Docker Engine nor the downloaded programs run elsewhere, so other problems do not matter.
    if system.kernel != "Linux":
        yield (
            f"This machine runs {'macOS' if system.kernel == 'Darwin' else system.kernel}, and airfield needs Linux. "
            "Use a Linux machine, or a virtual machine with Debian or Ubuntu."
        )
        return
    yield from _processor(system, needs)
    yield from _engine(system, engine) if needs.engine else ()
    if needs.builds and not system.is_debian:
        yield f"This machine runs {system.distribution}; {_PACKAGES} works only on Debian and Ubuntu. {_UPSTREAM}"
    yield from _ports(machine)


def _home(system: System) -> Iterator[str]:
    if not system.home or system.home_uid == system.uid:
        return
    start = f"This runs as {system.user}, but {system.home} belongs to {system.home_owner}. "
    if system.is_root:
        # Root in a container of a CI service often has the home of another user, on purpose.
        if not system.by_sudo:
            return
        yield (
            f"{start}Run the command as {system.home_owner}, without sudo or --become: "
            "it asks for root's rights itself where it needs them (ARGS=--ask-become-pass)."
        )
    else:
        yield f"{start}Run the command as {system.home_owner}, or set HOME to the home directory of {system.user}."


def _processor(system: System, needs: Needs) -> Iterator[str]:
    if system.architecture not in _ARCHITECTURES:
        yield (
            f"The processor of this machine is {system.architecture}; only amd64 (x86_64) and arm64 (aarch64) work. "
            "Use another machine."
        )
    elif needs.builds and system.architecture != "amd64":
        yield f"The processor of this machine is {system.architecture}; {_PACKAGES} works only on amd64. {_UPSTREAM}"


def _engine(system: System, engine: Engine) -> Iterator[str]:
    refused = refusals(engine)
    if refused:
        yield from refused
        return
    too_old = outdated(engine)
    if too_old:
        yield too_old
    if system.is_debian:
        return
    start = f"This machine runs {system.distribution}; airfield installs"
    if engine.install:
        yield (
            f"{start} Docker only on Debian and Ubuntu. "
            "Install Docker Engine yourself and start it, then run this again."
        )
    elif not engine.command:
        yield (
            f"{start} the command `docker` only on Debian and Ubuntu. "
            "Install it yourself (in most distributions it is in the package `docker-cli`), then run this again."
        )


def _installed(engine: Engine) -> Iterator[str]:
    refused = refusals(engine)
    yield from refused
    if not refused and not engine.running and (engine.daemon or engine.socket in ("open", "denied")):
        yield (
            "Docker Engine is installed on this machine but does not answer, so its containers cannot be listed. "
            "Start it (`sudo systemctl start docker`), then run this again."
        )


def _ports(machine: Machine) -> Iterator[str]:
    for port in machine.ports:
        if not port.is_valid:
            yield (
                f"{port.port} ({port.purpose}) is not a valid port. Set `{port.variable}` to a number from 1 to 65535."
            )
    for taken in machine.taken_ports:
        port, holder = taken.port, taken.holder
        by = f" by {holder.name} (pid {holder.pid})" if holder else ""
        program = "that program" if holder else "the program that listens there"
        if holder and holder.name == "docker-proxy":
            program = "the container that publishes it"
        yield (
            f"Port {port.port} ({port.purpose}) is taken{f' on {port.address}' if port.address else ''}{by}. "
            f"Stop {program}, or set `{port.variable}` to another port."
        )

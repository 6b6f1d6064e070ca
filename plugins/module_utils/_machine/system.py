# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user who runs this, and the kind of machine."""

from __future__ import annotations

import os
import platform
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class System:
    """The operating system, the processor and the user."""

    hostname: str
    kernel: str  # as `uname -s` prints it
    architecture: str  # amd64, arm64, or what `uname -m` prints
    distribution: str
    is_debian: bool  # Debian, Ubuntu, or what derives from them: has apt and their packages
    uid: int
    gid: int
    user: str
    home: str  # '' when there is no such directory
    home_uid: int
    home_owner: str
    by_sudo: bool = False  # whether sudo made this user root

    @property
    def is_root(self) -> bool:
        return self.uid == 0


def read_system(home: str | None, variables: Mapping[str, str]) -> System:
    """Inspect this machine. ``home`` is the directory for the user's files, which need not exist.

    ``variables`` are those of the environment.
    """
    fields = _os_release()
    home_uid = _owner(home) if home else None
    return System(
        hostname=platform.node(),
        kernel=platform.system(),
        architecture=architecture_of(platform.machine()),
        distribution=distribution_of(fields),
        is_debian=is_debian(fields),
        uid=os.geteuid(),
        gid=os.getegid(),
        user=user_name(os.geteuid()),
        home=home if home and home_uid is not None else "",
        home_uid=os.geteuid() if home_uid is None else home_uid,
        home_owner="" if home_uid is None else user_name(home_uid),
        by_sudo="SUDO_UID" in variables,
    )


def architecture_of(machine: str) -> str:
    """The name that downloads and images use for a processor."""
    return _ARCHITECTURES.get(machine.lower(), machine)


def distribution_of(fields: Mapping[str, str]) -> str:
    """Name and version as os-release(5) has them, such as ``Fedora Linux 43``."""
    return f"{fields.get('NAME', 'an unknown distribution')} {fields.get('VERSION_ID', '')}".strip()


def is_debian(fields: Mapping[str, str]) -> bool:
    """Whether os-release(5) names Debian or Ubuntu as the distribution or as one that it is based on."""
    return not {"debian", "ubuntu"}.isdisjoint([fields.get("ID", ""), *fields.get("ID_LIKE", "").split()])


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _os_release() -> dict[str, str]:
    try:
        return dict(platform.freedesktop_os_release())
    except OSError:
        return {}


def _owner(path: str) -> int | None:
    try:
        return Path(path).stat().st_uid
    except OSError:
        return None

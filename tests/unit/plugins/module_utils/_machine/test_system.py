# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._machine import system as machine_system


@pytest.mark.parametrize(
    ("machine", "architecture"),
    [
        ("x86_64", "amd64"),
        ("aarch64", "arm64"),
        ("arm64", "arm64"),
        ("AMD64", "amd64"),
        ("armv7l", "armv7l"),
        ("riscv64", "riscv64"),
    ],
)
def test_architectures(machine: str, architecture: str) -> None:
    assert machine_system.architecture_of(machine) == architecture


@pytest.mark.parametrize(
    ("fields", "name", "debian"),
    [
        ({"NAME": "Debian GNU/Linux", "VERSION_ID": "13", "ID": "debian"}, "Debian GNU/Linux 13", True),
        ({"NAME": "Debian GNU/Linux", "ID": "debian"}, "Debian GNU/Linux", True),
        ({"NAME": "Ubuntu", "VERSION_ID": "24.04", "ID": "ubuntu", "ID_LIKE": "debian"}, "Ubuntu 24.04", True),
        ({"NAME": "Linux Mint", "VERSION_ID": "22", "ID": "linuxmint", "ID_LIKE": "ubuntu"}, "Linux Mint 22", True),
        ({"NAME": "Pop!_OS", "VERSION_ID": "22.04", "ID": "pop", "ID_LIKE": "ubuntu debian"}, "Pop!_OS 22.04", True),
        ({"NAME": "Fedora Linux", "VERSION_ID": "43", "ID": "fedora"}, "Fedora Linux 43", False),
        ({"NAME": "Rocky Linux", "ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "Rocky Linux", False),
        ({}, "an unknown distribution", False),
    ],
)
def test_distributions(fields: dict[str, str], name: str, debian: bool) -> None:
    assert (machine_system.distribution_of(fields), machine_system.is_debian(fields)) == (name, debian)


def test_this_machine() -> None:
    seen = machine_system.read_system(None, {})
    assert (seen.hostname, seen.kernel) == (platform.node(), platform.system())
    assert (seen.uid, seen.gid, seen.is_root) == (os.geteuid(), os.getegid(), os.geteuid() == 0)
    assert seen.user == machine_system.user_name(os.geteuid())
    assert (seen.home, seen.home_uid, seen.home_owner) == ("", os.geteuid(), "")


def test_the_owner_of_the_home_directory(tmp_path: Path) -> None:
    seen = machine_system.read_system(str(tmp_path), {})
    assert (seen.home, seen.home_uid, seen.home_owner) == (str(tmp_path), os.geteuid(), seen.user)
    of_root = machine_system.read_system("/", {"SUDO_UID": "1000"})
    assert (of_root.home_uid, of_root.home_owner) == (0, "root")
    assert (seen.by_sudo, of_root.by_sudo) == (False, True)


def test_a_home_directory_that_does_not_exist() -> None:
    seen = machine_system.read_system("/no/such/home", {})
    assert (seen.home, seen.home_uid, seen.home_owner) == ("", os.geteuid(), "")


def test_a_user_without_a_name() -> None:
    assert machine_system.user_name(0) == "root"
    assert machine_system.user_name(4_000_000_001) == "user 4000000001"


def test_a_system_without_os_release(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> dict[str, str]:
        raise OSError

    monkeypatch.setattr(platform, "freedesktop_os_release", missing)
    seen = machine_system.read_system(None, {})
    assert (seen.distribution, seen.is_debian) == ("an unknown distribution", False)

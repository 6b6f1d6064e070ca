# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Makefile refuses, each in one sentence and before it makes anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"
# A Python of a version, with or without ensurepip, that runs what the Makefile asks it.
PYTHON = """
[ "$1" = -c ] || exit 0
exec {real} -c 'import sys; sys.version_info = {version}; sys.modules.update({hidden}); exec(sys.argv[1])' "$2"
"""


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A directory of programs that are found first: of a user who is not root, on Linux."""
    directory = tmp_path / "programs"
    directory.mkdir()
    for name, script in {"uname": "echo Linux", "id": "echo 1000", "stat": "echo 1000"}.items():
        write(directory / name, script)
    write_python(directory, (3, 13, 9))
    return directory


def write(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def write_python(directory: Path, version: tuple[int, ...], hidden: str = "{}") -> None:
    write(directory / "python", PYTHON.format(real=sys.executable, version=version, hidden=hidden))


def make(programs: Path, target: str = ".venv/bin/python", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run make in an empty directory with the Makefile of the project."""
    checkout = programs.parent / "checkout"
    checkout.mkdir()
    own = {name: value for name, value in os.environ.items() if name not in ("SUDO_UID", "MAKEFLAGS")}
    done = subprocess.run(
        ["make", f"--file={MAKEFILE}", f"PYTHON={programs / 'python'}", target],
        cwd=checkout,
        env={**own, "PATH": f"{programs}:{own['PATH']}", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert list(checkout.iterdir()) == []
    return done


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 7), (3, 13, 9)])
def test_a_right_machine_is_not_refused(programs: Path, version: tuple[int, ...]) -> None:
    write_python(programs, version)
    assert make(programs).returncode == 0


@pytest.mark.parametrize("version", [(3, 10, 12), (3, 14, 0)])
def test_another_python_is_refused(programs: Path, version: tuple[int, ...]) -> None:
    write_python(programs, version)
    done = make(programs)
    assert done.returncode == 2
    assert "airfield needs Python 3.11, 3.12 or 3.13. Name one: make PYTHON=python3.13\n" in done.stdout


def test_a_python_without_ensurepip_is_refused_without_its_traceback(programs: Path) -> None:
    write_python(programs, (3, 13, 9), hidden='{"ensurepip": None}')
    done = make(programs)
    assert done.returncode == 2
    assert "Install the package python3.13-venv: sudo apt-get install python3.13-venv\n" in done.stdout
    assert "Traceback" not in done.stderr


def test_another_system_is_refused(programs: Path) -> None:
    write(programs / "uname", "echo Darwin")
    done = make(programs)
    assert done.returncode == 2
    assert "airfield needs Linux." in done.stdout


@pytest.mark.parametrize(("uid", "owner", "refused"), [("0", "1000", True), ("0", "0", False), ("1000", "1000", False)])
def test_sudo_is_refused_in_a_checkout_of_the_user(programs: Path, uid: str, owner: str, refused: bool) -> None:
    write(programs / "id", f"echo {uid}")
    write(programs / "stat", f"echo {owner}")
    done = make(programs, "user", SUDO_UID="1000")
    assert done.returncode == (2 if refused else 0)
    assert ("Run make as yourself, without sudo" in done.stdout) == refused

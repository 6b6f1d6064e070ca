# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bytecode of modules is kept, and never the wrong one is used."""

from __future__ import annotations

import importlib.util
import marshal
import os
import subprocess
import sys
import zipfile
import zipimport
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[3] / "environment/module_bytecode.py"


@pytest.fixture
def module_bytecode() -> ModuleType:
    spec = importlib.util.spec_from_file_location("module_bytecode", SOURCE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def compiled() -> list[str]:
    """The paths that were really compiled."""
    return []


@pytest.fixture(autouse=True)
def store(
    module_bytecode: ModuleType, compiled: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The directory of the bytecode, which is installed in this process."""
    original = zipimport._compile_source  # type: ignore[attr-defined]

    def compile_and_count(path: str, source: bytes) -> CodeType:
        compiled.append(path)
        code: CodeType = original(path, source)
        return code

    monkeypatch.setattr(zipimport, "_compile_source", compile_and_count)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    (tmp_path / "venv").mkdir()
    module_bytecode.install()
    directory: Path = module_bytecode.directory()
    yield directory


def load(directory: Path, source: str, archive: str = "ansible_ping_payload.zip") -> dict[str, Any]:
    """Import a module from an archive of its own, and return its names."""
    directory.mkdir()
    with zipfile.ZipFile(directory / archive, "w") as written:
        written.writestr("sample.py", source)
    code = zipimport.zipimporter(str(directory / archive)).get_code("sample")
    names: dict[str, Any] = {"__code__": code}
    exec(code, names)
    return names


def test_the_same_source_is_compiled_once(tmp_path: Path, compiled: list[str]) -> None:
    assert [load(tmp_path / name, "answer = 41 + 1")["answer"] for name in ("first", "second")] == [42, 42]
    assert compiled == [f"{tmp_path}/first/ansible_ping_payload.zip/sample.py"]


def test_another_source_is_compiled(tmp_path: Path) -> None:
    assert load(tmp_path / "first", "answer = 42")["answer"] == 42
    assert load(tmp_path / "second", "answer = 43")["answer"] == 43


def test_other_archives_are_left_alone(tmp_path: Path, compiled: list[str], store: Path) -> None:
    for name in ("first", "second"):
        load(tmp_path / name, "answer = 42", archive="library.zip")
    assert len(compiled) == 2
    assert not store.exists()


@pytest.mark.parametrize("content", [b"", b"\xe3cut off", b"i\x01\x00\x00\x00"], ids=["empty", "cut off", "no code"])
def test_broken_bytecode_is_written_again(tmp_path: Path, compiled: list[str], store: Path, content: bytes) -> None:
    load(tmp_path / "first", "answer = 42")
    [file] = store.iterdir()
    file.write_bytes(content)
    assert [load(tmp_path / name, "answer = 42")["answer"] for name in ("second", "third")] == [42, 42]
    assert len(compiled) == 2


def test_a_disk_that_takes_nothing_fails_no_task(tmp_path: Path, store: Path) -> None:
    store.parent.write_text("not a directory")
    assert load(tmp_path / "first", "answer = 42")["answer"] == 42


def test_a_syntax_error_stays_one(tmp_path: Path, store: Path) -> None:
    with pytest.raises(SyntaxError):
        load(tmp_path / "first", "answer =")
    assert not store.exists()


def test_the_environment_of_somebody_else_is_left_alone(
    tmp_path: Path, module_bytecode: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = zipimport._compile_source  # type: ignore[attr-defined]
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    module_bytecode.install()
    assert zipimport._compile_source is before  # type: ignore[attr-defined]


def test_ansible_calls_its_archives_like_this(tmp_path: Path) -> None:
    """`make` has installed it in the environment of the tests: a real module leaves its bytecode there."""
    listing = subprocess.run(
        [sys.executable, "-c", "import airfield_module_bytecode as m; print(m.directory())"],
        capture_output=True,
        text=True,
        check=True,
    )
    local = f"ansible_connection=local ansible_python_interpreter={sys.executable}"
    inventory = tmp_path / "hosts"
    inventory.write_text(f"here {local}\n")
    ping: list[str | Path] = [
        Path(sys.executable).parent / "ansible",
        "here",
        "-i",
        inventory,
        "-m",
        "ansible.builtin.ping",
    ]
    subprocess.run(ping, check=True, capture_output=True)
    names = {code.co_filename for code in map(read, Path(listing.stdout.strip()).iterdir())}
    assert any(name.endswith("/ansible/modules/ping.py") for name in names)


def read(file: Path) -> CodeType:
    code = marshal.loads(file.read_bytes())
    assert isinstance(code, CodeType)
    return code

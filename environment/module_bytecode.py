# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the bytecode of Ansible's modules between their processes.

Ansible hands each module to Python as a zip archive with some 50 source files. Python keeps no bytecode of archives, so
it compiles them all again for each task: half of the time of a small module. `make` installs this file in .venv, with a
.pth file that calls install() whenever its Python starts. The bytecode is stored below .venv, by the checksum of the
source, and is used for Ansible's archives only.
"""

from __future__ import annotations

import marshal
import os
import sys
import zipimport
from _imp import source_hash
from collections.abc import Callable
from pathlib import Path
from types import CodeType

# What Ansible calls the archive of a module: ansible_ping_payload.zip/ansible/module_utils/basic.py.
ARCHIVE = "_payload.zip/"
Compiler = Callable[[str, bytes], CodeType]


def directory() -> Path:
    """Where the bytecode of this version of Python is stored."""
    return Path(sys.prefix, "module_bytecode", sys.implementation.cache_tag or "")


def kept(compiler: Compiler, store: Path) -> Compiler:
    """A compiler that returns the bytecode in the directory ``store``, and adds what is not there yet."""

    def compile_once(path: str, source: bytes) -> CodeType:
        _temporary, is_archive, name = path.rpartition(ARCHIVE)
        if not is_archive:
            return compiler(path, source)
        # With the name, because the bytecode contains it for tracebacks.
        file = store / source_hash(0, name.encode() + b"\0" + source).hex()
        try:
            # Who could write it could write Ansible itself, which is in the same .venv.
            code = marshal.loads(file.read_bytes())  # noqa: S302
            if isinstance(code, CodeType):
                return code
        except (OSError, EOFError, ValueError, TypeError):
            # Not there yet, or cut off by a full disk: it is compiled and written again.
            pass
        code = compiler(path, source)
        own = file.with_suffix(f".{os.getpid()}")
        try:
            store.mkdir(parents=True, exist_ok=True)
            own.write_bytes(marshal.dumps(code))
            # In one step: a process that reads it now gets all of it or nothing.
            own.replace(file)
        except OSError:
            # A full or read-only disk costs time, and must not fail a task.
            pass
        return code

    return compile_once


def install() -> None:
    """Let this process keep bytecode, unless .venv belongs to somebody else or Python works differently one day."""
    compiler = getattr(zipimport, "_compile_source", None)
    if compiler and Path(sys.prefix).stat().st_uid == os.geteuid():
        zipimport._compile_source = kept(compiler, directory())  # type: ignore[attr-defined]

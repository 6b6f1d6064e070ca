# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of the collection a file imports. A file is called by its path without ``.py``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
PREFIX = "ansible_collections.airfield.airflow."


def files(directory: str) -> list[str]:
    """The Python files below a directory of the collection, such as ``plugins/module_utils/_api/client``."""
    return sorted(str(path.relative_to(ROOT)).removesuffix(".py") for path in (ROOT / directory).rglob("*.py"))


def imports(file: str) -> Iterator[str]:
    """The files that a file imports itself."""
    for node in ast.walk(ast.parse((ROOT / f"{file}.py").read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            target = name.removeprefix(PREFIX).replace(".", "/")
            if name.startswith(PREFIX) and (ROOT / f"{target}.py").is_file():
                yield target


def reached(*start: str) -> set[str]:
    """The files themselves, and all that they import, directly or through others."""
    found: set[str] = set()
    todo = list(start)
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            todo += imports(file)
    return found

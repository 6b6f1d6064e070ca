# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No Python file has more than 300 lines, except for the documentation in it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIRECTORIES = ("bench", "dags", "docs", "images", "molecule", "plugins", "roles", "tests", "worker")
DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
MOST_LINES = 300


def length(source: str) -> int:
    """The number of lines without the documentation of a plugin."""
    documented = 0
    # In a module its strings are assigned at the top, in a doc fragment in a class.
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and DOCUMENTATION & {getattr(target, "id", None) for target in node.targets}:
            documented += (node.end_lineno or node.lineno) - node.lineno + 1
    return len(source.splitlines()) - documented


def test_no_python_file_is_too_long() -> None:
    files = [file for directory in DIRECTORIES for file in sorted((ROOT / directory).rglob("*.py"))]
    lengths = {str(file.relative_to(ROOT)): length(file.read_text(encoding="utf-8")) for file in files}
    assert len(lengths) > 300, "the files were not found"
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}, "split them by topic"


def test_documentation_does_not_count() -> None:
    documentation = 'DOCUMENTATION = r"""\none\ntwo\n"""\n'
    assert length(documentation) == 0
    assert length(f'"""Not\nthis."""\n{documentation}\nx = """a\nb"""\n') == 5

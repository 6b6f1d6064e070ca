# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find words that the project does not use in what users and developers read, and name the word to use instead.

In Python files, comments and strings are checked, docstrings and documentation among them, but not names.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Directories and files, relative to the root of the project.
PATHS = (
    "plugins",
    "roles",
    "playbooks",
    "inventories",
    "images",
    "worker",
    "dags",
    "bench",
    "molecule",
    "docs",
    "tests",
    "Makefile",
    "README.md",
    "CONTRIBUTING.md",
)
# A file without a suffix is a Dockerfile or a script.
SUFFIXES = ("", ".cfg", ".in", ".j2", ".md", ".py", ".rst", ".toml", ".tpl", ".yaml", ".yml")
# They have the words that the others avoid.
EXCEPT = ("tests/lint/words.py", "tests/unit/lint/test_words.py")
IGNORED_DIRECTORIES = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
# Tokens of strings: since Python 3.12, an f-string has one for each of its literal parts.
PROSE = ("COMMENT", "STRING", "FSTRING_MIDDLE")

WORDS = {
    "folders?": "directory",
    "shall": "must or should",
    "in vain": "timed out after",
    "anew": "again",
    "besides": "also or in addition",
    "mend(?:s|ed|ing)?": "fix",
    "whence": "from where",
    "lest": "so that ... not",
    "is no name of": "is not a valid name of",
    "(?:is|are) no text": "is not a string",
    "(?<=,) as [CV](?=\\()": "such as V(...) or C(...)",
    "looks? how": "get the status of",
}
# A word that touches one of these belongs to a name, an option or a path, for example dags-folder or dags_folder.
_NAME = r"[\w/.-]"
_WORDS = (rf"(?P<word{number}>(?<!{_NAME}){word}(?![\w/-]|\.\w))" for number, word in enumerate(WORDS))
_PATTERN = re.compile("|".join(_WORDS), re.IGNORECASE)
_ADVICE = tuple(WORDS.values())
_F_STRING = re.compile(r"[bru]*f", re.IGNORECASE)


def violations(name: str, content: str) -> list[str]:
    """A sentence for each unwanted word in a file, with the file's name and the line."""
    found = []
    for first_line, prose in _prose(content) if name.endswith(".py") else [(1, content)]:
        for match in _PATTERN.finditer(prose):
            line = first_line + prose.count("\n", 0, match.start())
            advice = _ADVICE[int((match.lastgroup or "").removeprefix("word"))]
            found.append(f"{name}:{line}: `{match[0]}` is not a word of this project. Write: {advice}.")
    return found


def _prose(source: str) -> Iterator[tuple[int, str]]:
    """The comments and strings of a Python file, each with its first line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if tokenize.tok_name[token.type] in PROSE:
            # Before Python 3.12, an f-string is one token, in which names stand in braces.
            text = re.sub(r"\{[^{}]*\}", "{}", token.string) if _F_STRING.match(token.string) else token.string
            yield token.start[0], text


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to check, without links and caches."""
    for path in paths:
        candidates = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in candidates:
            ignored = file.is_symlink() or not IGNORED_DIRECTORIES.isdisjoint(file.parts)
            if file.is_file() and file.suffix in SUFFIXES and not ignored:
                yield file


def main() -> int:
    found = [
        violation
        for file in files_in(ROOT / path for path in PATHS)
        if (name := str(file.relative_to(ROOT))) not in EXCEPT
        for violation in violations(name, file.read_text(encoding="utf-8"))
    ]
    for violation in found:
        print(violation, file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wanted files of a repository: given contents and the files of local directories, and the paths they may have."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._git.errors import InvalidInput

ROOT = "."
_IGNORED_DIRECTORIES = {"__pycache__", ".git"}


@dataclass(frozen=True)
class Content:
    """``executable`` None: as in the repository, or not executable if the file is new."""

    data: bytes
    executable: bool | None = None


def checked_path(path: str, option: str) -> str:
    """The normalized path. Raises InvalidInput if it could lead outside of the repository or into ``.git``."""
    parts = PurePosixPath(path).parts
    problem = None
    if not path or (not parts and option != "directories"):
        problem = "does not name a file"
    elif path.startswith("/"):
        problem = "is not relative to the repository"
    elif ".." in parts:
        problem = "contains `..`"
    elif any(part.lower() == ".git" for part in parts):
        problem = "is in Git's own directory `.git`"
    elif any(ord(character) < 32 for character in path):
        problem = "contains a control character"
    if problem:
        raise InvalidInput(f"The path {path!r} in `{option}` {problem}. Write it as `directory/name`.")
    return "/".join(parts) or ROOT


def wanted_contents(files: Mapping[str, Any], directories: Mapping[str, Any]) -> dict[str, Content]:
    """Every wanted file by its path; ``files`` takes precedence over ``directories``."""
    wanted: dict[str, Content] = {}
    for place, local in directories.items():
        prefix = checked_path(place, "directories")
        for name, content in _files_below(str(local)):
            path = name if prefix == ROOT else f"{prefix}/{name}"
            if path in wanted:
                raise InvalidInput(f"The file {path} is in two of `directories`. Keep only one of them.")
            wanted[path] = content
    for path, text in files.items():
        if not isinstance(text, str):
            raise InvalidInput(
                f"The content of {path} in `files` is not a string but of type {type(text).__name__}. "
                "Convert it, for example with the filter `to_nice_yaml`, or put it in quotes."
            )
        wanted[checked_path(path, "files")] = Content(text.encode("utf-8", "surrogateescape"))
    return wanted


def directory_prefixes(directories: Mapping[str, Any]) -> list[str]:
    """The paths of ``directories`` as prefixes of the paths below them."""
    return ["" if (path := checked_path(place, "directories")) == ROOT else f"{path}/" for place in directories]


def _files_below(local: str) -> Iterator[tuple[str, Content]]:
    top = Path(local).expanduser()
    if not top.is_absolute() or not top.is_dir():
        raise InvalidInput(f"`directories` has {local}, which is not the absolute path of a directory on this machine.")
    try:
        for directory, directories, names in os.walk(top, onerror=_raise):
            directories[:] = sorted(set(directories) - _IGNORED_DIRECTORIES)
            linked = [name for name in directories if (Path(directory) / name).is_symlink()]
            for path in (Path(directory) / name for name in [*linked, *sorted(names)]):
                if not path.is_file():
                    raise InvalidInput(
                        f"{path} of `directories` is a link to a directory, a broken link or a special file, not a "
                        "regular file or a directory. Remove it, or replace it with a file."
                    )
                executable = bool(path.stat().st_mode & 0o100)
                yield str(path.relative_to(top)), Content(path.read_bytes(), executable)
    except OSError as error:
        raise InvalidInput(f"{error.filename} of `directories` cannot be read: {error.strerror}.") from error


def _raise(error: OSError) -> None:
    raise error


def parents(path: str) -> Iterator[str]:
    """The parent directories of a path, without the root."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def check_places(present: Iterable[str], wanted: Mapping[str, Content]) -> None:
    """Raises InvalidInput if a path would be both a file and a directory; ``present``: the files that remain."""
    together = {*present, *wanted}
    for path in sorted(together):
        for directory in parents(path):
            if directory in together and (path in wanted or directory in wanted):
                raise InvalidInput(
                    f"{path} cannot be written, because {directory} is a file or a link in the repository or in "
                    "`files`, not a directory. Choose another path, or remove that file from the repository first."
                )

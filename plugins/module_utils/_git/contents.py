# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What files shall be in a repository: texts and the files of local folders, and the paths at which they may be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._git.errors import InvalidInput

ROOT = "."
_IGNORED_FOLDERS = {"__pycache__", ".git"}


@dataclass(frozen=True)
class Content:
    """``executable`` None: as the file in the repository is, or not when it is new."""

    data: bytes
    executable: bool | None = None


def checked_path(path: str, option: str) -> str:
    """The path in its shortest form. Raises InvalidInput when it could lead out of the repository or into ``.git``."""
    parts = PurePosixPath(path).parts
    problem = None
    if not path or (not parts and option != "folders"):
        problem = "names no file"
    elif path.startswith("/"):
        problem = "is not relative to the repository"
    elif ".." in parts:
        problem = "holds `..`"
    elif any(part.lower() == ".git" for part in parts):
        problem = "is in Git's own folder `.git`"
    elif any(ord(character) < 32 for character in path):
        problem = "holds a control character"
    if problem:
        raise InvalidInput(f"The path {path!r} in `{option}` {problem}. Write it as `folder/name`.")
    return "/".join(parts) or ROOT


def wanted_contents(files: Mapping[str, Any], folders: Mapping[str, Any]) -> dict[str, Content]:
    """Every file that shall be there, by its path; what ``files`` says counts more than what is in ``folders``."""
    wanted: dict[str, Content] = {}
    for place, local in folders.items():
        prefix = checked_path(place, "folders")
        for name, content in _files_below(str(local)):
            path = name if prefix == ROOT else f"{prefix}/{name}"
            if path in wanted:
                raise InvalidInput(f"The file {path} comes from two folders of `folders`. Name one of them only.")
            wanted[path] = content
    for path, text in files.items():
        if not isinstance(text, str):
            raise InvalidInput(
                f"The content of {path} in `files` is no text but a {type(text).__name__}. "
                "Make it one, as by the filter `to_nice_yaml`, or put it into quotes."
            )
        wanted[checked_path(path, "files")] = Content(text.encode("utf-8", "surrogateescape"))
    return wanted


def folder_prefixes(folders: Mapping[str, Any]) -> list[str]:
    """The paths of ``folders`` as the beginning of the paths below them."""
    return ["" if (path := checked_path(place, "folders")) == ROOT else f"{path}/" for place in folders]


def _files_below(local: str) -> Iterator[tuple[str, Content]]:
    top = Path(local).expanduser()
    if not top.is_absolute() or not top.is_dir():
        raise InvalidInput(f"`folders` names {local}, which is no full path of a folder on this machine.")
    try:
        for folder, folders, names in os.walk(top, onerror=_raise):
            folders[:] = sorted(set(folders) - _IGNORED_FOLDERS)
            linked = [name for name in folders if (Path(folder) / name).is_symlink()]
            for path in (Path(folder) / name for name in [*linked, *sorted(names)]):
                if not path.is_file():
                    raise InvalidInput(
                        f"{path} of `folders` is neither a file nor a folder but a link to a folder, a link to nothing "
                        "or a special file. Take it out, or put a file in its place."
                    )
                executable = bool(path.stat().st_mode & 0o100)
                yield str(path.relative_to(top)), Content(path.read_bytes(), executable)
    except OSError as error:
        raise InvalidInput(f"{error.filename} of `folders` cannot be read: {error.strerror}.") from error


def _raise(error: OSError) -> None:
    raise error


def parents(path: str) -> Iterator[str]:
    """The folders in which a path is, without the root."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def check_places(present: Iterable[str], wanted: Mapping[str, Content]) -> None:
    """Raises InvalidInput when a path would be a file and a folder at once; ``present``: the files that stay."""
    together = {*present, *wanted}
    for path in sorted(together):
        for folder in parents(path):
            if folder in together and (path in wanted or folder in wanted):
                raise InvalidInput(
                    f"{path} cannot be written, because {folder} is a file or a link in the repository or in `files` "
                    "and not a folder. Choose another path, or remove that file from the repository first."
                )

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates files of a branch with one commit.

There is no working copy. Contents become objects and an index in a temporary bare repository, so that links in the
repository are not followed, and line endings, filters and hooks change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ansible_collections.airfield.airflow.plugins.module_utils._git.contents import (
    Content,
    check_places,
    directory_prefixes,
    wanted_contents,
)
from ansible_collections.airfield.airflow.plugins.module_utils._git.errors import PushRaced, PushRefused
from ansible_collections.airfield.airflow.plugins.module_utils._git.remote import GitRemote

REPETITIONS = 3
_FILE = "100644"
_EXECUTABLE = "100755"
_SUBMODULE = "160000"


class Entry(NamedTuple):
    """A file of a commit: its mode as Git writes it, and the id of its object."""

    mode: str
    object: str


Changes = dict[str, tuple["Entry | None", "Entry | None"]]


@dataclass(frozen=True)
class State:
    """``head``: the branch's commit. ``base``: the next commit's parent; for a new branch the default branch's head."""

    head: str | None = None
    base: str | None = None
    entries: Mapping[str, Entry] = field(default_factory=dict)


class GitBranch:
    """A branch of a remote repository, and its wanted contents."""

    def __init__(self, remote: GitRemote, params: Mapping[str, Any]) -> None:
        self.remote = remote
        self.repository = remote.directory / "repository"
        self._params = params
        self._wanted = wanted_contents(params["files"], params["directories"])
        self._purged = directory_prefixes(params["directories"]) if params["purge"] else []
        self._objects: dict[str, str] = {}

    def sync(self, *, check_mode: bool, diff_mode: bool) -> dict[str, Any]:
        """Commit and push the differences; repeated on the new state when another commit was pushed in the meantime."""
        self._git("create a repository", "init", "--bare", "--quiet", "--template=", str(self.repository))
        self._objects = self._store_contents()
        for _attempt in range(1 + REPETITIONS):
            state = self._fetch()
            changes = self._compare(state)
            made_branch = state.head is None and state.base is not None
            changed = bool(changes) or made_branch
            commit = state.head
            if changed and not check_mode:
                commit = self._commit(state, changes) if changes else state.base
                try:
                    self.remote.push(self.repository, str(commit))
                except PushRaced:
                    continue
            result = {"changed": changed, "commit": commit, "before": state.head, "files": _shown(changes)}
            return {**result, "diff": self._diff(changes)} if diff_mode else result
        raise PushRefused(
            f"Other commits were pushed to the branch {self.remote.branch} of {self.remote.target.url} each time "
            f"before this one was pushed ({1 + REPETITIONS} attempts). Try again when the branch changes less often."
        )

    def _git(self, what: str, *arguments: str, stdin: bytes = b"", **environment: str) -> bytes:
        return self.remote.call(what, *arguments, stdin=stdin, environment=environment)

    def _local(self, what: str, *arguments: str, stdin: bytes = b"", **environment: str) -> bytes:
        return self._git(what, f"--git-dir={self.repository}", *arguments, stdin=stdin, **environment)

    def _store_contents(self) -> dict[str, str]:
        """Write all wanted contents to the repository with one command; the objects' ids by path."""
        directory = self.remote.directory / "contents"
        directory.mkdir()
        for number, content in enumerate(self._wanted.values()):
            (directory / str(number)).write_bytes(content.data)
        names = "".join(f"{directory}/{number}\n" for number in range(len(self._wanted)))
        arguments = ("hash-object", "-w", "--no-filters", "--stdin-paths")
        printed = self._local("store the files", *arguments, stdin=names.encode())
        return dict(zip(self._wanted, printed.decode().split(), strict=True))

    def _fetch(self) -> State:
        refs = self.remote.refs()
        name = f"refs/heads/{self.remote.branch}"
        source = name if name in refs else "HEAD"
        if source not in refs:
            return State()
        quiet = ("--quiet", "--depth=1", "--no-tags")
        self._local("fetch the branch", "fetch", *quiet, "--", self.remote.target.url, source)
        commit = self._local("read the branch", "rev-parse", "FETCH_HEAD").decode().strip()
        listing = self._local("read the branch", "ls-tree", "-r", "-z", "--full-tree", commit)
        entries = {}
        for line in listing.decode("utf-8", "surrogateescape").split("\0")[:-1]:
            facts, path = line.split("\t", 1)
            mode, _kind, name_of_object = facts.split()
            entries[path] = Entry(mode, name_of_object)
        return State(commit if source == name else None, commit, entries)

    def _compare(self, state: State) -> Changes:
        purged = [
            path
            for path in state.entries
            if path not in self._wanted and any(path.startswith(prefix) for prefix in self._purged)
        ]
        check_places(set(state.entries) - set(purged), self._wanted)
        changes: Changes = {path: (state.entries[path], None) for path in purged}
        for path, content in self._wanted.items():
            before = state.entries.get(path)
            after = Entry(_mode(content, before), self._objects[path])
            if before != after:
                changes[path] = (before, after)
        return dict(sorted(changes.items()))

    def _commit(self, state: State, changes: Changes) -> str:
        self._local("read the branch", "read-tree", state.base or "--empty")
        lines = [
            f"{after.mode} {after.object}\t{path}\0" if after else f"0 {'0' * 40}\t{path}\0"
            for path, (_before, after) in changes.items()
        ]
        data = "".join(lines).encode("utf-8", "surrogateescape")
        self._local("write the files", "update-index", "-z", "--index-info", stdin=data)
        tree = self._local("write the files", "write-tree").decode().strip()
        parent = ["-p", state.base] if state.base else []
        name, email = self._params["author_name"], self._params["author_email"]
        printed = self._local(
            "commit",
            "commit-tree",
            *parent,
            tree,
            stdin=f"{self._params['commit_message'].strip()}\n".encode(),
            GIT_AUTHOR_NAME=name,
            GIT_AUTHOR_EMAIL=email,
            GIT_COMMITTER_NAME=name,
            GIT_COMMITTER_EMAIL=email,
        )
        return printed.decode().strip()

    def _diff(self, changes: Changes) -> list[dict[str, str]]:
        differences = []
        for path, (before, after) in changes.items():
            # A mode is only mentioned when it changes.
            moded = before and after and before.mode != after.mode
            notes = [f" (mode {entry.mode})" if moded and entry else "" for entry in (before, after)]
            differences.append(
                {
                    "before": self._text(before),
                    "after": self._text(after),
                    "before_header": f"{_printable(path)}{notes[0]}",
                    "after_header": f"{_printable(path)}{notes[1]}",
                }
            )
        return differences

    def _text(self, entry: Entry | None) -> str:
        if entry is None:
            return ""
        if entry.mode == _SUBMODULE:
            return f"(submodule at {entry.object})\n"
        data = self._local("read a file", "cat-file", "blob", entry.object)
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = "\0"
        return text if "\0" not in text else f"(binary file of {len(data)} bytes, object {entry.object})\n"


def _mode(content: Content, before: Entry | None) -> str:
    executable = content.executable
    if executable is None:
        executable = before is not None and before.mode == _EXECUTABLE
    return _EXECUTABLE if executable else _FILE


def _printable(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _shown(changes: Changes) -> list[str]:
    return [_printable(path) for path in changes]

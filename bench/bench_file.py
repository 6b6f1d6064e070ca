# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One file on a branch of a Git repository that a bench temporarily changes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ansible_collections.airfield.airflow.plugins.module_utils._git.errors import GitError
from ansible_collections.airfield.airflow.plugins.module_utils._git.remote import GitRemote

# Every change by a bench contains it, so that the next run finds what a killed one has left behind.
MARK = "airfield-bench"
# The server of the role git_repositories notifies Argo CD of every push except those with this option.
SKIP_WEBHOOK = "airfield.skip-webhook"
TIMEOUT = 60


class Repository(NamedTuple):
    """The location of the file, and the credentials to write there."""

    url: str
    branch: str
    username: str | None
    password: str | None


class BenchFile:
    """The file in a clone of the branch. Each method that writes pushes a separate commit."""

    def __init__(self, remote: GitRemote, path: str) -> None:
        self._remote = remote
        self._path = path
        self._clone = remote.directory / "clone"
        arguments = ["clone", "--quiet", f"--branch={remote.branch}", "--", remote.target.url, str(self._clone)]
        remote.call("clone the repository", *arguments)
        if not (self._clone / path).is_file():
            raise SystemExit(f"The repository {remote.target.url} has no file {path}.")
        self.original = unmarked(self._versions(), path)

    def _versions(self) -> Iterator[str]:
        """The contents of the file, newest first."""
        yield (self._clone / self._path).read_text(encoding="utf-8")
        commits = self._git("log", "--format=%H", "--", self._path).split()
        for commit in commits[1:]:
            yield self._git("show", f"{commit}:{self._path}")

    def _git(self, *arguments: str) -> str:
        return self._remote.call("work in the clone", "-C", str(self._clone), *arguments).decode("utf-8")

    def push(self, text: str, webhook: bool = True) -> str:
        """Commit the content and push it. Returns the commit."""
        (self._clone / self._path).write_text(text, encoding="utf-8")
        self._git("add", "--", self._path)
        author = ["-c", "user.name=airfield", "-c", "user.email=airfield@localhost"]
        self._git(*author, "commit", "--quiet", f"--message=bench: change {Path(self._path).name}")
        options = [] if webhook else [f"--push-option={SKIP_WEBHOOK}"]
        self._git("push", "--quiet", *options, "origin", f"HEAD:refs/heads/{self._remote.branch}")
        return self._git("rev-parse", "HEAD").strip()

    def restore(self) -> bool:
        """Restore the original. Returns whether that was necessary."""
        changed = (self._clone / self._path).read_text(encoding="utf-8") != self.original
        if changed:
            self.push(self.original)
        return changed


@contextlib.contextmanager
def bench_file(repository: Repository, path: str) -> Iterator[BenchFile]:
    """Clone the branch, and restore the file at the end. An error of Git ends the bench."""
    parameters = {
        **repository._asdict(),
        "timeout": TIMEOUT,
        "ssh_private_key": None,
        "ssh_known_hosts": None,
    }
    try:
        with GitRemote(parameters) as remote:
            file = BenchFile(remote, path)
            try:
                yield file
            finally:
                file.restore()
    except GitError as error:
        raise SystemExit(str(error)) from error


def unmarked(versions: Iterable[str], path: str) -> str:
    """The newest version that was not written by a bench."""
    for text in versions:
        if MARK not in text:
            return text
    raise SystemExit(f"Every version of {path} in its repository was written by a bench. Write it again with site.yml.")

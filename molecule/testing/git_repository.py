# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Git repository through Git's own program, without the modules of this collection, which are what is tested."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Git asks this helper, and the helper asks the environment: the password is in no process's arguments.
HELPER = '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$GIT_USER" "$GIT_PASSWORD"; }; f'
SECONDS = 60


@dataclass(frozen=True)
class Pushed:
    """A commit that the server took, and what it said to that."""

    commit: str
    said: str


class GitRepository:
    """A clone, in a directory of its own, of a repository that wants a password."""

    def __init__(self, url: str, username: str, password: str, directory: Path) -> None:
        self.url = url
        self.directory = directory
        # An empty http.proxy: no proxy stands between this machine and its own ports.
        configuration = {"credential.helper": HELPER, "http.proxy": ""}
        self._environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_USER": username,
            "GIT_PASSWORD": password,
            "GIT_CONFIG_COUNT": str(len(configuration)),
            **{f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(configuration)},
            **{f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(configuration.values())},
            **{f"GIT_{who}_{what}": "other@localhost" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        self._git("clone", "--quiet", "--branch=main", url, ".")

    def newest(self) -> str:
        """Take what is there now; the commit."""
        self._git("fetch", "--quiet", "origin")
        self._git("checkout", "--quiet", "-B", "main", "origin/main")
        return self.head()

    def head(self) -> str:
        return self._git("rev-parse", "HEAD").strip()

    def branch(self, name: str) -> None:
        """Go on in a new branch."""
        self._git("checkout", "--quiet", "-B", name)

    def push(self, message: str, branch: str = "main") -> Pushed:
        """Commit all that differs and push it."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)
        done = self._run("push", "origin", f"HEAD:refs/heads/{branch}")
        return Pushed(self.head(), done.stderr)

    def drop(self, branch: str) -> None:
        """Delete a branch of the server."""
        self._git("push", "--quiet", "origin", f":refs/heads/{branch}")

    def history(self) -> str:
        """Every commit of every branch, with every line that it brought or took."""
        self._git("fetch", "--quiet", "--prune", "origin")
        return self._git("log", "--all", "--patch", "--text")

    def messages(self) -> list[str]:
        """What the commits of the branch are called, the newest first."""
        self.newest()
        return self._git("log", "--format=%s").splitlines()

    def _git(self, *arguments: str) -> str:
        return self._run(*arguments).stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.directory,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
        return done

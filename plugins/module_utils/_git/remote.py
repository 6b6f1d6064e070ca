# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Git commands on one remote repository, with credentials that only these commands can see.

Neither the user's Git and SSH configuration nor the user's stored credentials are used. A user name and a password are
passed to git through the environment, by a credential helper that answers only for the URL's own host; an SSH key is
passed in a file in the temporary directory, which is removed at the end.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._git.address import (
    HTTP,
    SSH,
    GitAddress,
    parse_address,
)
from ansible_collections.airfield.airflow.plugins.module_utils._git.errors import (
    BranchNotFound,
    InvalidInput,
    ProgramMissing,
    Target,
    TimedOut,
    error_of_output,
    error_of_push,
    keyscan,
)
from ansible_collections.airfield.airflow.plugins.module_utils._signals import signals_raise

_KEPT_VARIABLES = ("GIT_EXEC_PATH", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH")
# A shell function instead of a script: it also works where temporary directories are mounted with noexec.
_CREDENTIAL_HELPER = (
    '!answer() { test "$1" = get && printf "username=%s\\npassword=%s\\n" '
    '"$AIRFIELD_GIT_USERNAME" "$AIRFIELD_GIT_PASSWORD"; }; answer'
)


@dataclass(frozen=True)
class Finished:
    """The result of a git command."""

    code: int
    stdout: bytes
    stderr: str


class GitRemote:
    """A remote repository. As a context manager it has a temporary directory for all its files."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.address = parse_address(params["url"])
        self.branch: str = params["branch"]
        self.timeout: int = params["timeout"]
        by_key = self.address.kind == SSH
        self.target = Target(params["url"], self.address.host, self.address.port, params["username"], by_key)
        self._params = params
        self._stack = contextlib.ExitStack()
        self._environment: dict[str, str] = {}
        self._options: list[str] = []
        self.directory = Path()
        _check_credentials(self.address, params)
        if not shutil.which("git"):
            raise ProgramMissing("The program `git` is not in the PATH of this machine. Install it.")
        if self.address.kind == SSH and not shutil.which("ssh"):
            raise ProgramMissing("The program `ssh` is not in the PATH of this machine. Install OpenSSH's client.")

    def __enter__(self) -> GitRemote:
        # The temporary directory with the key must be removed before the module ends.
        self._stack.enter_context(signals_raise(_exit, signal.SIGTERM, signal.SIGHUP))
        made = tempfile.TemporaryDirectory(prefix="airfield-git-", ignore_cleanup_errors=True)
        self.directory = Path(self._stack.enter_context(made))
        self._environment = self._clean_environment()
        if self.address.kind == HTTP and self.target.username:
            self._environment["AIRFIELD_GIT_USERNAME"] = self.target.username
            self._environment["AIRFIELD_GIT_PASSWORD"] = self._params["password"]
            self._options = ["-c", f"credential.{self.address.origin}.helper={_CREDENTIAL_HELPER}"]
        if self.address.kind == SSH:
            self._environment["GIT_SSH_COMMAND"] = shlex.join(self._ssh_command())
        if self.run("check-ref-format", f"refs/heads/{self.branch}").code:
            raise InvalidInput(f"`{self.branch}` is not a valid branch name. Correct `branch`.")
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def _clean_environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in _KEPT_VARIABLES or not name.startswith(("GIT_", "SSH_", "XDG_"))
        }
        return kept | {
            "HOME": str(self.directory),  # curl would read ~/.netrc
            "LC_ALL": "C",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }

    def _ssh_command(self) -> list[str]:
        key = self._private_file("key", self._params["ssh_private_key"])
        known_hosts = self._private_file("known_hosts", self._params["ssh_known_hosts"])
        options = {
            "BatchMode": "yes",
            "ConnectTimeout": str(self.timeout),
            "GlobalKnownHostsFile": "/dev/null",
            "IdentitiesOnly": "yes",
            "IdentityAgent": "none",
            "StrictHostKeyChecking": "yes",
            "UpdateHostKeys": "no",
            "UserKnownHostsFile": f'"{known_hosts}"',
        }
        return ["ssh", "-F", "/dev/null", "-i", str(key), *(f"-o{name}={value}" for name, value in options.items())]

    def _private_file(self, name: str, text: str) -> Path:
        path = self.directory / name
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            # ssh rejects a key whose last line has no line end.
            file.write(text.replace("\r\n", "\n").strip() + "\n")
        return path

    def run(self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Finished:
        """Run git; raises TimedOut. No argument may be a secret."""
        with subprocess.Popen(
            ["git", *self._options, *arguments],
            cwd=self.directory,
            env={**self._environment, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # its own process group: git's child processes end with it
        ) as process:
            try:
                stdout, stderr = process.communicate(stdin, timeout=self.timeout)
            except subprocess.TimeoutExpired:
                raise TimedOut(
                    f"git got no answer from {self.target.url} after {self.timeout} s. Check that "
                    f"{self._place()} can be reached from this machine, or raise `timeout`."
                ) from None
            finally:
                if process.poll() is None:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
        return Finished(process.returncode, stdout, stderr.decode("utf-8", errors="replace"))

    def call(
        self, what: str, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> bytes:
        """Run git and return its output; raises the error that matches its messages."""
        finished = self.run(*arguments, stdin=stdin, environment=environment)
        if finished.code:
            raise error_of_output(what, self.target, finished.stderr)
        return finished.stdout

    def refs(self) -> dict[str, str]:
        """The full names of all refs, such as ``refs/heads/main`` and ``HEAD``, with their commits."""
        listing = self.call("read the repository", "ls-remote", "--quiet", "--", self.target.url)
        lines = [line.split("\t", 1) for line in listing.decode("utf-8", errors="replace").splitlines()]
        return {name: commit for commit, name in lines}

    def push(self, repository: Path, commit: str) -> None:
        """Make ``commit`` the branch's head; raises PushRaced when it does not descend from the current one."""
        reference = f"{commit}:refs/heads/{self.branch}"
        finished = self.run(f"--git-dir={repository}", "push", "--porcelain", "--", self.target.url, reference)
        if finished.code:
            printed = finished.stdout.decode("utf-8", errors="replace")
            raise error_of_push(self.target, self.branch, printed, finished.stderr)

    def missing_branch(self, refs: Mapping[str, str]) -> BranchNotFound:
        there = sorted(name.removeprefix("refs/heads/") for name in refs if name.startswith("refs/heads/"))
        if not there:
            return BranchNotFound(
                f"The repository {self.target.url} has no branch yet. "
                f"Push an initial commit to the branch {self.branch}."
            )
        return BranchNotFound(
            f"The repository {self.target.url} has no branch {self.branch}. It has: {', '.join(there)}. "
            "Correct `branch`, or create it."
        )

    def _place(self) -> str:
        return f"{self.target.host} on port {self.target.port}" if self.target.host else self.target.url


def _check_credentials(address: GitAddress, params: Mapping[str, Any]) -> None:
    if address.kind == SSH:
        if params["username"]:
            raise InvalidInput(
                "`username` and `password` are for http and https. For an SSH `url` give `ssh_private_key`."
            )
        if not (params["ssh_known_hosts"] or "").strip():
            raise InvalidInput(
                f"An SSH URL requires `ssh_known_hosts`, so that no other machine can answer as {address.host}. Get "
                f"it with {keyscan(address.host, address.port)} and compare it with what the server's owner publishes."
            )
        if not (params["ssh_private_key"] or "").strip():
            raise InvalidInput("An SSH URL requires the content of a private key in `ssh_private_key`.")
    elif address.kind == HTTP:
        if params["ssh_private_key"]:
            raise InvalidInput("`ssh_private_key` is for SSH. Give `username` and `password`, or an SSH URL.")
        for name in ("username", "password"):
            if any(character in (params[name] or "") for character in "\n\r\0"):
                raise InvalidInput(f"`{name}` contains a line break, which no Git server accepts. Remove it.")


def _exit(number: int) -> SystemExit:
    return SystemExit(128 + number)

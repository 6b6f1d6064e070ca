# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real Git repositories for tests: a bare one in a directory, and a Git server over HTTP that requires a password."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ansible.module_utils.testing import patch_module_args

USER = "robot"
PASSWORD = "pa55/of robot:$(id)'\"%40"
CLEAN = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
IDENTITY = {f"GIT_{who}_{what}": "other@localhost" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(*arguments: str | Path, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
    """The output of git; for the test's own commands."""
    command = ["git", *(str(argument) for argument in arguments)]
    told = {**os.environ, **CLEAN, **IDENTITY, **(environment or {})}
    return subprocess.run(command, input=stdin, env=told, check=True, capture_output=True).stdout.decode().strip()


class Repository:
    """A bare repository in a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        git("init", "--quiet", "--bare", "--initial-branch=main", directory)

    def commit(self, files: dict[str, str], branch: str = "main") -> str:
        """Commit files on top of the branch as another user, without a working copy."""
        index = str(self.directory / "index-of-the-test")
        parent = self.head(branch)
        self.git("read-tree", parent or "--empty", index=index)
        for path, text in files.items():
            made = self.git("hash-object", "-w", "--stdin", stdin=text.encode())
            self.git("update-index", "--add", "--cacheinfo", f"100644,{made},{path}", index=index)
        tree = self.git("write-tree", index=index)
        commit = self.git("commit-tree", tree, "-m", "somebody else's", *(["-p", parent] if parent else []))
        self.git("update-ref", f"refs/heads/{branch}", commit)
        return commit

    def git(self, *arguments: str | Path, stdin: bytes = b"", index: str | None = None) -> str:
        chosen = {"GIT_INDEX_FILE": index} if index else {}
        return git(f"--git-dir={self.directory}", *arguments, stdin=stdin, environment=chosen)

    def head(self, branch: str = "main") -> str | None:
        printed = self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")
        return printed or None

    def count(self, branch: str = "main") -> int:
        return int(self.git("rev-list", "--count", branch))

    def read(self, path: str, branch: str = "main") -> str:
        return self.git("cat-file", "blob", f"{branch}:{path}")

    def paths(self, branch: str = "main") -> list[str]:
        return self.git("ls-tree", "-r", "--name-only", branch).splitlines()

    def modes(self, branch: str = "main") -> dict[str, str]:
        lines = self.git("ls-tree", "-r", branch).splitlines()
        return {line.split("\t")[1]: line.split()[0] for line in lines}


@pytest.fixture(name="repository")
def repository_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty bare repository; the module's temporary directories are below ``tmp_path / "temporary"``."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return Repository(tmp_path / "platform.git")


class GitServer:
    """Serve the repositories of a directory over HTTP, for USER with PASSWORD.

    ``before``: called with the method and the path with its query, before the request is answered.
    ``status``: the answer to every request, with ``location`` as the other server of a redirect.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.before: Callable[[str, str], None] = lambda method, path: None
        self.status: int | None = None
        self.location: str | None = None
        self.users: list[str] = []
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        parts = urlsplit(handler.path)
        if self.status:
            where = {"Location": f"{self.location}{handler.path}"} if self.location else {}
            return send(handler, self.status, where, b"")
        given = handler.headers.get("Authorization", "").removeprefix("Basic ")
        user, _colon, password = base64.b64decode(given).decode().partition(":")
        self.users.append(user)
        if (user, password) != (USER, PASSWORD):
            return send(handler, 401, {"WWW-Authenticate": 'Basic realm="git"'}, b"")
        self.before(handler.command, handler.path)
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": user,
            "REMOTE_ADDR": "127.0.0.1",
            "REQUEST_METHOD": handler.command,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": handler.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": handler.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""),
            **CLEAN,
        }
        command = ["git", "http-backend"]
        printed = subprocess.run(command, input=body, env=environment, check=True, stdout=subprocess.PIPE).stdout
        head, _gap, content = printed.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        return send(handler, int(fields.pop("Status", "200").split()[0]), fields, content)


def send(handler: BaseHTTPRequestHandler, status: int, fields: dict[str, str], content: bytes) -> None:
    handler.send_response(status)
    for name, value in {**fields, "Content-Length": str(len(content))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


@contextlib.contextmanager
def git_server(root: Path) -> Iterator[GitServer]:
    served = GitServer(root)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.answer(self)

        def do_POST(self) -> None:
            served.answer(self)

        def log_message(self, format: str, *_arguments: Any) -> None:
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Result:
    """The output of a module."""

    def __init__(self, printed: str) -> None:
        self.printed = printed
        self.facts: dict[str, Any] = json.loads(printed)

    def __getitem__(self, key: str) -> Any:
        if key != "msg" and self.facts.get("failed"):
            raise AssertionError(self.facts["msg"])
        return self.facts[key]

    def failure(self) -> str:
        """The message of a failure."""
        assert self.facts.get("failed"), self.printed
        return str(self.facts["msg"])

    @property
    def error(self) -> str:
        return str(self.facts.get("error"))


def run_git_module(main: Callable[[], None], *, check: bool = False, diff: bool = False, **parameters: Any) -> Result:
    """Run a module's main() as Ansible would."""
    printed = io.StringIO()
    arguments = {**parameters, "_ansible_check_mode": check, "_ansible_diff": diff}
    with patch_module_args(arguments), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        main()
    return Result(printed.getvalue())

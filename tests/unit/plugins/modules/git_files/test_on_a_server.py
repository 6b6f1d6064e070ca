# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import git_files
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.git_server import (
    PASSWORD,
    USER,
    Repository,
    Result,
    git_server,
    repository_fixture,
    run_git_module,
)

__all__ = ["repository_fixture"]


def put(url: Path | str, **parameters: Any) -> Result:
    return run_git_module(git_files.main, url=str(url), **parameters)


@pytest.mark.parametrize("method", ["GET", "POST"], ids=["before the push", "while the server takes the push"])
def test_a_push_in_between_is_kept(repository: Repository, method: str) -> None:
    repository.commit({"README": "one"})
    pushes: list[str] = []

    def somebody_pushes(seen: str, path: str) -> None:
        if seen == method and path.endswith("git-receive-pack") and not pushes:
            pushes.append(repository.commit({"README": "two"}))

    with git_server(repository.directory.parent) as server:
        server.before = somebody_pushes
        result = put(f"{server.url}/platform.git", username=USER, password=PASSWORD, files={"values.yaml": "a"})
    assert len(pushes) == 1
    assert result["commit"] == repository.head()
    assert repository.count() == 3
    assert (repository.read("README"), repository.read("values.yaml")) == ("two", "a")


def test_pushes_in_between_without_end(repository: Repository) -> None:
    repository.commit({"README": "0"})
    pushes: list[str] = []

    def somebody_pushes(method: str, path: str) -> None:
        if method == "POST" and path.endswith("git-receive-pack"):
            pushes.append(repository.commit({"README": str(len(pushes) + 1)}))

    with git_server(repository.directory.parent) as server:
        server.before = somebody_pushes
        result = put(f"{server.url}/platform.git", username=USER, password=PASSWORD, files={"values.yaml": "a"})
    assert "Other commits were pushed to the branch main" in result.failure()
    assert len(pushes) == 4
    assert repository.paths() == ["README"]


def test_a_server_that_does_not_take_the_commit(repository: Repository) -> None:
    before = repository.commit({"README": "one"})
    hook = repository.directory / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho main is protected >&2\nexit 1\n")
    hook.chmod(0o755)
    with git_server(repository.directory.parent) as server:
        result = put(f"{server.url}/platform.git", username=USER, password=PASSWORD, files={"values.yaml": "a"})
    words = (
        "refused the commit on the branch main: pre-receive hook declined. The server says: main is protected. Allow "
        "user"
    )
    assert words in result.failure()
    assert repository.head() == before


def test_a_wrong_password_is_told_and_not_shown(repository: Repository, tmp_path: Path) -> None:
    with git_server(repository.directory.parent) as server:
        url = f"{server.url}/platform.git"
        result = put(url, username=USER, password="n0t-the-pa55word", files={"values.yaml": "a"})
    assert f"The Git server at {url} refused user robot." in result.failure()
    assert "n0t-the" not in result.printed
    assert repository.head() is None
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_password_is_in_no_argument(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrappers record every git command, and the commands that git itself runs."""
    programs = tmp_path / "programs"
    programs.mkdir()
    log = tmp_path / "arguments"
    (programs / "git").write_text(f'#!/bin/sh\necho "$@" >> {log}\nPATH={os.environ["PATH"]} exec git "$@"\n')
    (programs / "git").chmod(0o755)
    with git_server(repository.directory.parent) as server:
        monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
        result = put(f"{server.url}/platform.git", username=USER, password=PASSWORD, files={"values.yaml": "a"})
    assert result["changed"]
    assert "push" in log.read_text()
    assert "pa55" not in log.read_text() + result.printed

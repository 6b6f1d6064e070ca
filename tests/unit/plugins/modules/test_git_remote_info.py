# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import git_remote_info
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


def info(url: Path | str, **parameters: Any) -> Result:
    return run_git_module(git_remote_info.main, url=str(url), **parameters)


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_the_refs_are_returned(repository: Repository, form: str) -> None:
    commit = repository.commit({"dag.py": "one"})
    repository.git("tag", "v1", commit)
    result = info(form.format(repository.directory))
    assert result["head"] == commit
    assert result["refs"] == dict.fromkeys(("HEAD", "refs/heads/main", "refs/tags/v1"), commit)
    assert (result["empty"], result["changed"]) == (False, False)


def test_a_missing_branch_is_an_error_that_names_the_others(repository: Repository) -> None:
    for branch in ("main", "test/two"):
        repository.commit({"dag.py": "one"}, branch)
    result = info(repository.directory, branch="mian")
    assert f"The repository {repository.directory} has no branch mian. It has: main, test/two." in result.failure()
    assert result.error == "BranchNotFound"


def test_a_missing_branch_can_be_allowed(repository: Repository) -> None:
    repository.commit({"dag.py": "one"})
    result = info(repository.directory, branch="other", required=False)
    assert (result["head"], result["empty"]) == (None, False)


def test_an_empty_repository(repository: Repository) -> None:
    result = info(repository.directory, required=False)
    assert (result["head"], result["refs"], result["empty"]) == (None, {}, True)
    assert "has no branch yet. Push an initial commit to the branch main." in info(repository.directory).failure()


def test_no_repository_in_the_directory(repository: Repository) -> None:
    result = info("/no/such/directory")
    assert result.failure().startswith("There is no Git repository at /no/such/directory. Correct `url`")


def test_a_server_answers_with_credentials(repository: Repository) -> None:
    commit = repository.commit({"dag.py": "one"})
    with git_server(repository.directory.parent) as server:
        result = info(f"{server.url}/platform.git", username=USER, password=PASSWORD)
    assert result["head"] == commit
    assert server.users[:2] == ["", USER]
    assert "pa55" not in result.printed


def test_wrong_credentials_are_told_without_the_password(repository: Repository, tmp_path: Path) -> None:
    with git_server(repository.directory.parent) as server:
        result = info(f"{server.url}/platform.git", username=USER, password="n0t-the-pa55word")
    assert f"The Git server at {server.url}/platform.git refused user robot. Correct `username`" in result.failure()
    assert result.error == "CredentialsRefused"
    assert "n0t-the" not in result.printed
    assert list((tmp_path / "temporary").iterdir()) == []


def test_no_credentials_where_some_are_wanted(repository: Repository) -> None:
    with git_server(repository.directory.parent) as server:
        result = info(f"{server.url}/platform.git")
    assert "asks for a user and a password. Give `username` and `password`." in result.failure()


def test_the_users_stored_credentials_are_not_used(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("default login me password mine\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    with git_server(repository.directory.parent) as server:
        assert "asks for a user" in info(f"{server.url}/platform.git").failure()
    assert set(server.users) == {""}


def test_credentials_are_for_their_own_server_only(repository: Repository) -> None:
    with git_server(repository.directory.parent) as other, git_server(repository.directory.parent) as server:
        server.status, server.location = 302, other.url
        result = info(f"{server.url}/platform.git", username=USER, password=PASSWORD)
    assert set(other.users) == {""}, "the password went to the server of a redirection"
    assert f"{other.url} asks for credentials instead of {server.url}/platform.git. If the server" in result.failure()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "does not allow this to user robot (403). Give that user the permission"),
        (404, "There is no Git repository at"),
        (502, "answered with 502. Check that it works, and see its log."),
    ],
)
def test_what_a_server_answers(repository: Repository, status: int, words: str) -> None:
    with git_server(repository.directory.parent) as server:
        server.status = status
        result = info(f"{server.url}/platform.git", username=USER, password=PASSWORD)
    assert words in result.failure()


def test_a_repository_that_the_server_does_not_have(repository: Repository) -> None:
    with git_server(repository.directory.parent) as server:
        result = info(f"{server.url}/other.git", username=USER, password=PASSWORD)
    assert f"at {server.url}/other.git, or user robot may not see it." in result.failure()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_unreachable_server(repository: Repository) -> None:
    port = free_port()
    result = info(f"http://127.0.0.1:{port}/platform.git", username=USER, password=PASSWORD)
    assert f"cannot be reached: 127.0.0.1 does not answer on port {port} (" in result.failure()
    assert "Check that host and port are right" in result.failure()
    assert result.error == "ConnectionFailed"


def test_an_unknown_host(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert "The host name no-host.invalid of" in info("http://no-host.invalid/platform.git").failure()


def test_a_server_that_speaks_no_tls(repository: Repository) -> None:
    with git_server(repository.directory.parent) as server:
        result = info(f"{server.url}/platform.git".replace("http:", "https:"))
    assert "TLS with 127.0.0.1 on port" in result.failure()


def test_a_server_that_says_nothing(repository: Repository, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        result = info(f"http://127.0.0.1:{port}/platform.git", timeout=1)
    assert f"after 1 s. Check that 127.0.0.1 on port {port} can be reached" in result.failure()
    assert result.error == "TimedOut"
    assert list((tmp_path / "temporary").iterdir()) == []


def test_ssh_without_known_hosts_is_refused(repository: Repository) -> None:
    result = info("ssh://git@git.test:2222/platform.git", ssh_private_key="pr1vate")
    assert "requires `ssh_known_hosts`" in result.failure()
    assert "`ssh-keyscan -p 2222 git.test`" in result.failure()


def test_ssh_to_a_port_where_nothing_listens(repository: Repository, tmp_path: Path) -> None:
    port = free_port()
    url = f"ssh://git@127.0.0.1:{port}/platform.git"
    result = info(url, ssh_private_key="secret-key", ssh_known_hosts=f"[127.0.0.1]:{port} ssh-ed25519 AAAA")
    assert f"127.0.0.1 does not answer on port {port} (" in result.failure()
    assert "secret-key" not in result.printed
    assert list((tmp_path / "temporary").iterdir()) == []


def test_credentials_in_the_address_are_refused_and_not_shown(repository: Repository) -> None:
    result = info("https://robot:s3cret%21@git.test/platform.git")
    assert "`url` contains credentials for https://git.test. Remove them" in result.failure()
    assert "s3cret" not in result.printed
    token = info("https://t0ken@git.test/platform.git")
    assert "`url` contains credentials" in token.failure()
    assert "t0ken" not in token.printed

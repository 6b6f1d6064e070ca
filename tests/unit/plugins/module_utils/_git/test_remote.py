# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._git import errors
from ansible_collections.airfield.airflow.plugins.module_utils._git.address import parse_address, secrets_in
from ansible_collections.airfield.airflow.plugins.module_utils._git.remote import GitRemote
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.git_server import Repository

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\r\nb3BlbnNzaA==\r\n-----END OPENSSH PRIVATE KEY-----"
KNOWN_HOSTS = "git.test ssh-ed25519 AAAA"
TARGET = errors.Target("ssh://git@git.test/dags.git", "git.test", 2222)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "temporary directory"
    directory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    return directory


def parameters(url: Path | str, **given: Any) -> dict[str, Any]:
    absent = dict.fromkeys(("username", "password", "ssh_private_key", "ssh_known_hosts"))
    return {"url": str(url), "branch": "main", "timeout": 30, **absent, **given}


@pytest.mark.parametrize(
    ("url", "kind", "host", "port", "origin"),
    [
        ("http://git.test/a.git", "http", "git.test", 80, "http://git.test"),
        ("https://git.test:8443/a.git", "http", "git.test", 8443, "https://git.test:8443"),
        ("http://[::1]:3000/a.git", "http", "::1", 3000, "http://[::1]:3000"),
        ("ssh://git@git.test:2222/a.git", "ssh", "git.test", 2222, "ssh://git.test:2222"),
        ("git@git.test:team/a.git", "ssh", "git.test", 22, ""),
        ("git.test:a.git", "ssh", "git.test", 22, ""),
        ("/srv/a.git", "local", "", 0, ""),
        ("file:///srv/a.git", "local", "", 0, ""),
    ],
)
def test_addresses(url: str, kind: str, host: str, port: int, origin: str) -> None:
    address = parse_address(url)
    assert (address.kind, address.host, address.port, address.origin) == (kind, host, port, origin)


@pytest.mark.parametrize(
    "url",
    ["", "a.git", "../a.git", "ext::sh -c id", "ftp://git.test/a", "http:///a", "http://git.test:x/a", "-oX=y:a"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(errors.InvalidInput, match="`url` is not a valid URL of a Git repository"):
        parse_address(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "https://robot:s3cret@git.test/a.git",
            "contains credentials for https://git.test. .* `username` and `password`",
        ),
        ("https://s3cret@git.test/a.git", "contains credentials"),
        ("ssh://git:s3cret@git.test/a.git", "contains credentials for ssh://git.test. .* `ssh_private_key`"),
        ("https://git.test/a.git?token=s3cret", "contains . or #"),
        ("https://git.test/a\nb.git", "line break"),
    ],
)
def test_addresses_with_more_in_them_are_refused(url: str, words: str) -> None:
    with pytest.raises(errors.InvalidInput, match=words) as caught:
        parse_address(url)
    assert "s3cret" not in str(caught.value)


def test_secrets_of_an_address() -> None:
    assert secrets_in("https://robot:a%21b@git.test/x") == {"robot:a%21b@", "a%21b", "a!b"}
    assert secrets_in("https://token@git.test/x") == {"token@"}
    assert secrets_in("ssh://git@git.test/x") == set()
    assert secrets_in("git@git.test:x") == set()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"url": "git@git.test:a"}, "requires `ssh_known_hosts`.*`ssh-keyscan git.test`"),
        ({"url": "git@git.test:a", "ssh_known_hosts": "  \n"}, "requires `ssh_known_hosts`"),
        ({"url": "git@git.test:a", "ssh_known_hosts": KNOWN_HOSTS}, "requires the content of a private key"),
        ({"url": "git@git.test:a", "username": "u", "password": "p"}, "are for http and https"),
        ({"url": "http://git.test/a", "ssh_private_key": KEY}, "`ssh_private_key` is for SSH"),
        ({"url": "http://git.test/a", "username": "u", "password": "p\n"}, "`password` contains a line break"),
    ],
)
def test_credentials_that_do_not_fit_are_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(errors.InvalidInput, match=words):
        GitRemote(parameters(**given))


def test_missing_programs_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.ProgramMissing, match="The program `git` is not in the PATH"):
        GitRemote(parameters("/srv/a.git"))
    (tmp_path / "git").touch(0o755)
    with pytest.raises(errors.ProgramMissing, match="The program `ssh` is not in the PATH"):
        GitRemote(parameters("git@git.test:a", ssh_private_key=KEY, ssh_known_hosts=KNOWN_HOSTS))


def fake_ssh(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    directory.mkdir()
    (directory / "ssh").write_text(f"#!/bin/sh\n{script}\n")
    (directory / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{directory}:{os.environ['PATH']}")


def test_ssh_gets_key_and_host_keys_by_private_files(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replacement for ssh records its input and then serves the repository itself, as a server would."""
    repository = Repository(tmp_path / "dags.git")
    commit = repository.commit({"dag.py": "one"})
    seen = tmp_path / "seen"
    fake_ssh(
        tmp_path / "programs",
        monkeypatch,
        f'for a in "$@"; do echo "$a" >> {seen}; last=$a; done\n'
        f'cp "$4" {tmp_path}/key; stat -c %a "$4" "$(dirname "$4")" "$(dirname "$4")/known_hosts" >> {seen}\n'
        f'env >> {seen}; exec sh -c "$last"',
    )
    monkeypatch.setenv("SSH_AUTH_SOCK", "/the/users/agent")
    url = f"ssh://git@git.test:2222{repository.directory}"
    with GitRemote(parameters(url, ssh_private_key=KEY, ssh_known_hosts=KNOWN_HOSTS)) as remote:
        assert remote.refs()["refs/heads/main"] == commit
        files = sorted(path.name for path in remote.directory.iterdir())
    lines = seen.read_text().splitlines()
    assert lines[:3] == ["-F", "/dev/null", "-i"]
    assert {
        "-oBatchMode=yes",
        "-oIdentitiesOnly=yes",
        "-oIdentityAgent=none",
        "-oStrictHostKeyChecking=yes",
        "-oGlobalKnownHostsFile=/dev/null",
        "LC_ALL=C",
    } <= set(lines)
    assert any(line.startswith(f'-oUserKnownHostsFile="{temporary}/') for line in lines)
    assert [line for line in lines if line.isdigit() and len(line) == 3] == ["600", "700", "600"]
    assert not any(line.startswith("SSH_AUTH_SOCK") or "b3BlbnNzaA" in line for line in lines)
    assert (tmp_path / "key").read_text() == KEY.replace("\r\n", "\n") + "\n"
    assert files == ["key", "known_hosts"]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (
            "No ED25519 host key is known for [git.test]:2222 and you have requested strict checking.\n"
            "Host key verification failed.",
            errors.HostKeyRefused,
            "The host key of git.test is not in `ssh_known_hosts`. Get it with `ssh-keyscan -p 2222 git.test`",
        ),
        (
            "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.",
            errors.HostKeyRefused,
            "git.test presents a different host key than the one in `ssh_known_hosts`",
        ),
        (
            'Load key "/tmp/key": error in libcrypto\ngit@git.test: Permission denied (publickey).',
            errors.CredentialsRefused,
            "ssh cannot read the key in `ssh_private_key` (error in libcrypto)",
        ),
        ("git@git.test: Permission denied (publickey).", errors.CredentialsRefused, "refused the key"),
        ("ERROR: Repository not found.", errors.RepositoryNotFound, "or the owner of the key may not see it"),
        (
            "ssh: Could not resolve hostname git.test: Name or service not known",
            errors.ConnectionFailed,
            "The host name git.test of",
        ),
        (
            "kex_exchange_identification: read: Connection reset by peer",
            errors.ConnectionFailed,
            "git.test does not answer on port 2222 (Connection reset by peer)",
        ),
        (
            "something new",
            errors.GitError,
            "git could not read the repository (ssh://git@git.test:2222/x): something new",
        ),
    ],
)
def test_what_ssh_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, kind: type[errors.GitError], words: str
) -> None:
    (tmp_path / "said").write_text(said)
    fake_ssh(tmp_path / "programs", monkeypatch, f"cat {tmp_path}/said >&2; exit 255")
    url = "ssh://git@git.test:2222/x"
    with (
        GitRemote(parameters(url, ssh_private_key=KEY, ssh_known_hosts=KNOWN_HOSTS)) as remote,
        pytest.raises(errors.GitError) as caught,
    ):
        remote.refs()
    assert caught.type is kind
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("[rejected] (fetch first)", errors.PushRaced),
        ("[rejected] (non-fast-forward)", errors.PushRaced),
        ("[remote rejected] (failed to update ref)", errors.PushRaced),
        ("[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)", errors.PushRaced),
        ("[remote rejected] (protected branch hook declined)", errors.PushRefused),
    ],
)
def test_what_a_push_says(reason: str, kind: type[errors.GitError]) -> None:
    output = f"To http://git.test/a\n!\tabc:refs/heads/main\t{reason}\nDone\n"
    error = errors.error_of_push(TARGET, "main", output, "error: failed to push some refs")
    assert error.__class__ is kind


def test_a_long_complaint_is_shortened() -> None:
    error = errors.error_of_output("read the repository", TARGET, "word " * 1000)
    assert len(str(error)) < 700


def test_a_stop_of_the_task_removes_the_key(temporary: Path) -> None:
    given = parameters("git@git.test:a", ssh_private_key=KEY, ssh_known_hosts=KNOWN_HOSTS)
    handler = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit), GitRemote(given):
        assert list(temporary.glob("*/key")) != []
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
    assert list(temporary.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is handler


def test_a_timeout_ends_what_git_has_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_ssh(tmp_path / "programs", monkeypatch, f"echo $$ > {tmp_path}/pid; exec sleep 60")
    given = parameters("git@git.test:a", ssh_private_key=KEY, ssh_known_hosts=KNOWN_HOSTS, timeout=1)
    started = time.monotonic()
    with GitRemote(given) as remote, pytest.raises(errors.TimedOut, match=r"git\.test on port 22 can be reached"):
        remote.refs()
    stat = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/stat")
    while stat.exists() and stat.read_text().split()[2] != "Z":
        assert time.monotonic() - started < 10, "what git has started goes on"
        time.sleep(0.01)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for git-sync, run as a container runs it, with real Git."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.git_server import (
    CLEAN,
    PASSWORD,
    USER,
    Repository,
    git_server,
)

SCRIPT = Path(__file__).parents[3] / "images/git_sync/git-sync"
SECONDS = 20.0


def wait_for(look: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.02)


class Sync:
    """The script with the environment of a container, and with what it writes."""

    def __init__(self, directory: Path, url: str) -> None:
        self.root = directory / "git"
        self.root.mkdir()
        self.said = directory / "said.txt"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            **CLEAN,
            "GITSYNC_REPO": url,
            "GITSYNC_REF": "main",
            "GITSYNC_ROOT": str(self.root),
            "GITSYNC_LINK": "repo",
            "GITSYNC_PERIOD": "0.1s",
            # The settings of the real one that the stand-in need not know must not disturb it.
            "GITSYNC_ADD_USER": "true",
        }

    @contextlib.contextmanager
    def running(self, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
        with self.said.open("ab") as output:
            process = subprocess.Popen(
                ["bash", SCRIPT], env={**self.environment, **settings}, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def once(self, **settings: str) -> int:
        """The exit code of an init container."""
        with self.running(GITSYNC_ONE_TIME="true", **settings) as process:
            return process.wait(timeout=SECONDS)

    @property
    def output(self) -> str:
        return self.said.read_text()

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.splitlines() if line.startswith("{")]

    @property
    def failures(self) -> list[int]:
        return [one["failures"] for one in self.messages if one["msg"] == "sync failed"]

    @property
    def commit(self) -> str:
        """The commit that readers see; empty before the first."""
        link = self.root / "repo"
        return link.readlink().name if link.is_symlink() else ""

    def read(self, path: str) -> str:
        return (self.root / "repo" / path).read_text()


@pytest.fixture(name="repository")
def repository_fixture(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "dags.git")


@pytest.fixture(name="sync")
def sync_fixture(tmp_path: Path, repository: Repository) -> Sync:
    return Sync(tmp_path, f"file://{repository.directory}")


@pytest.fixture(name="sync_by_http")
def sync_by_http_fixture(tmp_path: Path, repository: Repository) -> Iterator[Sync]:
    repository.commit({"dags/a.py": "first"})
    with git_server(tmp_path) as server:
        yield Sync(tmp_path, f"{server.url}/dags.git")


def test_it_syncs_once(sync: Sync, repository: Repository) -> None:
    commit = repository.commit({"dags/a.py": "first", "README.md": "words"})
    assert sync.once() == 0
    assert sync.commit == commit
    assert (sync.read("dags/a.py"), sync.read("README.md")) == ("first", "words")
    assert sync.messages == [{"msg": "synced", "ref": "main", "commit": commit}]


def test_it_takes_a_tag_and_a_link_of_another_name(sync: Sync, repository: Repository) -> None:
    tagged = repository.commit({"dags/a.py": "first"})
    repository.git("tag", "v1", tagged)
    repository.commit({"dags/a.py": "second"})
    assert sync.once(GITSYNC_REF="v1", GITSYNC_LINK="current") == 0
    assert (sync.root / "current/dags/a.py").read_text() == "first"


def test_a_second_container_finds_it_there(sync: Sync, repository: Repository) -> None:
    repository.commit({"dags/a.py": "first"})
    assert (sync.once(), sync.once()) == (0, 0)
    assert len(sync.messages) == 1, "there was nothing to do"


def test_a_later_commit_takes_the_place_of_the_first_in_one_step(sync: Sync, repository: Repository) -> None:
    many = [f"dags/{number}.py" for number in range(200)]
    first = repository.commit(dict.fromkeys(many, "first"))
    with sync.running() as process:
        wait_for(lambda: sync.commit == first)
        second = repository.commit({**dict.fromkeys(many, "second"), "dags/more.py": "second"})
        seen, contents = {first}, set()

        def look() -> bool:
            # Without a break: there is always a commit, and it is whole.
            seen.add((sync.root / "repo").readlink().name)
            with contextlib.suppress(FileNotFoundError):  # between the link and the directory that has just gone
                directory = (sync.root / "repo").resolve(strict=True)
                contents.add((directory.name, len(list((directory / "dags").iterdir()))))
            return sync.commit == second

        wait_for(look)
        look()
        assert seen == {first, second}
        assert (second, 201) in contents
        assert {number for name, number in contents if name == second} == {201}
        wait_for(lambda: [path.name for path in (sync.root / ".commits").iterdir()] == [second])
        assert {path.name for path in sync.root.iterdir()} == {".commits", ".store", "repo"}
        assert sync.read("dags/more.py") == "second"
        assert process.poll() is None


def test_it_uses_the_password(sync_by_http: Sync) -> None:
    # Git tells of every program that it runs, with the arguments.
    assert sync_by_http.once(GITSYNC_USERNAME=USER, GITSYNC_PASSWORD=PASSWORD, GIT_TRACE="1") == 0
    assert sync_by_http.read("dags/a.py") == "first"
    for program in ("git fetch", "git-remote-http", "GITSYNC_PASSWORD", "f get"):
        assert program in sync_by_http.output
    demand_no_password(sync_by_http, PASSWORD)


def test_a_wrong_password_is_told_and_leaves_nothing(sync_by_http: Sync) -> None:
    wrong = "wrong-and-secret"
    assert sync_by_http.once(GITSYNC_USERNAME=USER, GITSYNC_PASSWORD=wrong, GIT_TRACE="1") == 1
    assert "Authentication failed" in sync_by_http.output
    assert sync_by_http.messages == [{"msg": "sync failed", "failures": 1}]
    assert not (sync_by_http.root / "repo").is_symlink()
    demand_no_password(sync_by_http, wrong)


def test_without_a_password_nobody_is_asked(sync_by_http: Sync) -> None:
    assert sync_by_http.once() == 1
    assert "terminal prompts disabled" in sync_by_http.output


def demand_no_password(sync: Sync, password: str) -> None:
    """Neither in what was said, nor in an argument that Git told of, nor in a file."""
    # Git writes a quote in an argument in another way, an address all of it.
    forms = {password.partition("'")[0], quote(password, safe="")}
    saved = [path for path in sync.root.rglob("*") if path.is_file() and not path.is_symlink()]
    assert saved
    for form in forms:
        assert form not in sync.output
        assert [path for path in saved if form.encode() in path.read_bytes()] == []


@pytest.mark.parametrize(("most", "failures"), [("0", 1), ("1", 1), ("3", 3)])
def test_it_gives_up_after_so_many_failures(sync: Sync, most: str, failures: int) -> None:
    """As the real one counts them: 0 and 1 are the same. The repository has no commit yet."""
    assert sync.once(GITSYNC_MAX_FAILURES=most) == 1
    assert sync.failures == list(range(1, failures + 1))
    assert sync.commit == ""


def test_while_the_repository_is_away_the_dags_stay(sync: Sync, repository: Repository) -> None:
    first = repository.commit({"dags/a.py": "first"})
    away = repository.directory.with_name("away.git")
    with sync.running(GITSYNC_MAX_FAILURES="-1") as process:
        wait_for(lambda: sync.commit == first)
        repository.directory.rename(away)
        wait_for(lambda: len(sync.failures) >= 3)
        assert (sync.commit, sync.read("dags/a.py")) == (first, "first")
        away.rename(repository.directory)
        second = repository.commit({"dags/a.py": "second"})
        wait_for(lambda: sync.commit == second)
        assert process.poll() is None
    assert [one["commit"] for one in sync.messages if one["msg"] == "synced"] == [first, second]


def test_only_failures_one_after_the_other_count(sync: Sync, repository: Repository) -> None:
    repository.commit({"dags/a.py": "first"})
    away = repository.directory.with_name("away.git")
    with sync.running(GITSYNC_MAX_FAILURES="40") as process:
        for turn in ("second", "third"):
            wait_for(lambda: sync.commit == repository.head())
            repository.directory.rename(away)
            told = len(sync.failures)
            wait_for(lambda told=told: len(sync.failures) > told)  # type: ignore[misc]
            assert sync.failures[told] == 1
            away.rename(repository.directory)
            repository.commit({"dags/a.py": turn})
        wait_for(lambda: sync.commit == repository.head())
        assert process.poll() is None


def test_it_ends_when_it_is_told_to(sync: Sync, repository: Repository) -> None:
    """As the first process of a container it would not hear a signal that it does not handle."""
    first = repository.commit({"dags/a.py": "first"})
    with sync.running() as process:
        wait_for(lambda: sync.commit == first)
        process.terminate()
        assert process.wait(timeout=5) == 0

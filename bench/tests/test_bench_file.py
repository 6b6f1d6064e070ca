# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.bench.bench_file import Repository, bench_file, unmarked

# Each push is written down with its options, as the server's own hook reads them.
HOOK = '#!/bin/sh\nprintf "%s %s\\n" "$GIT_PUSH_OPTION_COUNT" "$GIT_PUSH_OPTION_0" >> "{}"\n'


def git(directory: Path, *arguments: str) -> str:
    author = ["-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *author, *arguments], cwd=directory, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """A bare repository with one file and two versions of it."""
    bare, work = tmp_path / "served.git", tmp_path / "work"
    git(tmp_path, "init", "--quiet", "--bare", str(bare))
    git(bare, "config", "receive.advertisePushOptions", "true")
    git(tmp_path, "clone", "--quiet", str(bare), str(work))
    for text in ("first\n", "second\n"):
        (work / "values.yml").write_text(text)
        git(work, "add", "values.yml")
        git(work, "commit", "--quiet", "--message=text")
    git(work, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    hook = bare / "hooks/post-receive"
    hook.write_text(HOOK.format(tmp_path / "pushes"))
    hook.chmod(0o755)
    return bare


def content(bare: Path) -> str:
    return git(bare, "show", "main:values.yml")


def repository(bare: Path) -> Repository:
    return Repository(f"file://{bare}", "main", None, None)


def test_the_file_is_changed_and_put_back(served: Path, tmp_path: Path) -> None:
    with bench_file(repository(served), "values.yml") as file:
        assert file.original == "second\n"
        assert file.restore() is False
        commit = file.push("airfield-bench one\n")
        assert (content(served), git(served, "rev-parse", "main").strip()) == ("airfield-bench one\n", commit)
        file.push("airfield-bench two\n", webhook=False)
        assert content(served) == "airfield-bench two\n"
    assert content(served) == "second\n"
    assert (tmp_path / "pushes").read_text().split() == ["0", "1", "airfield.skip-webhook", "0"]


def test_it_is_put_back_when_the_bench_fails(served: Path) -> None:
    with pytest.raises(SystemExit, match="too long"), bench_file(repository(served), "values.yml") as file:
        file.push("airfield-bench one\n")
        raise SystemExit("too long")
    assert content(served) == "second\n"


def test_what_a_killed_run_left_is_undone(served: Path) -> None:
    work = served.parent / "work"
    for text in ("airfield-bench one\n", "airfield-bench two\n"):
        (work / "values.yml").write_text(text)
        git(work, "commit", "--quiet", "--all", "--message=text")
    git(work, "push", "--quiet", "origin", "HEAD:refs/heads/main")
    with bench_file(repository(served), "values.yml") as file:
        assert file.original == "second\n"
        assert file.restore() is True
        assert content(served) == "second\n"


def test_a_file_that_is_not_there_is_a_sentence(served: Path) -> None:
    with pytest.raises(SystemExit, match=r"has no file other\.yml"), bench_file(repository(served), "other.yml"):
        pass


def test_a_repository_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"gone\.git"), bench_file(repository(tmp_path / "gone.git"), "values.yml"):
        pass


def test_only_marked_versions_are_no_original() -> None:
    assert unmarked(["airfield-bench", "fine", "older"], "x") == "fine"
    with pytest.raises(SystemExit, match=r"Every version of x .* was written by a bench"):
        unmarked(["airfield-bench"], "x")

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import git_files
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.git_server import (
    Repository,
    Result,
    repository_fixture,
    run_git_module,
)

__all__ = ["repository_fixture"]


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A local directory with all kinds of files."""
    directory = tmp_path / "chart"
    (directory / "templates/__pycache__").mkdir(parents=True)
    (directory / ".git").mkdir()
    (directory / ".git/config").write_text("not to be copied")
    (directory / "templates/__pycache__/x.pyc").write_text("not to be copied")
    (directory / "Chart.yaml").write_text("name: airflow\r\n")
    (directory / "icon.png").write_bytes(bytes(range(256)))
    (directory / "templates/run.sh").write_text("exit 0\n")
    (directory / "templates/run.sh").chmod(0o755)
    return directory


def put(url: Path | str, **parameters: Any) -> Result:
    return run_git_module(git_files.main, url=str(url), **parameters)


def test_a_file_is_created_beside_the_others(repository: Repository, tmp_path: Path) -> None:
    before = repository.commit({"README": "theirs"})
    parameters = {"files": {"airflow/values.yaml": "a: 1\n"}, "commit_message": "Values: ä", "author_name": "Robot"}
    result = put(repository.directory, **parameters)
    assert (result["changed"], result["before"], result["commit"]) == (True, before, repository.head())
    assert result["files"] == ["airflow/values.yaml"]
    assert (repository.read("airflow/values.yaml"), repository.read("README")) == ("a: 1", "theirs")
    told = repository.git("log", "-1", "--format=%P|%an|%ae|%cn|%B", "main")
    assert told == f"{before}|Robot|airfield@localhost|Robot|Values: ä"
    assert list((tmp_path / "temporary").iterdir()) == []


def test_nothing_differs(repository: Repository, chart: Path) -> None:
    parameters: dict[str, Any] = {"files": {"values.yaml": "a: 1\n"}, "directories": {"charts/airflow": str(chart)}}
    first = put(repository.directory, **parameters)
    again = put(repository.directory, diff=True, **parameters, purge=True)
    assert (again["changed"], again["files"], again["diff"]) == (False, [], [])
    assert again["commit"] == again["before"] == first["commit"]
    assert repository.count() == 1


def test_a_change_with_its_diff(repository: Repository) -> None:
    repository.commit({"values.yaml": "a: 1\n", "README": "theirs"})
    result = put(repository.directory, diff=True, files={"values.yaml": "a: 2\n", "new": "n\n"})
    assert result["diff"] == [
        {"before": "", "after": "n\n", "before_header": "new", "after_header": "new"},
        {"before": "a: 1\n", "after": "a: 2\n", "before_header": "values.yaml", "after_header": "values.yaml"},
    ]
    assert repository.read("values.yaml") == "a: 2"


@pytest.mark.parametrize("url", ["{}", "file://{}"])
def test_check_mode_does_not_push(repository: Repository, tmp_path: Path, url: str) -> None:
    before = repository.commit({"values.yaml": "a: 1\n"})
    address = url.format(repository.directory)
    result = put(address, check=True, diff=True, files={"values.yaml": "a: 2\n"})
    assert (result["changed"], result["files"], result["commit"]) == (True, ["values.yaml"], before)
    assert result["diff"][0]["after"] == "a: 2\n"
    assert repository.head() == before
    assert not put(address, check=True, files={"values.yaml": "a: 1\n"})["changed"]


def test_an_empty_repository_gets_its_first_commit(repository: Repository) -> None:
    planned = put(repository.directory, check=True, files={"a/b": "text"})
    assert (planned["changed"], planned["commit"], repository.head()) == (True, None, None)
    result = put(repository.directory, files={"a/b": "text"})
    assert (result["before"], result["commit"]) == (None, repository.head())
    assert repository.paths() == ["a/b"]


def test_a_new_branch_starts_at_the_default_branch(repository: Repository) -> None:
    main = repository.commit({"README": "theirs"})
    result = put(repository.directory, branch="team/test", files={"values.yaml": "a"})
    assert (result["before"], repository.head()) == (None, main)
    assert repository.paths("team/test") == ["README", "values.yaml"]
    assert repository.git("rev-parse", "team/test^") == main


def test_a_new_branch_without_differences_needs_no_commit(repository: Repository) -> None:
    main = repository.commit({"README": "theirs"})
    planned = put(repository.directory, check=True, branch="test", files={"README": "theirs"})
    assert (planned["changed"], planned["commit"], repository.head("test")) == (True, None, None)
    result = put(repository.directory, branch="test", files={"README": "theirs"})
    assert (result["changed"], result["commit"], result["files"]) == (True, main, [])
    assert repository.head("test") == main
    assert not put(repository.directory, branch="test", files={"README": "theirs"})["changed"]


def test_a_new_branch_where_the_default_branch_does_not_exist(repository: Repository) -> None:
    repository.commit({"README": "theirs"}, "other")
    assert put(repository.directory, files={"values.yaml": "a"})["changed"]
    assert repository.paths() == ["values.yaml"]


def test_a_directory_is_copied_byte_for_byte(repository: Repository, chart: Path) -> None:
    result = put(repository.directory, diff=True, directories={"charts/airflow/": str(chart)})
    assert repository.modes() == {
        "charts/airflow/Chart.yaml": "100644",
        "charts/airflow/icon.png": "100644",
        "charts/airflow/templates/run.sh": "100755",
    }
    assert result["files"] == list(repository.modes())
    sizes = [repository.git("cat-file", "-s", f"main:{path}") for path in repository.modes()]
    assert sizes == ["15", "256", "7"]
    assert result["diff"][0]["after"] == "name: airflow\r\n"
    assert result["diff"][1]["after"].startswith("(binary file of 256 bytes, object ")


def test_attributes_of_the_repository_change_no_bytes(repository: Repository, chart: Path) -> None:
    repository.commit({".gitattributes": "* text=auto eol=lf\n"})
    parameters = {"directories": {".": str(chart)}}
    assert put(repository.directory, **parameters)["changed"]
    assert repository.git("cat-file", "-s", "main:Chart.yaml") == "15"
    assert not put(repository.directory, **parameters)["changed"]


def test_the_executable_bit_alone_is_a_change(repository: Repository, chart: Path) -> None:
    parameters: dict[str, Any] = {"directories": {".": str(chart)}, "diff": True}
    put(repository.directory, **parameters)
    (chart / "Chart.yaml").chmod(0o755)
    result = put(repository.directory, **parameters)
    assert result["files"] == ["Chart.yaml"]
    assert result["diff"][0]["before_header"] == "Chart.yaml (mode 100644)"
    assert result["diff"][0]["after_header"] == "Chart.yaml (mode 100755)"
    put(repository.directory, files={"Chart.yaml": "text"})
    assert repository.modes()["Chart.yaml"] == "100755", "`files` keeps the bit"


def test_a_text_counts_more_than_the_same_file_of_a_directory(repository: Repository, chart: Path) -> None:
    put(repository.directory, directories={"chart": str(chart)}, files={"chart/Chart.yaml": "mine"})
    assert repository.read("chart/Chart.yaml") == "mine"


def test_purge_removes_below_the_directories_only(repository: Repository, chart: Path) -> None:
    old = {"chart/old/deep.yaml": "x", "chart/Chart.yaml": "x", "chart/mine": "x", "chart-2/file": "x", "README": "x"}
    repository.commit(old)
    parameters: dict[str, Any] = {"directories": {"chart": str(chart)}, "files": {"chart/mine": "x"}}
    put(repository.directory, **parameters)
    assert set(old) <= set(repository.paths()), "nothing is removed without purge"
    result = put(repository.directory, diff=True, purge=True, **parameters)
    assert result["files"] == ["chart/old/deep.yaml"]
    assert (result["diff"][0]["before"], result["diff"][0]["after"]) == ("x", "")
    assert set(old) - set(repository.paths()) == {"chart/old/deep.yaml"}


def test_a_directory_can_stand_where_a_purged_file_was(repository: Repository, chart: Path) -> None:
    repository.commit({"chart/templates": "a file"})
    refused = put(repository.directory, directories={"chart": str(chart)})
    assert "chart/templates/run.sh cannot be written, because chart/templates is a file or a link" in refused.failure()
    assert put(repository.directory, purge=True, directories={"chart": str(chart)})["changed"]
    assert "chart/templates/run.sh" in repository.paths()


def test_no_file_is_written_through_a_link(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"README": "x"})
    link = repository.git("hash-object", "-w", "--stdin", stdin=str(tmp_path).encode())
    tree = repository.git("mktree", stdin=f"120000 blob {link}\tout\n".encode())
    repository.git("update-ref", "refs/heads/main", repository.git("commit-tree", tree, "-m", "a link"))
    result = put(repository.directory, files={"out/values.yaml": "a"})
    assert "because out is a file or a link" in result.failure()
    assert not (tmp_path / "values.yaml").exists()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/etc/passwd", "is not relative to the repository"),
        ("a/../../b", "contains `..`"),
        (".git/hooks/pre-push", "is in Git's own directory `.git`"),
        ("a/.GIT/config", "is in Git's own directory `.git`"),
        ("", "does not name a file"),
        ("a\nb", "contains a control character"),
    ],
)
def test_paths_that_lead_out_are_refused(repository: Repository, chart: Path, path: str, words: str) -> None:
    assert words in put(repository.directory, files={path: "text"}).failure()
    assert words in put(repository.directory, directories={path: str(chart)}).failure()
    assert repository.head() is None


def test_directories_that_cannot_be_copied_are_refused(repository: Repository, chart: Path, tmp_path: Path) -> None:
    for local in ("/no/such/directory", "chart", None):
        result = put(repository.directory, directories={"chart": local})
        assert f"has {local}, which is not the absolute path of a directory" in result.failure()
    twice = {"a": str(chart), "a/": str(chart)}
    assert "is in two of `directories`" in put(repository.directory, directories=twice).failure()
    (chart / "loop").symlink_to(tmp_path)
    assert (
        f"{chart}/loop of `directories` is a link to a directory"
        in put(repository.directory, directories={"a": str(chart)}).failure()
    )


def test_a_content_that_is_no_text_is_refused(repository: Repository) -> None:
    result = put(repository.directory, files={"values.yaml": {"a": 1}})
    assert "The content of values.yaml in `files` is not a string but of type dict." in result.failure()


def test_an_impossible_branch_is_refused(repository: Repository) -> None:
    assert "`a..b` is not a valid branch name" in put(repository.directory, branch="a..b", files={"a": "b"}).failure()


def test_the_users_own_configuration_has_no_influence(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository(tmp_path / "other.git")
    config = f'[url "{other.directory}"]\n    insteadOf = {repository.directory}\n[user]\n    name = Me\n'
    (tmp_path / ".gitconfig").write_text(config)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / ".gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(other.directory))
    put(repository.directory, files={"values.yaml": "a"})
    monkeypatch.undo()
    assert repository.paths() == ["values.yaml"]
    assert other.head() is None

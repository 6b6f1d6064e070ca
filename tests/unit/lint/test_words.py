# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that the project does not use: where they are found, and where they are names."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.tests.lint import words


def lines(name: str, content: str) -> list[int]:
    return [int(violation.split(":")[1]) for violation in words.violations(name, content)]


def test_a_violation_names_file_line_word_and_advice() -> None:
    assert words.violations("docs/guide.md", "The first line.\nPut it into the folder.\n") == [
        "docs/guide.md:2: `folder` is not a word of this project. Write: directory."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The folders of a host",
        "It shall exist.",
        "Waited 5 s in vain",
        "Read it anew.",
        "Besides, it is slow.",
        "The file was mended.",
        "From whence it came",
        "A short time, as V(5)",
        "A program, as C(kubectl)",
        "Look how the release is",
        "A note (the folder)",
        "'Folder not found'",
        "The folder: it is missing",
        "The option O(folders)",
        "`folders` is empty.",
        '{"folders": {}}',
        "folders:",
        "`a_b` is no name of a namespace.",
    ],
)
def test_each_word_is_found(text: str) -> None:
    assert lines("guide.md", text) == [1]


@pytest.mark.parametrize(
    "text",
    [
        "The bundle dags-folder",
        "The option log_folder",
        "The path /no/such/folder",
        "The file folder.yml",
        "Recommended and amended",
        "Marshall",
        "Secrets are shown as V(***).",
        "Get the status of the release",
    ],
)
def test_names_and_other_words_are_not(text: str) -> None:
    assert lines("guide.md", text) == []


def test_of_python_comments_and_strings_are_checked() -> None:
    source = '"""One.\n\nIn a folder."""\nfolder = 1  # the folder\nname = f"a {folder} in a folder"\n'
    assert lines("plugins/a.py", source) == [3, 4, 5]


def test_files_without_a_suffix_and_templates_are_checked_as_a_whole() -> None:
    for name in ("images/node/entrypoint", "images/node/Dockerfile", "images/node/storage.yaml.in", "Makefile"):
        assert lines(name, "first\n# In a folder\n") == [2]


def test_caches_links_and_other_files_are_left_out(tmp_path: Path) -> None:
    for name in ("Dockerfile", "a.py", "b.md", "c.png", "d.yaml.in", "entrypoint", "__pycache__/e.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    (tmp_path / "link.py").symlink_to("a.py")
    assert list(words.files_in([tmp_path, tmp_path / "b.md"])) == [
        *(tmp_path / name for name in ("Dockerfile", "a.py", "b.md", "d.yaml.in", "entrypoint")),
        tmp_path / "b.md",
    ]


def test_the_word_list_and_its_tests_are_the_only_exceptions() -> None:
    exceptions = {words.ROOT / name for name in words.EXCEPT}
    assert exceptions == {Path(words.__file__).resolve(), Path(__file__).resolve()}
    assert all(path.is_relative_to(words.ROOT / "tests") for path in exceptions)


def test_the_paths_exist_and_have_the_tests() -> None:
    assert "tests" in words.PATHS
    assert all((words.ROOT / path).exists() for path in words.PATHS)

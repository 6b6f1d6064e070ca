# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests mirror plugins/: each file has a test file of its name, or a line in covered_by.yml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.tests.unit.plugins.imports import ROOT, files, reached

TESTS = "tests/unit/plugins"
KINDS = ("action", "callback", "filter", "lookup", "modules", "module_utils", "plugin_utils")


def lines(table: dict[str, Any], directory: str) -> Iterator[tuple[str, str]]:
    for name, content in table.items():
        path = f"{directory}/{name}"
        if isinstance(content, dict):
            yield from lines(content, path)
        else:
            yield path, f"{TESTS}/{content}"


COVERED_BY = dict(lines(yaml.safe_load((ROOT / TESTS / "covered_by.yml").read_text()), "plugins"))


def own_tests(file: str) -> list[Path]:
    """The test file of a file, or those in the directory of its name."""
    directory, _slash, name = file.removeprefix("plugins/").rpartition("/")
    place = ROOT / TESTS / directory
    alone = place / f"test_{name.lstrip('_')}.py"
    return [alone] if alone.is_file() else sorted((place / name).glob("test_*.py"))


@pytest.mark.parametrize("file", [file for kind in KINDS for file in files(f"plugins/{kind}")])
def test_a_file_has_tests_of_its_own_or_a_line_in_the_table(file: str) -> None:
    # The module of an action plugin is only documentation: the tests are those of the plugin.
    file = action if (ROOT / f"{(action := file.replace('/modules/', '/action/'))}.py").is_file() else file
    own = own_tests(file)
    assert own or file in COVERED_BY, f"write tests of {file}, or a line in {TESTS}/covered_by.yml"
    assert not (own and file in COVERED_BY), f"{own[0].name} tests {file}: take its line out of covered_by.yml"


@pytest.mark.parametrize(("file", "test"), COVERED_BY.items())
def test_the_test_of_the_table_runs_the_file(file: str, test: str) -> None:
    assert (ROOT / f"{file}.py").is_file(), "there is no such file"
    assert file in reached(test), "the test does not import it, nor does anything that it imports"

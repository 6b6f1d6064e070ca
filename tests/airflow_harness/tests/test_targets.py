# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.tests.airflow_harness.environments import directory_of, remove_others
from ansible_collections.airfield.airflow.tests.airflow_harness.postgres import newest_programs
from ansible_collections.airfield.airflow.tests.airflow_harness.readiness import dag_ids
from ansible_collections.airfield.airflow.tests.airflow_harness.releases import newest, oldest
from ansible_collections.airfield.airflow.tests.airflow_harness.targets import all_targets, blocks, judge

PASSED = "testhost                   : ok=3    changed=0    unreachable=0    failed=0    skipped=0\n"
FAILED = "testhost                   : ok=3    changed=0    unreachable=0    failed=1    skipped=0\n"
UNREACHABLE = "testhost                   : ok=0    changed=0    unreachable=1    failed=0    skipped=0\n"


def test_output_is_told_apart_by_target() -> None:
    lines = [
        "WARNING: x\n",
        "Running dag integration test role\n",
        "a\n",
        "Running pool integration test role\n",
        "b\n",
    ]
    clock = count(10, 5)
    assert list(blocks(lines, lambda: float(next(clock)))) == [
        ("dag", 5.0, "Running dag integration test role\na\n"),
        ("pool", 5.0, "Running pool integration test role\nb\n"),
    ]
    assert list(blocks(["nothing\n"])) == []


@pytest.mark.parametrize("output", ["", FAILED, UNREACHABLE, PASSED + FAILED])
def test_only_a_recap_without_failures_passes(output: str) -> None:
    assert judge("pool", output, []) == ["it failed"]


def test_a_target_that_passes_has_executed_its_examples() -> None:
    assert judge("pool", f"TASK [pool : Make one] ***\nok: [testhost]\n{PASSED}", ["Make one"]) == []
    assert judge("pool", PASSED, ["Make one"]) == ["the example was not executed: Make one"]


def test_targets_are_those_with_the_alias(tmp_path: Path) -> None:
    for name, aliases in (("pool", "airflow\ngather_facts/no\n"), ("other", "airflows\n")):
        directory = tmp_path / "tests/integration/targets" / name
        directory.mkdir(parents=True)
        (directory / "aliases").write_text(aliases)
    assert all_targets(tmp_path) == ["pool"]


@pytest.mark.parametrize(
    ("python", "version"),
    [((3, 11), "3.0.0"), ((3, 12), "3.0.0"), ((3, 13), "3.1.0"), ((3, 14), "3.2.0"), ((3, 15), "3.2.0")],
)
def test_the_oldest_airflow_is_one_that_the_python_supports(python: tuple[int, int], version: str) -> None:
    assert oldest(python).version == version


def test_environments_that_nobody_asks_for_are_removed(tmp_path: Path) -> None:
    wanted = directory_of(newest(), tmp_path)
    old = wanted.with_name(wanted.name[:-1] + "x")
    half = wanted.with_name(f"{wanted.name}.{2**22}")
    other_python = tmp_path / "3.0.0-python2.7-12345678"
    for directory in (wanted, old, half, other_python):
        directory.mkdir()
    remove_others([newest()], tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([wanted, other_python])


def test_the_newest_postgresql_is_found_by_its_number(tmp_path: Path) -> None:
    assert newest_programs(tmp_path) is None
    for version in ("9", "15", "common"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin/postgres").touch()
    assert newest_programs(tmp_path) == tmp_path / "15/bin"


def test_the_ids_of_the_dags_are_read_without_airflow() -> None:
    expected = {"hello", "daily", "fails_once", "slow", "mapped", "many_lines", "producer", "consumer"}
    assert dag_ids() == expected

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports between the packages of module_utils and plugin_utils go downwards only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[3] / "plugins"
PREFIX = "ansible_collections.airfield.airflow.plugins."

# From the ground up. A package imports itself and the floors below, so no two packages of one floor know each other.
FLOORS = (
    {"_clock", "_progress", "_signals", "_times"},
    {"_git", "_logged_process", "_machine", "_waiting"},
    {"_api", "_kube"},
    {"_dags", "_argocd", "_placement", "_proof"},
    {"_runs", "_backfills", "_admin", "_status"},
    {"_assets"},
)
FLOOR_OF = {package: floor for floor, packages in enumerate(FLOORS) for package in packages}


def imports(path: Path) -> Iterator[str]:
    """The files of the collection that a file imports, such as ``module_utils/_api/client``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            target = name.removeprefix(PREFIX).replace(".", "/")
            if name.startswith(PREFIX) and (PLUGINS / f"{target}.py").is_file():
                yield target


def files(folder: str) -> list[Path]:
    return sorted((PLUGINS / folder).rglob("*.py"))


def package_of(target: str) -> str:
    return target.split("/")[1]


def arrows() -> set[tuple[str, str]]:
    """Which package of module_utils imports which other one."""
    return {
        (package_of(str(path.relative_to(PLUGINS)).removesuffix(".py")), package_of(target))
        for path in files("module_utils")
        for target in imports(path)
        if target.startswith("module_utils/")
    }


def test_every_package_has_a_floor() -> None:
    packages = {package_of(str(path.relative_to(PLUGINS)).removesuffix(".py")) for path in files("module_utils")}
    assert packages == FLOOR_OF.keys()


def test_imports_go_downwards() -> None:
    between = {(above, below) for above, below in arrows() if above != below}
    assert len(between) > 20, "the imports were not found"
    assert {arrow for arrow in between if FLOOR_OF[arrow[1]] >= FLOOR_OF[arrow[0]]} == set()


def test_the_proof_is_judged_without_a_client() -> None:
    """What is judged must not depend on how it was read, so that evidence of any origin can be judged."""
    reached: set[str] = set()
    todo = [str(path.relative_to(PLUGINS)).removesuffix(".py") for path in files("module_utils/_proof")]
    assert todo
    while todo:
        target = todo.pop()
        if target not in reached:
            reached.add(target)
            todo += imports(PLUGINS / f"{target}.py")
    assert {target for target in reached if target.endswith(("/client", "/transport", "/remote"))} == set()


@pytest.mark.parametrize("folder", ["module_utils", "plugin_utils"])
def test_no_file_imports_itself_through_others(folder: str) -> None:
    graph = {str(path.relative_to(PLUGINS)).removesuffix(".py"): set(imports(path)) for path in files(folder)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"These files import each other: {' → '.join(error.args[1])}")


def test_what_runs_on_the_managed_machine_needs_nothing_of_the_controller() -> None:
    upwards = {
        (str(path.relative_to(PLUGINS)), target)
        for folder in ("module_utils", "modules")
        for path in files(folder)
        for target in imports(path)
        if not target.startswith("module_utils/")
    }
    assert upwards == set()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports between the packages of module_utils and plugin_utils go downwards only."""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter

import pytest
from ansible_collections.airfield.airflow.tests.unit.plugins.imports import ROOT, files, imports, reached

SHARED = "plugins/module_utils"
# From the ground up. A package imports itself and the floors below, so packages of one floor are independent.
FLOORS = (
    {"_clock", "_progress", "_signals", "_times"},
    {"_git", "_logged_process", "_machine", "_waiting"},
    {"_api", "_kube"},
    {"_dags", "_argocd", "_placement"},
    {"_runs", "_backfills", "_admin", "_status"},
    {"_assets"},
)
WRITING = ("_admin", "_assets", "_backfills", "_dags", "_runs")
WRITE = re.compile(r"\"(?:POST|PUT|PATCH|DELETE)\"")
FLOOR_OF = {package: floor for floor, packages in enumerate(FLOORS) for package in packages}


def package_of(file: str) -> str:
    return file.removeprefix(f"{SHARED}/").partition("/")[0]


def arrows() -> set[tuple[str, str]]:
    """Which package of module_utils imports which other one."""
    pairs = {(package_of(file), package_of(target)) for file in files(SHARED) for target in imports(file)}
    return {(above, below) for above, below in pairs if above != below}


def test_every_package_has_a_floor() -> None:
    assert {package_of(file) for file in files(SHARED)} == FLOOR_OF.keys()


def test_imports_go_downwards() -> None:
    found = arrows()
    assert len(found) > 20, "the imports were not found"
    assert {arrow for arrow in found if FLOOR_OF[arrow[1]] >= FLOOR_OF[arrow[0]]} == set()


def test_requests_that_write_are_in_requests() -> None:
    """A log-in is a POST that changes nothing."""
    clients = {f"{SHARED}/_api/client", f"{SHARED}/_kube/client", f"{SHARED}/_admin/fab"}
    writing = {file for file in files(SHARED) if WRITE.search((ROOT / f"{file}.py").read_text(encoding="utf-8"))}
    assert writing - clients == {f"{SHARED}/{package}/requests" for package in WRITING}


def test_the_proof_is_judged_without_a_client() -> None:
    """Judging evidence must not depend on how it was read, so that evidence of any origin can be judged."""
    proof = reached(*files("plugins/plugin_utils/_proof"))
    assert len(proof) > 3
    assert {file for file in proof if file.endswith(("/client", "/transport", "/remote"))} == set()


@pytest.mark.parametrize("directory", [SHARED, "plugins/plugin_utils"])
def test_no_file_imports_itself_through_others(directory: str) -> None:
    try:
        TopologicalSorter({file: set(imports(file)) for file in files(directory)}).prepare()
    except CycleError as error:
        pytest.fail(f"These files import each other: {' → '.join(error.args[1])}")


def test_what_runs_on_the_managed_machine_needs_nothing_of_the_controller() -> None:
    targets = {
        target for directory in (SHARED, "plugins/modules") for file in files(directory) for target in imports(file)
    }
    assert {target for target in targets if not target.startswith(f"{SHARED}/")} == set()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules for every DAG file, checked on its syntax tree: Airflow is not needed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.tests.unit.dags.airflow_stub import DAGS

# Each file by its path below dags/, with the DAG's id and schedule.
EXPECTED = {
    "gitops/example_cron_dag.py": ("example_cron_dag", "*/5 * * * *"),
    "gitops/example_user_dag.py": ("example_user_dag", None),
    "local/external_trigger_dag.py": ("external_trigger_dag", None),
    "local/poc_test_dag.py": ("poc_test", None),
}
FILES = sorted(DAGS.rglob("*.py"))


def _dag_calls(tree: ast.AST) -> list[dict[str, ast.expr]]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DAG"]
    return [{str(keyword.arg): keyword.value for keyword in call.keywords} for call in calls]


def test_each_inventory_has_the_dags_that_it_proves() -> None:
    assert {str(path.relative_to(DAGS)) for path in FILES} == set(EXPECTED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_dag_has_its_id_and_its_schedule(path: Path) -> None:
    (arguments,) = _dag_calls(ast.parse(path.read_text(encoding="utf-8")))
    found = (ast.literal_eval(arguments["dag_id"]), ast.literal_eval(arguments["schedule"]))
    assert found == EXPECTED[str(path.relative_to(DAGS))]
    assert ast.literal_eval(arguments["catchup"]) is False


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_dag_uses_only_what_airflow_3_and_its_image_have(path: Path) -> None:
    allowed = ("airflow.sdk", "airflow.providers.standard", "requests", "kubernetes.client", "__future__")
    standard = {"json", "logging", "time", "datetime", "typing"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.startswith(allowed) or name in standard, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_template_needs_a_logical_date(path: Path) -> None:
    # A run that is triggered with "logical_date": null has none of these, and the task fails.
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert "{{" not in node.value, f"{path.name} has the template {node.value!r}"

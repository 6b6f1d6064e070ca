# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the documentation, as tasks that the plugins' targets execute."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from ansible_collections.airfield.airflow.tests.airflow_harness.processes import Failed

TARGETS = Path("tests/integration/targets")
TASKS = Path("tasks/examples.yml")
INCLUDE = re.compile(r"(include|import)_tasks:.*\bexamples\.yml", re.MULTILINE)


@dataclass(frozen=True)
class Documented:
    """A plugin for Airflow's REST API: each has a target, which executes its examples."""

    target: str
    file: Path


def documented(collection: Path) -> list[Documented]:
    """The modules of the action group and the lookups; the targets of the latter are named lookup_NAME."""
    runtime = yaml.safe_load((collection / "meta/runtime.yml").read_text())
    names = runtime["action_groups"]["airflow"]
    modules = [Documented(name, collection / f"plugins/modules/{name}.py") for name in names]
    lookups = sorted((collection / "plugins/lookup").glob("*.py"))
    return modules + [Documented(f"lookup_{file.stem}", file) for file in lookups]


def examples_of(file: Path) -> str:
    """The text of EXAMPLES in a plugin's file, which is not imported."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(to, ast.Name) and to.id == "EXAMPLES" for to in node.targets
        ):
            text = ast.literal_eval(node.value)
            if isinstance(text, str) and text.strip():
                return text
    raise Failed(f"{file.name} has no EXAMPLES.")


def names_of(examples: str, where: str, conditional: bool = True) -> list[str]:
    """The names of the tasks; raise ``Failed`` unless the examples are a list of tasks with unique names.

    ``conditional``: include those with a condition, which an older Airflow need not meet.
    """
    tasks = yaml.safe_load(examples)
    if not isinstance(tasks, list) or not all(isinstance(task, dict) and "hosts" not in task for task in tasks):
        raise Failed(f"The examples of {where} are not a list of tasks.")
    names = [str(task.get("name", "")) for task in tasks]
    if "" in names or len(set(names)) < len(names):
        raise Failed(f"Each example of {where} needs a name that no other has.")
    return [name for name, task in zip(names, tasks, strict=True) if conditional or "when" not in task]


def write_examples(collection: Path, only: Sequence[str] = (), conditional: bool = True) -> dict[str, list[str]]:
    """Write each target's tasks/examples.yml; return the names of the tasks that it must execute.

    ``conditional``: whether it must also execute those with a condition. ``only``: the targets to check, all by
    default. Raise ``Failed`` for a plugin without a target, and for a target that does not execute them.
    """
    written: dict[str, list[str]] = {}
    mistakes: list[str] = []
    for plugin in documented(collection):
        if only and plugin.target not in only:
            continue
        directory = collection / TARGETS / plugin.target
        if not (directory / "tasks/main.yml").is_file():
            mistakes.append(f"{plugin.file.stem} has no target {TARGETS / plugin.target}.")
            continue
        if not any(INCLUDE.search(file.read_text()) for file in directory.glob("tasks/*.yml")):
            mistakes.append(f"The target {plugin.target} does not include examples.yml.")
        try:
            examples = examples_of(plugin.file)
            written[plugin.target] = names_of(examples, plugin.file.stem, conditional)
            (directory / TASKS).write_text(f"---\n{examples.lstrip()}")
        except Failed as mistake:
            mistakes.append(str(mistake))
    if mistakes:
        raise Failed("\n".join(mistakes))
    return written


def not_executed(target: str, names: list[str], output: str) -> list[str]:
    """Those of the tasks that the output of a target does not contain, or reports as skipped."""
    blocks = re.split(r"^TASK \[", output, flags=re.MULTILINE)[1:]
    done = {
        block.partition("] ***")[0].removeprefix(f"{target} : ")
        for block in blocks
        if not re.search(r"^skipping: ", block, re.MULTILINE)
    }
    return [name for name in names if name not in done]

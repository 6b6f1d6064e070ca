# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of every module use options that it has, and set those that it requires.

The examples of the REST modules are also executed, by tests/integration/targets.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

PREFIX = "airfield.airflow."
PLUGINS = Path(__file__).resolve().parents[4] / "plugins"
Json = dict[str, Any]
# All at once: other tests make Ansible load plugins, and after that they cannot be imported any more.
LOADED = {
    (kind, file.stem): importlib.import_module(f"ansible_collections.airfield.airflow.plugins.{kind}.{file.stem}")
    for kind in ("modules", "doc_fragments")
    for file in (PLUGINS / kind).glob("*.py")
    if file.stem != "__init__"
}
MODULES = sorted(name for kind, name in LOADED if kind == "modules")


def options_of(module: str) -> Json:
    """The documented options, including those of the fragments."""
    documented = yaml.safe_load(LOADED["modules", module].DOCUMENTATION)
    found: Json = {}
    for fragment in documented.get("extends_documentation_fragment", []):
        name, _dot, section = fragment.removeprefix(PREFIX).partition(".")
        text = getattr(LOADED["doc_fragments", name].ModuleDocFragment, section.upper() or "DOCUMENTATION")
        found |= yaml.safe_load(text).get("options", {})
    found |= documented.get("options", {})
    return found


def tasks_in(value: Any) -> Iterator[Json]:
    """Every task at any depth of plays and blocks."""
    if isinstance(value, list):
        for part in value:
            yield from tasks_in(part)
    elif isinstance(value, dict):
        if any(str(key).startswith(PREFIX) for key in value):
            yield value
        for key in ("tasks", "block", "rescue", "always"):
            yield from tasks_in(value.get(key))


def mistakes(given: Json, options: Json, where: str, defaults: bool) -> Iterator[str]:
    known = {alias: option for name, option in options.items() for alias in [name, *option.get("aliases", [])]}
    for name, value in given.items():
        if name not in known:
            yield f"{where} has no option {name}"
            continue
        suboptions = known[name].get("suboptions")
        listed = value if isinstance(value, list) else [value]
        for part in listed if suboptions else []:
            if isinstance(part, dict):
                yield from mistakes(part, suboptions, f"{where}.{name}", False)
    for name, option in options.items():
        # module_defaults of the action group set the options of the API.
        if option.get("required") and name not in given and not (defaults and name.startswith("api_")):
            yield f"{where} lacks {name}"


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_fit_the_options(module: str) -> None:
    found = list(tasks_in(yaml.safe_load(LOADED["modules", module].EXAMPLES)))
    assert any(PREFIX + module in task for task in found), "no example of the module itself"
    for task in found:
        for name, given in task.items():
            if name.startswith(PREFIX):
                used = name.removeprefix(PREFIX)
                assert list(mistakes(given or {}, options_of(used), used, defaults=True)) == []


def test_a_wrong_example_is_found() -> None:
    options = options_of("node_labels")
    wrong = {"nodes": [{"labels": {}, "colour": "red"}], "nods": []}
    assert list(mistakes(wrong, options, "node_labels", defaults=True)) == [
        "node_labels.nodes has no option colour",
        "node_labels.nodes lacks name",
        "node_labels has no option nods",
        "node_labels lacks kubeconfig",
    ]

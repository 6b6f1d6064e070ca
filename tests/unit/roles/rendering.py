# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates and variables of roles, as Ansible itself renders them with the roles' defaults and the shared ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from .conftest import REPOSITORY, run_playbook

Json = dict[str, Any]
Documents = dict[tuple[str, str], Json]

# What would otherwise depend on the environment, or on an installation of the user.
FIXED: Json = {"airfield_built_registry": "localhost", "airfield_resolved_source": "packages"}


def variables_of(*roles: str) -> Json:
    """Return the defaults and the variables of the roles, and the shared ones, as they are written."""
    known: Json = {}
    for role in ("airfield", *roles):
        for directory in ("defaults", "vars"):
            for path in sorted((REPOSITORY / "roles" / role / directory).glob("**/*.yml")):
                known |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return known | FIXED


def evaluate(directory: Path, roles: list[str], wanted: dict[str, str], cases: dict[str, Json]) -> dict[str, Json]:
    """Return for each case the values of the wanted expressions, by their names."""
    known = variables_of(*roles)
    pairs = ", ".join(f"{name!r}: ({expression})" for name, expression in wanted.items())
    texts = _texts(directory, f"{{{{ {{{pairs}}} | to_json }}}}", known, cases)
    return {name: json.loads(text) for name, text in texts.items()}


def render_texts(directory: Path, role: str, template: str, cases: dict[str, Json]) -> dict[str, str]:
    """Return what the template says in each case."""
    path = REPOSITORY / "roles" / role / "templates" / template
    expression = f"{{{{ lookup('ansible.builtin.template', '{path}') }}}}"
    return _texts(directory, expression, variables_of(role), cases)


def _texts(directory: Path, expression: str, known: Json, cases: dict[str, Json]) -> dict[str, str]:
    """Return the text of the expression in each case: one process of a module for all of them."""
    tasks: list[Json] = [
        {
            "name": f"Evaluate {name}",
            "ansible.builtin.set_fact": {f"rendered_{number}": expression},
            "vars": {**known, **variables},
        }
        for number, (name, variables) in enumerate(cases.items())
    ]
    # A template that renders nothing is null as a fact.
    texts = ", ".join(f"rendered_{number} or ''" for number in range(len(cases)))
    path = directory / "rendered.json"
    copy = {"content": f"{{{{ [{texts}] | to_json }}}}", "dest": str(path), "mode": "0600"}
    run_playbook(directory, [*tasks, {"name": "Save them", "ansible.builtin.copy": copy}])
    return dict(zip(cases, json.loads(path.read_text(encoding="utf-8")), strict=True))


def render(directory: Path, role: str, template: str, cases: dict[str, Json]) -> dict[str, Documents]:
    """Return the documents of each case by kind and NAMESPACE/NAME, or NAME."""
    return {name: documents_of(text) for name, text in render_texts(directory, role, template, cases).items()}


def documents_of(text: str) -> Documents:
    documents = [document for document in yaml.safe_load_all(text) if document]
    found = {(document["kind"], _place(document["metadata"])): document for document in documents}
    assert len(found) == len(documents), "two documents of one name"
    return found


def _place(metadata: Json) -> str:
    return f"{metadata['namespace']}/{metadata['name']}" if "namespace" in metadata else str(metadata["name"])

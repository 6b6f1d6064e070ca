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
        for folder in ("defaults", "vars"):
            for path in sorted((REPOSITORY / "roles" / role / folder).glob("**/*.yml")):
                known |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return known | FIXED


def evaluate(folder: Path, roles: list[str], wanted: dict[str, str], cases: dict[str, Json]) -> dict[str, Json]:
    """Return for each case the values of the wanted expressions, by their names."""
    known = variables_of(*roles)
    pairs = ", ".join(f"{name!r}: ({expression})" for name, expression in wanted.items())
    tasks = [
        {
            "name": f"Evaluate {name}",
            "ansible.builtin.copy": {
                "content": f"{{{{ {{{pairs}}} | to_json }}}}",
                "dest": str(folder / f"{name}.json"),
                "mode": "0600",
            },
            "vars": {**known, **variables},
        }
        for name, variables in cases.items()
    ]
    run_playbook(folder, tasks)
    return {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in cases}


def render_texts(folder: Path, role: str, template: str, cases: dict[str, Json]) -> dict[str, str]:
    """Return what the template says in each case."""
    known = variables_of(role)
    run_playbook(
        folder,
        [
            {
                "name": f"Render {name}",
                "ansible.builtin.template": {
                    "src": str(REPOSITORY / "roles" / role / "templates" / template),
                    "dest": str(folder / f"{name}.yml"),
                    "mode": "0600",
                },
                "vars": {**known, **variables},
            }
            for name, variables in cases.items()
        ],
    )
    return {name: (folder / f"{name}.yml").read_text(encoding="utf-8") for name in cases}


def render(folder: Path, role: str, template: str, cases: dict[str, Json]) -> dict[str, Documents]:
    """Return the documents of each case by kind and NAMESPACE/NAME, or NAME."""
    return {name: documents_of(text) for name, text in render_texts(folder, role, template, cases).items()}


def documents_of(text: str) -> Documents:
    documents = [document for document in yaml.safe_load_all(text) if document]
    found = {(document["kind"], _place(document["metadata"])): document for document in documents}
    assert len(found) == len(documents), "two documents of one name"
    return found


def _place(metadata: Json) -> str:
    return f"{metadata['namespace']}/{metadata['name']}" if "namespace" in metadata else str(metadata["name"])

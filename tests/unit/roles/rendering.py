# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates of roles, rendered by Ansible itself with the defaults of the role and of the shared variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from .conftest import REPOSITORY, run_playbook

Json = dict[str, Any]
Documents = dict[tuple[str, str], Json]


def render(folder: Path, role: str, template: str, cases: dict[str, Json]) -> dict[str, Documents]:
    """Return the documents of each case by kind and NAMESPACE/NAME, or NAME."""
    known: Json = {}
    for name in ("airfield", role):
        for path in sorted((REPOSITORY / "roles" / name).glob("defaults/**/*.yml")):
            known |= yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in (REPOSITORY / "roles" / role / "vars").glob("*.yml"):
        known |= yaml.safe_load(path.read_text(encoding="utf-8"))
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
    return {name: _documents(folder / f"{name}.yml") for name in cases}


def _documents(path: Path) -> Documents:
    documents = [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]
    found = {(document["kind"], _place(document["metadata"])): document for document in documents}
    assert len(found) == len(documents), "two documents of one name"
    return found


def _place(metadata: Json) -> str:
    return f"{metadata['namespace']}/{metadata['name']}" if "namespace" in metadata else str(metadata["name"])

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path

import yaml
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.renamed import (
    RENAMED,
    renamed_variable_problems,
)

ROLES = Path(__file__).parents[5] / "roles"


def names_of_roles() -> set[str]:
    names: set[str] = set()
    for path in sorted(ROLES.glob("*/defaults/**/*.yml")):
        names |= yaml.safe_load(path.read_text(encoding="utf-8")).keys()
    for path in sorted(ROLES.glob("*/meta/argument_specs.yml")):
        for entry_point in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
            names |= entry_point["options"].keys()
    return names


def test_an_old_name_is_answered_with_the_new_one() -> None:
    defined = {
        "storage_mode": "group_vars/all.yml:9",
        "cluster_driver": "group_vars/all.yml:3",
        "cluster_info": "host a",
    }
    assert renamed_variable_problems(defined) == [
        "`cluster_driver` (group_vars/all.yml:3) is called `airfield_cluster_driver` now.",
        "`storage_mode` (group_vars/all.yml:9) is called `airfield_storage_mode` now.",
    ]


def test_new_names_and_facts_are_no_problem() -> None:
    defined = {**dict.fromkeys(RENAMED.values(), "host a"), "argocd_project": "host a"}
    assert renamed_variable_problems(defined, {"argocd_project"}) == []


def test_every_new_name_is_a_variable_of_a_role_and_no_old_one_is() -> None:
    names = names_of_roles()
    assert set(RENAMED.values()) <= names
    assert set(RENAMED).isdisjoint(names)


def test_nobody_uses_an_old_name_any_more() -> None:
    old = re.compile(rf"(?<![\w.])({'|'.join(RENAMED)})(?!\w)")
    places = [*ROLES.rglob("*.yml"), *ROLES.rglob("*.j2"), *(ROLES.parent / "playbooks").glob("*.yml")]
    places += [*(ROLES.parent / "inventories").rglob("*.yml"), *(ROLES.parent / "molecule").rglob("*.yml")]
    # The version of the official chart, and an option of the module overview.
    allowed = {
        ("versions.yml", "airflow_chart"),
        ("status.yml", "argocd_namespace"),
        ("settings.yml", "argocd_namespace"),
    }
    found = {(path.name, word) for path in places for word in old.findall(path.read_text(encoding="utf-8"))}
    assert found <= allowed

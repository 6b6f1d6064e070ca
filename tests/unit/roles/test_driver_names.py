# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and plugins ask what a cluster can do, not which driver made it; each variable has one owner, one default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from . import rendering
from .conftest import REPOSITORY

ROLES = REPOSITORY / "roles"
DRIVERS = yaml.safe_load((ROLES / "airfield/vars/main/cluster_drivers.yml").read_text(encoding="utf-8"))
CAPABILITIES = {
    "is_local",
    "names_nodes",
    "loads_images",
    "images",
    "programs",
    "data_directory",
    "container_network",
}


def places(*, without: tuple[str, ...] = ()) -> Iterator[Path]:
    """Every file of the roles and playbooks that Ansible evaluates."""
    for directory in [*sorted(ROLES.iterdir()), REPOSITORY / "playbooks"]:
        if directory.name not in without:
            yield from (
                path
                for path in sorted(directory.rglob("*"))
                if path.suffix in (".yml", ".j2") and "files" not in path.relative_to(directory).parts
            )


def expressions(path: Path) -> str:
    """What Ansible evaluates in a file: its templates and conditions, and no comments."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    return "\n".join(lines)


def variables_of(role: Path) -> set[str]:
    """The names of a role's defaults, variables and arguments. Facts that its tasks set are none of them."""
    names: set[str] = set()
    for kind in ("defaults", "vars"):
        for path in sorted((role / kind).rglob("*.yml")):
            names |= (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).keys()
    specs = role / "meta/argument_specs.yml"
    for entry_point in yaml.safe_load(specs.read_text(encoding="utf-8"))["argument_specs"].values():
        names |= entry_point["options"].keys()
    return names


def relative(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def test_only_the_role_cluster_asks_for_the_name_of_a_driver() -> None:
    names = "|".join(DRIVERS["airfield_cluster_drivers"])
    compared = rf"[!=]=\s*['\"]({names})['\"]|['\"]({names})['\"]\s*[!=]="
    asked = re.compile(rf"airfield_cluster_driver\b|{compared}")
    found = [relative(path) for path in places(without=("airfield", "cluster")) if asked.search(expressions(path))]
    # The check of the inventory looks a driver's capabilities up by its name.
    plugins = sorted((REPOSITORY / "plugins").rglob("*.py"))
    found += [relative(path) for path in plugins if re.search(compared, path.read_text(encoding="utf-8"))]
    assert found == []


def test_every_driver_has_its_task_file_and_all_capabilities() -> None:
    choices = yaml.safe_load((ROLES / "airfield/meta/argument_specs.yml").read_text(encoding="utf-8"))
    options = choices["argument_specs"]["main"]["options"]["airfield_cluster_driver"]
    assert set(options["choices"]) == DRIVERS["airfield_cluster_drivers"].keys()
    for name, capabilities in DRIVERS["airfield_cluster_drivers"].items():
        assert capabilities.keys() == CAPABILITIES, name
        assert (ROLES / "cluster/tasks" / f"{name}.yml").is_file()
        # Who makes a cluster removes it as well.
        assert (ROLES / "cluster/tasks" / f"{name}_absent.yml").is_file() == capabilities["is_local"], name


def test_a_driver_names_images_and_programs_that_there_are() -> None:
    known = rendering.variables_of("toolchain")
    images = known["airfield_image_sets"]
    programs = {module["name"] for module in known["toolchain_go_modules"]}
    for name, capabilities in DRIVERS["airfield_cluster_drivers"].items():
        assert set(capabilities["images"]) <= images["packages"].keys() & images["upstream"].keys(), name
        assert set(capabilities["programs"]) <= programs, name


def test_no_role_repeats_the_default_of_another_one() -> None:
    variables = {role.name: variables_of(role) for role in sorted(ROLES.iterdir())}
    found = []
    for path in places():
        own = path.relative_to(ROLES).parts[0] if path.is_relative_to(ROLES) else ""
        others = set().union(*(names for role, names in variables.items() if role != own))
        text = expressions(path)
        # The variable of another host is no copy: it has the role's default when its host says nothing.
        # With `true` it stands for an empty value, and repeats no default.
        for match in re.finditer(r"(?<![\w.])(\w+)\s*\|\s*default\(([^()]*)\)", text):
            if match[1] in others and not match[2].endswith(", true"):
                found.append(f"{relative(path)}: {match[1]}")
        for match in re.finditer(r"\.(\w+)\s*\|\s*default\(([^()]*)\)", text):
            if match[1] in others and match[1] != match[2].strip():
                found.append(f"{relative(path)}: {match[1]}")
    assert found == []


@pytest.mark.parametrize("role", sorted(path.name for path in ROLES.iterdir()))
def test_every_default_is_documented(role: str) -> None:
    # The check of the inventory reads the main entry point.
    specs = yaml.safe_load((ROLES / role / "meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    defaults: set[str] = set()
    for path in sorted((ROLES / role / "defaults").rglob("*.yml")):
        defaults |= yaml.safe_load(path.read_text(encoding="utf-8")).keys()
    assert defaults - specs["main"]["options"].keys() == set()


@pytest.mark.parametrize("role", sorted(path.name for path in ROLES.iterdir()))
def test_a_role_gives_only_names_that_begin_with_its_own(role: str) -> None:
    for path in sorted((ROLES / role).rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        assert "noqa: var-naming" not in text, relative(path)
        assert [name for name in facts(yaml.safe_load(text)) if not name.startswith(f"{role}_")] == [], relative(path)


def facts(tasks: Any) -> Iterator[str]:
    """The names that tasks set as facts or register."""
    for task in tasks if isinstance(tasks, list) else []:
        if isinstance(task, dict):
            yield from task.get("ansible.builtin.set_fact") or {}
            if "register" in task:
                yield str(task["register"])
            for part in ("block", "rescue", "always"):
                yield from facts(task.get(part))

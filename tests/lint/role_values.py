# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The strings in the variables of the roles, and what Ansible evaluates them to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]


class Leaf(NamedTuple):
    """A string in the variables of a role, such as airfield_downloads[0].url, before it is evaluated."""

    path: str
    text: str

    @property
    def variable(self) -> str:
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]

    @property
    def is_template(self) -> bool:
        return "{{" in self.text or "{%" in self.text

    def mentions(self, names: Iterable[str]) -> bool:
        """Whether one of its templates uses one of these variables."""
        templates = " ".join(re.findall(r"\{\{.*?\}\}|\{%.*?%\}", self.text, re.DOTALL))
        return not set(names).isdisjoint(re.findall(r"\w+", templates))


def role_variables(roles: Path) -> dict[str, Any]:
    """The defaults and variables of all roles, not evaluated."""
    variables: dict[str, Any] = {}
    for directory in ("defaults", "vars"):
        for file in sorted(roles.glob(f"*/{directory}/**/*.yml")):
            variables.update(yaml.safe_load(file.read_text()) or {})
    return variables


def task_strings(roles: Path) -> Iterator[Leaf]:
    """The strings in the tasks and handlers of all roles, each with its file as its path."""
    for directory in ("tasks", "handlers"):
        for file in sorted(roles.glob(f"*/{directory}/**/*.yml")):
            for leaf in leaves("", yaml.safe_load(file.read_text())):
                yield Leaf(str(file.relative_to(roles.parent)), leaf.text)


def leaves(path: str, value: object) -> Iterator[Leaf]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(f"{path}.{key}" if path else str(key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(f"{path}[{index}]", item)
    elif isinstance(value, str):
        yield Leaf(path, value)


def evaluate(
    variables: Mapping[str, Any], leaves_: Sequence[Leaf], settings: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Let Ansible evaluate the leaves, once with each of the settings.

    :return: For each of the settings the values by path. What cannot be evaluated without an inventory is missing.
    """
    names = {f"leaf_{number}": leaf for number, leaf in enumerate(leaves_)}
    context = {
        **variables,
        **{name: leaf.text for name, leaf in names.items()},
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
    }
    with tempfile.TemporaryDirectory() as directory:
        results = [Path(directory) / f"{number}.json" for number in range(len(settings))]
        plays = [
            _play({**context, **setting}, list(names), result)
            for setting, result in zip(settings, results, strict=True)
        ]
        _run_playbook(Path(directory) / "playbook.json", plays)
        return [_successes(names, result) for result in results]


def _play(variables: dict[str, Any], names: list[str], result: Path) -> dict[str, Any]:
    show = {"msg": "{{ lookup('ansible.builtin.vars', item) }}"}
    write = {"content": "{{ evaluated.results | to_json }}", "dest": str(result), "mode": "0600"}
    return {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": variables,
        "tasks": [
            # A value that needs an inventory cannot be evaluated here. It is missing from the result, and the caller
            # fails when it could hide a reference.
            {"ansible.builtin.debug": show, "loop": names, "register": "evaluated", "ignore_errors": True},
            {"ansible.builtin.copy": write},
        ],
    }


def _run_playbook(playbook: Path, plays: list[dict[str, Any]]) -> None:
    playbook.write_text(json.dumps(plays))
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/collections"),
    }
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", str(playbook)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)


def _successes(names: Mapping[str, Leaf], file: Path) -> dict[str, Any]:
    results = json.loads(file.read_text())
    return {names[result["item"]].path: result["msg"] for result in results if not result.get("failed")}

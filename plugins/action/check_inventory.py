# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reject an invalid inventory before anything changes. Documented in the module of the same name."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError, AnsibleUndefinedVariable
from ansible.plugins.action import ActionBase
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.renamed import (
    RENAMED,
    renamed_variable_problems,
)
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.rules import (
    CONTROL_HOST,
    HOST_WORKERS,
    KUBE_NODES,
    host_worker_warnings,
    inventory_problems,
)
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.specs import (
    COMMON_PREFIX,
    argument_problems,
    known_names,
    unknown_variable_problems,
)

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:  # before ansible-core 2.19, and in case this private module moves: sentences without file and line
    Origin = None

COMMON_ROLE = "airfield"
# What the cluster of each driver can do, in the vars of the common role.
DRIVERS = "airfield_cluster_drivers"
ROLES_OF_OTHER_GROUPS = {"host_worker": HOST_WORKERS}


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core has no type hints for others
    """Collects every problem of the inventory and shows them all in one failure."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _roles_directory = Path(__file__).resolve().parents[2] / "roles"

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        specification = {"roles": {"type": "list", "elements": "str", "required": True}}
        wanted = self.validate_argument_spec(argument_spec=specification)[1]["roles"]
        roles = list(dict.fromkeys([COMMON_ROLE, *(name.rpartition(".")[2] for name in wanted)]))
        self._task_vars = task_vars or {}
        self._groups: dict[str, list[str]] = self._task_vars.get("groups", {})
        self._problems: list[str] = []
        self._read_roles(roles)
        self._check(roles)

        problems = list(dict.fromkeys(self._problems))
        result.update(changed=False, problems=problems)
        if problems:
            sources = ", ".join(self._task_vars.get("ansible_inventory_sources") or []) or "without a file"
            count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
            numbered = "\n".join(f"{number}. {problem}" for number, problem in enumerate(problems, start=1))
            result.update(failed=True, msg=f"The inventory ({sources}) has {count}. Nothing was changed.\n{numbered}")
        return result

    def _read_roles(self, roles: Iterable[str]) -> None:
        """Read specifications and defaults of every role of the collection: other roles' variables are known too."""
        directories = {
            directory.name: directory for directory in sorted(self._roles_directory.glob("*")) if directory.is_dir()
        }
        for role in roles:
            if role not in directories:
                raise AnsibleActionFail(f"`roles` has {role}, but this collection has only {', '.join(directories)}.")
        self._defaults = {role: self._read_variables(directory / "defaults") for role, directory in directories.items()}
        # The defaults of many roles follow from these. Those of other roles need their own files or facts.
        self._internals = self._read_variables(directories[COMMON_ROLE] / "vars")
        self._specs: dict[str, dict[str, Any]] = {}
        for role, directory in directories.items():
            for path in (directory / "meta" / "argument_specs.yml", directory / "meta" / "argument_specs.yaml"):
                if path.is_file():
                    self._specs[role] = self._read(path)

    def _read_variables(self, directory: Path) -> dict[str, Any]:
        files = [directory / "main.yml", directory / "main.yaml", *sorted((directory / "main").glob("*.y*ml"))]
        values: dict[str, Any] = {}
        for file in files:
            if file.is_file():
                values.update(self._read(file))
        return values

    def _read(self, path: Path) -> dict[str, Any]:
        # Since 2.19 only trusted values are templated; before, there was no such argument.
        parameters = inspect.signature(self._loader.load_from_file).parameters
        trust = {"trusted_as_template": True} if "trusted_as_template" in parameters else {}
        return self._loader.load_from_file(str(path), **trust) or {}

    def _check(self, roles: Iterable[str]) -> None:
        control = (self._groups.get(CONTROL_HOST) or [self._task_vars.get("inventory_hostname", "localhost")])[0]
        for role in roles:
            group = ROLES_OF_OTHER_GROUPS.get(role)
            others = self._groups.get(group, []) if group else []
            for host in others if group else [control]:
                self._check_arguments(role, host)
            for host in others:
                self._check_arguments(COMMON_ROLE, host)

        prefixes = [f"{prefix}_" for prefix in {*self._specs, COMMON_PREFIX}]
        variables = self._variables(control)
        settable = [name for name in variables if isinstance(name, str) and name not in self._internals]
        values = self._template(variables, [name for name in settable if name.startswith(tuple(prefixes))])[0]
        labels, taints = self._of_nodes("node_labels", {}), self._of_nodes("node_taints", [])
        drivers: Mapping[str, Mapping[str, Any]] = self._internals[DRIVERS]
        self._problems += inventory_problems(self._groups, values, labels, taints, prefixes, drivers)
        defined, facts = self._defined(), self._facts_set()
        self._problems += renamed_variable_problems(defined, facts)
        self._problems += unknown_variable_problems(
            defined, known_names(self._specs, self._defaults), self._specs, internal={*facts, *RENAMED}
        )
        for words in host_worker_warnings(self._groups, values.get("verify_dags")):
            self._display.warning(words)

    def _check_arguments(self, role: str, host: str) -> None:
        entry_point = (self._specs.get(role, {}).get("argument_specs") or {}).get("main") or {}
        options = entry_point.get("options") or {}
        variables = self._variables(host)
        values, unknown = self._template(variables, [name for name in options if name in variables])
        places = {name: place for name in values if (place := self._place(variables[name]))}
        with_default = {*self._defaults[role], *unknown}
        self._problems += argument_problems(role, options, values, with_default=with_default, places=places)

    def _variables(self, host: str) -> dict[str, Any]:
        """A host's variables, not templated, above all roles' defaults and below what the common role derives."""
        defaults = {name: value for values in self._defaults.values() for name, value in values.items()}
        own = self._task_vars if host == self._task_vars.get("inventory_hostname") else self._raw(host)
        return {**defaults, **own, **self._internals}

    def _raw(self, host: str) -> Mapping[str, Any]:
        """The variables that the inventory and the command line set for a host."""
        raw = self._task_vars["hostvars"].raw_get(host)
        return raw if isinstance(raw, Mapping) else {}

    def _template(self, variables: Mapping[str, Any], names: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
        """The values of some variables, and the names of those that are unknown until the roles have run."""
        templar = self._templar.copy_with_new_env(available_variables=variables)
        values: dict[str, Any] = {}
        unknown = []
        for name in names:
            try:
                values[name] = templar.template(variables[name])
            except AnsibleUndefinedVariable:
                unknown.append(name)
            except AnsibleError as error:
                unknown.append(name)
                where = self._place(variables[name])
                self._problems.append(f"`{name}`{f' ({where})' if where else ''} cannot be evaluated: {error.message}")
        return values, unknown

    def _of_nodes(self, name: str, default: Any) -> dict[str, Any]:
        """A variable of each host that represents a Kubernetes node."""
        values = {}
        for host in self._groups.get(KUBE_NODES, []):
            variables = self._variables(host)
            values[host] = self._template(variables, [name])[0].get(name, default) if name in variables else default
        return values

    def _defined(self) -> dict[str, str]:
        """Every variable that inventory or command line set for any host, with where it was set."""
        defined: dict[str, str] = {}
        for host in self._task_vars["hostvars"]:
            for name, value in self._raw(host).items():
                if isinstance(name, str) and name not in defined:
                    defined[name] = self._place(value) or f"host {host}"
        return defined

    def _facts_set(self) -> set[str]:
        """Names that earlier tasks set with set_fact or register: Ansible keeps them among a host's variables."""
        manager = getattr(self._task_vars["hostvars"], "_variable_manager", None)
        by_host: Mapping[str, Mapping[str, Any]] = getattr(manager, "_nonpersistent_fact_cache", {})
        return {name for facts in by_host.values() for name in facts}

    @staticmethod
    def _place(value: Any) -> str | None:
        """The file and line where a value was defined, or None when Ansible does not know."""
        origin = Origin.get_tag(value) if Origin is not None else None
        if origin is None or not origin.path:
            return None
        path = Path(origin.path)
        relative = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        return f"{relative}:{origin.line_num}" if origin.line_num else str(relative)

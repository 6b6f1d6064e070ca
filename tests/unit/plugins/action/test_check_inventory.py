# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action with Ansible's loader, inventory and variable manager, and with small roles in a temporary directory."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.template import Templar
from ansible.utils.display import Display
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager
from ansible_collections.airfield.airflow.plugins.action.check_inventory import ActionModule

Check = Callable[..., dict[str, Any]]

ROLES: dict[str, dict[str, Any]] = {
    "airfield": {
        "defaults": {
            "airfield_name": "airfield",
            "airfield_node_port": 32080,
            "airfield_control_selector": {"role": "airflow-control"},
            "airfield_worker_selector": {"role": "airflow-worker"},
        },
        "options": {"airfield_name": {"type": "str"}, "airfield_node_port": {"type": "int"}},
        "vars": {"airfield_cluster_drivers": {"kind": {"is_local": True, "names_nodes": True}, "existing": {}}},
    },
    "cluster": {
        "defaults": {"airfield_cluster_driver": "kind"},
        "options": {
            "airfield_cluster_driver": {"type": "str", "choices": ["kind", "existing"]},
            "cluster_timeout": {"type": "int"},
            "cluster_message": {"type": "str"},
        },
    },
    "host_worker": {
        "defaults": {"airfield_host_worker_port": 8900},
        "options": {
            "airfield_host_worker_port": {"type": "int"},
            "host_worker_owner": {"type": "str", "required": True},
        },
    },
    "verify": {
        "defaults": {"verify_dags": ["poc_test", "external_trigger_dag"]},
        "options": {"verify_dags": {"type": "list", "elements": "str"}},
    },
}
INVENTORY: dict[str, Any] = {
    "all": {
        "vars": {},
        "children": {
            "control_host": {"hosts": {"localhost": {"ansible_connection": "local"}}},
            "kube_nodes": {
                "hosts": {
                    "airfield-control-plane": {"node_labels": {"role": "airflow-control"}},
                    "airfield-worker": {"node_labels": {"role": "airflow-worker"}},
                }
            },
            "host_workers": {"hosts": {"outside": {"host_worker_owner": "me"}}},
        },
    }
}


@pytest.fixture
def inventory() -> dict[str, Any]:
    return copy.deepcopy(INVENTORY)


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.chdir(tmp_path)
    for role, content in ROLES.items():
        for directory in ("defaults", "meta", "vars"):
            (tmp_path / "roles" / role / directory).mkdir(parents=True)
        (tmp_path / "roles" / role / "defaults" / "main.yml").write_text(yaml.safe_dump(content["defaults"]))
        (tmp_path / "roles" / role / "vars" / "main.yml").write_text(yaml.safe_dump(content.get("vars", {})))
        spec = {"argument_specs": {"main": {"options": content["options"]}}}
        (tmp_path / "roles" / role / "meta" / "argument_specs.yml").write_text(yaml.safe_dump(spec))
    monkeypatch.setattr(ActionModule, "_roles_directory", tmp_path / "roles")

    def run(
        inventory: dict[str, Any],
        roles: list[str] | None = None,
        facts: dict[str, Any] | None = None,
        extra: dict[str, Any] | None = None,
        play_host: str = "localhost",
    ) -> dict[str, Any]:
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump(inventory))
        loader = DataLoader()
        manager = InventoryManager(loader=loader, sources=[str(tmp_path / "hosts.yml")])
        variables = VariableManager(loader=loader, inventory=manager)
        variables._extra_vars = dict(extra or {})
        HostVars(manager, variables, loader)
        if facts:
            variables.set_nonpersistent_facts(play_host, facts)
        task: dict[str, Any] = {"ansible.builtin.debug": {}}  # only a place for the arguments
        play = Play.load({"hosts": play_host, "tasks": [task]}, variables, loader)
        loaded = play.compile()[1].block[0]
        loaded.args = {"roles": roles or list(ROLES)}
        task_vars = variables.get_vars(play=play, host=manager.get_host(play_host), task=loaded)
        task_vars["ansible_inventory_sources"] = [str(tmp_path / "hosts.yml")]  # the command line sets it
        task_vars["hostvars"] = HostVars(manager, variables, loader)
        templar = Templar(loader=loader, variables=task_vars)
        connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="unused"))
        action = ActionModule(loaded, connection, None, loader, templar, None)
        result: dict[str, Any] = action.run(None, task_vars)
        return result

    return run


def test_a_right_inventory_passes(check: Check, inventory: dict[str, Any]) -> None:
    result = check(inventory)
    assert (result["changed"], result["problems"], result.get("failed")) == (False, [], None)


def test_all_problems_come_in_one_failure(check: Check, inventory: dict[str, Any], tmp_path: Path) -> None:
    inventory["all"]["vars"] = {
        "airfield_cluster_driver": "knd",
        "cluster_timeout": "soon",
        "airfield_node_port": 80,
        "airfield_nam": "x",
    }
    del inventory["all"]["children"]["control_host"]
    result = check(inventory)
    assert result["failed"]
    assert not result["changed"]
    head, *lines = result["msg"].splitlines()
    assert head == f"The inventory ({tmp_path}/hosts.yml) has 5 problems. Nothing was changed."
    assert [line.split(".")[0] for line in lines] == ["1", "2", "3", "4", "5"]
    for number, words in enumerate(
        [
            "`knd` is not a valid value. Write one of `kind`, `existing`. Did you mean `kind`?",
            "`cluster_timeout` (hosts.yml:",
            "Group `control_host` is missing",
            "`80` is not a valid value for `airfield_node_port`",
            "is not used by any role. Did you mean `airfield_name`?",
        ]
    ):
        assert words in lines[number]


def test_a_place_has_file_and_line(check: Check, inventory: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text("---\n\nairfield_cluster_driver: knd\nairfield_nam: x\n")
    problems = check(inventory)["problems"]
    assert problems[0].startswith("`airfield_cluster_driver` (group_vars/all.yml:3) of role cluster: ")
    assert problems[1].startswith("`airfield_nam` (group_vars/all.yml:4) is not used by any role.")


def test_values_are_templated_with_the_defaults(check: Check, inventory: dict[str, Any]) -> None:
    inventory["all"]["vars"] = {
        "chosen": "exist",
        "airfield_cluster_driver": "{{ chosen }}ing",
        "airfield_worker_selector": {"role": "{{ airfield_name }}-worker"},
    }
    nodes = inventory["all"]["children"]["kube_nodes"]["hosts"]
    nodes["airfield-worker"]["node_labels"] = {"role": "{{ inventory_hostname }}"}
    assert check(inventory)["problems"] == []
    inventory["all"]["vars"]["chosen"] = "knd"
    assert "`knding` is not a valid value" in check(inventory)["problems"][0]


def test_what_only_the_run_will_know_is_left_to_the_roles(check: Check, inventory: dict[str, Any]) -> None:
    inventory["all"]["vars"]["cluster_message"] = "{{ cluster_info.nodes | join }}"
    assert check(inventory)["problems"] == []


def test_a_broken_template_is_a_problem(check: Check, inventory: dict[str, Any]) -> None:
    inventory["all"]["vars"]["cluster_message"] = "{{ 'x' | no_such_filter }}"
    (problem,) = check(inventory)["problems"]
    assert problem.startswith("`cluster_message` (hosts.yml:")
    assert "cannot be evaluated" in problem


def test_a_role_of_another_group_is_checked_on_its_hosts(check: Check, inventory: dict[str, Any]) -> None:
    workers = inventory["all"]["children"]["host_workers"]["hosts"]
    workers["second"] = {"airfield_host_worker_port": "http"}
    problems = check(inventory)["problems"]
    assert len(problems) == 2
    assert [problem for problem in problems if problem.startswith("`airfield_host_worker_port` (hosts.yml:")]
    assert [
        problem for problem in problems if problem.startswith("`host_worker_owner` of role host_worker has no value.")
    ]
    assert check(inventory, roles=["cluster"])["problems"] == []


def test_unknown_variables_of_any_host_and_of_the_command_line_are_found(
    check: Check, inventory: dict[str, Any]
) -> None:
    inventory["all"]["children"]["kube_nodes"]["hosts"]["airfield-worker"]["cluster_drivr"] = "x"
    problems = check(inventory, extra={"verify_dag": "x"})["problems"]
    assert len(problems) == 2
    assert problems[0].startswith("`cluster_drivr` (hosts.yml:")
    assert problems[1] == "`verify_dag` (host localhost) is not used by any role. Did you mean `verify_dags`?"


def test_a_list_of_the_command_line_is_json(check: Check, inventory: dict[str, Any]) -> None:
    (problem,) = check(inventory, extra={"verify_dags": "poc_test"}, roles=["verify"])["problems"]
    assert problem.startswith("`verify_dags` of role verify: `poc_test` is not a list.")
    assert problem.endswith("""JSON on the command line: `--extra-vars '{"verify_dags": ["poc_test"]}'`.""")


def test_an_old_name_is_answered_with_the_new_one(check: Check, inventory: dict[str, Any]) -> None:
    inventory["all"]["children"]["control_host"]["vars"] = {"cluster_driver": "kind"}
    (problem,) = check(inventory)["problems"]
    assert problem.startswith("`cluster_driver` (hosts.yml:")
    assert problem.endswith(") is called `airfield_cluster_driver` now.")


def test_what_the_common_role_derives_counts_and_cannot_be_set(
    check: Check, inventory: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "roles" / "airfield" / "vars" / "main").mkdir(parents=True)
    (tmp_path / "roles" / "airfield" / "vars" / "main" / "main.yml").write_text(
        "airfield_seconds: soon\nairfield_broken: \"{{ 'x' | no_such_filter }}\"\n"
    )
    inventory["all"]["vars"] = {"cluster_timeout": "{{ airfield_seconds }}"}
    (problem,) = check(inventory)["problems"]
    assert problem.startswith("`cluster_timeout` (hosts.yml:")
    inventory["all"]["vars"] = {"airfield_seconds": 5}
    (problem,) = check(inventory)["problems"]
    assert problem.startswith("`airfield_seconds` (hosts.yml:")
    assert "is not used by any role" in problem


@pytest.mark.parametrize(("is_local", "words"), [(True, ["Group `kube_nodes`"]), (False, [])])
def test_the_table_says_which_drivers_create_a_cluster(
    check: Check, inventory: dict[str, Any], tmp_path: Path, is_local: bool, words: list[str]
) -> None:
    del inventory["all"]["children"]["kube_nodes"]
    (tmp_path / "roles" / "airfield" / "vars" / "main").mkdir(parents=True)
    table = {"airfield_cluster_drivers": {"kind": {"is_local": is_local}}}
    (tmp_path / "roles" / "airfield" / "vars" / "main" / "cluster_drivers.yml").write_text(yaml.safe_dump(table))
    assert [problem.partition(" is missing")[0] for problem in check(inventory)["problems"]] == words


def test_shared_variables_of_a_host_worker_are_checked(check: Check, inventory: dict[str, Any]) -> None:
    inventory["all"]["children"]["host_workers"]["hosts"]["outside"]["airfield_node_port"] = "http"
    (problem,) = check(inventory)["problems"]
    assert problem.startswith("`airfield_node_port` (hosts.yml:")
    assert check(inventory, roles=["cluster"])["problems"] == []


def test_facts_are_not_mistaken_for_typing_errors(check: Check, inventory: dict[str, Any]) -> None:
    assert check(inventory, facts={"credentials_secrets": {}, "cluster_result": {}})["problems"] == []


def test_the_control_hosts_variables_count_wherever_the_play_runs(check: Check, inventory: dict[str, Any]) -> None:
    inventory["all"]["children"]["control_host"]["vars"] = {"airfield_cluster_driver": "knd"}
    (problem,) = check(inventory, play_host="outside")["problems"]
    assert "`knd` is not a valid value" in problem


def test_wrong_node_labels_and_taints_are_found(check: Check, inventory: dict[str, Any]) -> None:
    node = inventory["all"]["children"]["kube_nodes"]["hosts"]["airfield-worker"]
    node.update(node_labels={"role": "wrong"}, node_taints=[{"key": "a", "effect": "No"}])
    problems = check(inventory)["problems"]
    assert [problem.split(" ")[0] for problem in problems] == ["`node_taints`", "`airfield_worker_selector`"]


def test_a_missing_host_worker_is_only_a_warning(
    check: Check, inventory: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(Display(), "warning", warnings.append)
    del inventory["all"]["children"]["host_workers"]
    assert check(inventory)["problems"] == []
    assert len(warnings) == 1
    assert warnings[0].startswith("Group `host_workers` is missing or empty")


def test_a_role_that_does_not_exist_is_refused(check: Check, inventory: dict[str, Any]) -> None:
    with pytest.raises(AnsibleError, match="`roles` has clutser, but this collection has only airfield, cluster"):
        check(inventory, roles=["clutser"])


def test_a_full_role_name_is_understood(check: Check, inventory: dict[str, Any]) -> None:
    inventory["all"]["vars"]["cluster_timeout"] = "soon"
    assert len(check(inventory, roles=["airfield.airflow.cluster"])["problems"]) == 1

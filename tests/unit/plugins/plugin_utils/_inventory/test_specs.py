# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.specs import (
    argument_problems,
    did_you_mean,
    known_names,
    unknown_variable_problems,
)

OPTIONS: dict[str, dict[str, Any]] = {
    "airfield_cluster_driver": {"type": "str", "choices": ["kind", "existing"], "default": "kind"},
    "cluster_wait": {"type": "bool"},
    "cluster_timeout": {"type": "int"},
    "cluster_nodes": {"type": "list", "elements": "str", "choices": ["a", "b"]},
    "cluster_mounts": {
        "type": "list",
        "elements": "dict",
        "options": {
            "path": {"type": "path", "required": True},
            "mode": {"type": "str", "choices": ["ro", "rw"]},
            "modes": {"type": "list", "elements": "str"},
        },
    },
    "cluster_resources": {"type": "dict", "options": {"worker": {"type": "dict"}}},
    "cluster_token": {"type": "dict", "no_log": True},
    "cluster_name": {"type": "str", "required": True, "description": ["What the cluster is called.", "More."]},
}
FINE = {"cluster_name": "airfield"}


def problems(values: dict[str, Any], **more: Any) -> list[str]:
    return argument_problems("cluster", OPTIONS, {**FINE, **values}, **more)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"airfield_cluster_driver": "existing"},
        {"cluster_wait": "yes"},
        {"cluster_timeout": "30"},
        {"cluster_timeout": None},
        {"cluster_nodes": ["a", "b"]},
        {"cluster_mounts": [{"path": "/data", "mode": "ro"}]},
        {"unrelated": object()},
    ],
)
def test_what_ansible_would_accept_is_accepted(values: dict[str, Any]) -> None:
    assert problems(values) == []


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("a", """'{"cluster_nodes": ["a"]}'"""),
        ("a, b", """'{"cluster_nodes": ["a", "b"]}'"""),
        ('["a"]', """'{"cluster_nodes": ["a"]}'"""),
        ("", """'{"cluster_nodes": []}'"""),
        (5, """'{"cluster_nodes": ["5"]}'"""),
    ],
)
def test_a_list_is_not_written_as_a_string(value: Any, advice: str) -> None:
    (found,) = problems({"cluster_nodes": value})
    assert found == (
        f"`cluster_nodes` of role cluster: `{value}` is not a list. Write a YAML list in the inventory, or JSON on "
        f"the command line: `--extra-vars {advice}`."
    )


@pytest.mark.parametrize(
    ("name", "value", "kind", "advice"),
    [
        ("cluster_mounts", "/data", "list", "[{...}]"),
        ("cluster_mounts", '[{"path": "/data"}]', "list", '[{"path": "/data"}]'),
        ("cluster_resources", "worker=x", "dictionary", "{...}"),
        ("cluster_resources", '{"worker": {}}', "dictionary", '{"worker": {}}'),
    ],
)
def test_a_list_of_dictionaries_or_a_dictionary_is_not_a_string_either(
    name: str, value: str, kind: str, advice: str
) -> None:
    (found,) = problems({name: value})
    assert f"`{value}` is not a {kind}. Write a YAML {kind} in the inventory" in found
    assert found.endswith(f"""`--extra-vars '{{"{name}": {advice}}}'`.""")


def test_a_nested_list_or_dictionary_is_not_a_string_either() -> None:
    (found,) = problems({"cluster_mounts": [{"path": "/a"}, {"path": "/b", "modes": "ro"}]})
    assert found == "`cluster_mounts` of role cluster: `ro` in `[1].modes` is not a list. Write a YAML list."
    (found,) = problems({"cluster_resources": {"worker": "cpu=1"}})
    assert (
        found
        == "`cluster_resources` of role cluster: `cpu=1` in `worker` is not a dictionary. Write a YAML dictionary."
    )


def test_a_wrong_choice_names_the_choices_and_the_nearest() -> None:
    assert problems({"airfield_cluster_driver": "knd"}) == [
        "`airfield_cluster_driver` of role cluster: `knd` is not a valid value. Write one of `kind`,"
        " `existing`. Did you mean `kind`?"
    ]
    assert problems({"airfield_cluster_driver": "podman"})[0].endswith("Write one of `kind`, `existing`.")


def test_the_place_of_a_variable_is_named() -> None:
    found = problems({"cluster_timeout": "soon"}, places={"cluster_timeout": "group_vars/all.yml:3"})
    assert found[0].startswith("`cluster_timeout` (group_vars/all.yml:3) of role cluster: ")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cluster_wait": "perhaps"}, ["`cluster_wait` of role cluster", "bool"]),
        ({"cluster_timeout": "soon"}, ["`cluster_timeout` of role cluster", "int"]),
        ({"cluster_nodes": ["a", "c"]}, ["`cluster_nodes` of role cluster", "one or more of: a, b", "c"]),
        (
            {"cluster_mounts": [{"mode": "ro"}]},
            ["`cluster_mounts` of role cluster", "missing required arguments: path"],
        ),
        (
            {"cluster_mounts": [{"path": "/d", "mode": "x"}]},
            ["`cluster_mounts` of role cluster", "must be one of: ro, rw"],
        ),
        ({"cluster_mounts": [{"path": "/d", "pth": "x"}]}, ["`cluster_mounts` of role cluster", "cluster_mounts.pth"]),
    ],
)
def test_wrong_types_and_nested_options_are_refused(values: dict[str, Any], words: list[str]) -> None:
    found = problems(values)
    assert len(found) == 1
    assert all(word in found[0] for word in words)
    assert found[0].endswith((".", "?"))


def test_a_secret_is_not_quoted() -> None:
    found = problems({"cluster_token": "hunter2"})
    assert found == ["`cluster_token` of role cluster: its value (not shown) must be of type dict."]


@pytest.mark.parametrize("values", [{}, {"cluster_name": None}])
def test_a_required_variable_without_value_is_explained(values: dict[str, Any]) -> None:
    assert argument_problems("cluster", OPTIONS, values) == [
        "`cluster_name` of role cluster has no value. Write `cluster_name:` in the inventory's group_vars/all.yml."
        " It is: What the cluster is called."
    ]
    assert argument_problems("cluster", OPTIONS, values, with_default={"cluster_name"}) == []


def test_every_problem_is_collected() -> None:
    assert len(argument_problems("cluster", OPTIONS, {"airfield_cluster_driver": "x", "cluster_timeout": "x"})) == 3


def test_all_entry_points_and_defaults_are_known() -> None:
    specs: dict[str, dict[str, Any]] = {
        "cluster": {
            "argument_specs": {"main": {"options": {"cluster_a": {}}}, "other": {"options": {"cluster_b": {}}}}
        },
        "empty": {"argument_specs": {"main": {}, "none": None}},
        "broken": {},
    }
    assert known_names(specs, {"cluster": {"cluster_c"}}) == {"cluster_a", "cluster_b", "cluster_c"}


@pytest.mark.parametrize(("word", "hint"), [("knd", " Did you mean `kind`?"), ("zzz", "")])
def test_the_nearest_word_is_offered(word: str, hint: str) -> None:
    assert did_you_mean(word, ["kind", "existing"]) == hint


def test_a_typing_error_in_a_name_is_found() -> None:
    known = {"airfield_cluster_driver", "airfield_name", "airfield_host_worker_port"}
    defined = {
        "airfield_cluster_drivr": "group_vars/all.yml:1",
        "airfield_nmae": "host a",
        "host_worker_zzz": "host b",
        "airfield_cluster_driver": "x",
        "clusters": "x",
        "ansible_host": "x",
        "cluster_info": "x",
    }
    found = unknown_variable_problems(defined, known, ["cluster", "host_worker"], internal={"cluster_info"})
    assert found == [
        "`airfield_cluster_drivr` (group_vars/all.yml:1) is not used by any role. Did you mean"
        " `airfield_cluster_driver`?",
        "`airfield_nmae` (host a) is not used by any role. Did you mean `airfield_name`?",
        "`host_worker_zzz` (host b) is not used by any role. Remove it, or rename your own variable so that it does not"
        " start with `host_worker_`.",
    ]

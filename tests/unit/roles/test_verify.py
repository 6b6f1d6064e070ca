# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role verify asks for and expects, made by Ansible itself out of variables that inventories have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import REPOSITORY, run_playbook

ROLE = REPOSITORY / "roles" / "verify"
SHOWN = (
    "verify_expectations",
    "verify_steady_state",
    "verify_tasks_in_pods",
    "verify_settings",
    "verify_database_selector",
    "airfield_deployer",
    "airfield_dags_method",
    "verify_dags_commit",
    "verify_run_prefix",
    "verify_wanted_runs",
    "verify_runs",
    "verify_log_directories",
    "verify_objects",
    "verify_advice",
)
PODS = [{"pod": "p1", "task": None}, {"pod": "gone"}]
PODS += [{"pod": f"p{n}", "task": {"dag_id": "a", "run_id": "r1", "task_id": f"t{n}"}} for n in (2, 3)]
# What tasks of the role register or set.
FACTS: dict[str, Any] = {
    "cluster_info": {"is_local": True},
    # Of the Deployments and of the ConfigMap.
    "verify_deployed": {"objects": [[{"metadata": {"uid": "u", "generation": 1}}], []]},
    "verify_dag_files": {"skipped": True},
    "verify_dags": ["poc_test"],
    "verify_finished": {
        "dag_runs": [
            {
                "dag_id": "poc_test",
                "dag_run_id": "r1",
                "changed": False,
                "task_instances": [{"log": "x", "hostname": "p"}],
            }
        ]
    },
    "verify_steady": {
        "evidence": [
            {"expectation": "no idle task pod in airflow", "pods": PODS},
            {"expectation": "scheduler", "pods": [{"pod": "s", "task": {"dag_id": "b"}}]},
        ]
    },
}
GITOPS: dict[str, Any] = {
    "airfield_namespace": "core",
    "airfield_worker_namespaces": ["core", "cron", "user"],
    "airfield_worker_node_groups": {"cron": {"pool": "cron"}},
    "airfield_database_engine": "mysql",
    "airfield_deployer": "argocd",
    "airfield_git": {"dags": {"url": "https://git.example.com/dags.git"}},
    "dag_sync_commit": "c1",
    "verify_namespaces": {"example_cron_dag": "cron", "example_user_dag": "user"},
    "verify_dags": ["example_cron_dag", "example_user_dag", "other"],
    # The other one could not be started.
    "verify_finished": {
        "failed": True,
        "dag_runs": [
            {"dag_id": name, "dag_run_id": f"{name}-1", "changed": True, "task_instances": []}
            for name in ("example_user_dag", "example_cron_dag")
        ],
    },
    "verify_pods": [
        {"name": "scheduler", "label_selector": "component=scheduler", "pods": 1, "containers": 2},
        {"name": "everything in cron", "namespace": "cron", "pods": 0},
    ],
}
CASES: dict[str, dict[str, Any]] = {
    "local": {},
    "gitops": GITOPS,
    "other_commit": {**GITOPS, "dag_sync_commit": "c2"},
    "other_node_groups": {**GITOPS, "airfield_worker_node_groups": {"cron": {"pool": "other"}}},
    "git_sync": {**GITOPS, "airfield_dags_method": "git_sync", "airfield_executor": "LocalExecutor"},
    "claim": {"airfield_storage_mode": "storage_class"},
    "external": {
        "airfield_database_engine": "external",
        "airfield_worker_selector": {},
        "airfield_control_selector": {},
    },
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The variables of SHOWN for each of CASES, from a role that has all of verify but its tasks."""
    directory = tmp_path_factory.mktemp("verify")
    probe = directory / "roles" / "probe"
    for part in ("tasks", "meta"):
        (probe / part).mkdir(parents=True)
    for part in ("defaults", "vars", "templates"):
        (probe / part).symlink_to(ROLE / part)
    (probe / "meta/main.yml").write_text(yaml.safe_dump({"dependencies": [{"role": "airfield.airflow.airfield"}]}))
    values = ", ".join(f"'{name}': {name}" for name in SHOWN)
    copy = {"dest": "{{ probe_path }}", "content": f"{{{{ {{{values}}} | to_json }}}}", "mode": "0600"}
    (probe / "tasks/main.yml").write_text(yaml.safe_dump([{"name": "Show", "ansible.builtin.copy": copy}]))
    tasks = [
        {
            "name": f"Show {name}",
            "ansible.builtin.include_role": {"name": "probe"},
            "vars": {**FACTS, **variables, "probe_path": str(directory / name)},
        }
        for name, variables in CASES.items()
    ]
    run_playbook(directory, tasks)
    return {name: json.loads(Path(directory / name).read_text(encoding="utf-8")) for name in CASES}


def expectation(shown: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in shown["verify_expectations"] if one["name"] == name]
    return dict(found)


def test_every_part_of_airflow_and_the_database_must_tolerate_the_control_nodes(shown: dict[str, Any]) -> None:
    names = [f"{name} is on a control node" for name in ("api-server", "scheduler", "dag-processor", "triggerer")]
    for name in [*names, "database is on a control node"]:
        found = expectation(shown["local"], name)
        assert [one["key"] for one in found["tolerations"]] == ["node-role.kubernetes.io/control-plane", "dedicated"]
        assert (found["namespace"], found["node_selector"]) == ("airflow", {"role": "airflow-control"})
        assert found["min_count"] == 1
    assert expectation(shown["local"], names[1])["label_selector"] == "release=airflow,tier=airflow,component=scheduler"


def test_tasks_may_run_in_every_worker_namespace_unless_one_is_named(shown: dict[str, Any]) -> None:
    assert expectation(shown["local"], "poc_test: tasks ran on a worker node") == {
        "name": "poc_test: tasks ran on a worker node",
        "namespaces": ["airflow"],
        "node_selector": {"role": "airflow-worker"},
        "task_instances": [{"log": "", "hostname": "p"}],
    }
    places = {
        name: expectation(shown["gitops"], f"{name}: tasks ran on a worker node")
        for name in ("example_cron_dag", "example_user_dag", "other")
    }
    assert {name: place["namespaces"] for name, place in places.items()} == {
        "example_cron_dag": ["cron"],
        "example_user_dag": ["user"],
        "other": ["core", "cron", "user"],
    }
    assert {name: place["node_selector"] for name, place in places.items()} == {
        "example_cron_dag": {"pool": "cron"},
        "example_user_dag": {"role": "airflow-worker"},
        "other": {"role": "airflow-worker"},
    }


def test_an_empty_selector_is_none(shown: dict[str, Any]) -> None:
    """The module placement refuses one, because every node would do."""
    expectations = shown["external"]["verify_expectations"]
    assert len(expectations) == 5
    assert not [one for one in expectations if "node_selector" in one]


@pytest.mark.parametrize(
    ("case", "selector"),
    [
        ("local", "app.kubernetes.io/name=airflow-postgres"),
        ("gitops", "app.kubernetes.io/name=airflow-mysql"),
        ("external", ""),
    ],
)
def test_the_database_is_looked_for_where_it_is(shown: dict[str, Any], case: str, selector: str) -> None:
    assert shown[case]["verify_database_selector"] == selector
    names = [one["name"] for one in shown[case]["verify_expectations"]]
    assert ("database is on a control node" in names) == bool(selector)


def test_the_steady_state_is_what_the_inventory_says(shown: dict[str, Any]) -> None:
    assert shown["local"]["verify_steady_state"]["pods"] == []
    assert shown["gitops"]["verify_steady_state"]["pods"] == [
        {
            "name": "scheduler",
            "namespace": "core",
            "label_selector": "component=scheduler",
            "count": 1,
            "containers": 2,
        },
        {"name": "everything in cron", "namespace": "cron", "label_selector": "", "count": 0},
    ]


def test_no_task_pod_is_at_rest_in_any_worker_namespace(shown: dict[str, Any]) -> None:
    idle = shown["gitops"]["verify_steady_state"]["idle"]
    assert [one["namespace"] for one in idle] == ["core", "cron", "user"]
    assert {one["label_selector"] for one in idle} == {"kubernetes_executor=True"}
    assert {one["count"] for one in idle} == {0}


def test_of_pods_that_are_left_airflow_is_asked_for_their_runs_once(shown: dict[str, Any]) -> None:
    assert shown["local"]["verify_tasks_in_pods"] == [{"dag_id": "a", "run_id": "r1"}]
    assert shown["gitops"]["verify_tasks_in_pods"] == []


def settings(shown: dict[str, Any]) -> dict[str, str]:
    return {one["option"]: one["value"] for one in shown["verify_settings"]}


def test_the_settings_follow_from_the_inventory(shown: dict[str, Any]) -> None:
    assert settings(shown["local"]) == {
        "executor": "KubernetesExecutor",
        "multi_namespace_mode": "False",
        "namespace": "airflow",
    }
    assert settings(shown["git_sync"]) == {
        "executor": "LocalExecutor",
        "multi_namespace_mode": "True",
        "multi_namespace_mode_namespace_list": "core,cron,user",
    }


def test_only_git_bundles_have_a_commit(shown: dict[str, Any]) -> None:
    keys = ("airfield_deployer", "airfield_dags_method", "verify_dags_commit")
    assert {name: [shown[name][key] for key in keys] for name in ("local", "gitops", "git_sync")} == {
        "local": ["helm", "volume", ""],
        "gitops": ["argocd", "git_bundle", "c1"],
        "git_sync": ["argocd", "git_sync", ""],
    }


def test_another_commit_and_other_node_groups_need_new_runs(shown: dict[str, Any]) -> None:
    names = ("local", "gitops", "other_commit", "other_node_groups")
    assert len({shown[name]["verify_run_prefix"] for name in names}) == len(names)


def test_a_run_is_judged_by_the_id_that_it_has_or_would_have_got(shown: dict[str, Any]) -> None:
    prefix = shown["gitops"]["verify_run_prefix"]
    names = ["example_cron_dag", "example_user_dag", "other"]
    assert shown["gitops"]["verify_wanted_runs"] == [{"dag_id": name, "run_id_prefix": prefix} for name in names]
    ids = ["example_cron_dag-1", "example_user_dag-1", prefix]
    assert shown["gitops"]["verify_runs"] == [
        {"dag_id": name, "run_id": run_id} for name, run_id in zip(names, ids, strict=True)
    ]


def test_the_logs_of_each_run_have_a_directory(shown: dict[str, Any]) -> None:
    (directory,) = shown["local"]["verify_log_directories"]
    assert directory.endswith("/logs/dag_id=poc_test/run_id=r1")


def test_the_claim_and_a_pod_are_read_only_where_the_volume_is_not_a_local_directory(shown: dict[str, Any]) -> None:
    kinds = {name: [item["kind"] for item in shown[name]["verify_objects"]] for name in ("local", "gitops", "claim")}
    assert kinds == {
        "local": ["Deployment", "ConfigMap"],
        "gitops": ["Deployment", "ConfigMap"],
        "claim": ["Deployment", "ConfigMap", "PersistentVolumeClaim", "Pod"],
    }


def test_who_proves_an_earlier_run_is_told_how_to_get_a_new_one(shown: dict[str, Any]) -> None:
    assert "Set verify_reuse_minutes to 0" in shown["local"]["verify_advice"][0]
    assert shown["gitops"]["verify_advice"] == []

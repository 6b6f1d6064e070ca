# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof import deployment as proof

COMMIT = "0b1c5a3f6f1d4f1c9e6f7f6a3c1d2e4b5a697887"
OTHER = "f" * 40
APPLICATION: dict[str, Any] = {
    "application": {"name": "airflow", "namespace": "argocd", "project": "airfield"},
    "sync": {"status": "Synced", "revision": COMMIT, "revisions": [COMMIT]},
    "health": {"status": "Healthy", "message": ""},
}


def application(sync: str = "Synced", health: str = "Healthy", **more: Any) -> dict[str, Any]:
    return {
        **APPLICATION,
        "sync": {**APPLICATION["sync"], "status": sync},
        "health": {"status": health, "message": ""},
        **more,
    }


@pytest.mark.parametrize("revision", [None, "", COMMIT, COMMIT[:7]])
def test_a_synced_and_healthy_application_passes_at_its_revision(revision: str | None) -> None:
    check = proof.application_check(APPLICATION, revision)
    assert (check["passed"], check["found"]) == (True, "Synced and Healthy at 0b1c5a3f6f1d")
    assert check["evidence"] == {
        "name": "airflow",
        "namespace": "argocd",
        "project": "airfield",
        "revisions": [COMMIT],
    }


def test_one_of_several_sources_has_the_revision() -> None:
    several = application()
    several["sync"] = {"status": "Synced", "revision": "1.22.0", "revisions": ["1.22.0", COMMIT]}
    check = proof.application_check(several, COMMIT)
    assert (check["passed"], check["found"]) == (True, "Synced and Healthy at 1.22.0, 0b1c5a3f6f1d")


@pytest.mark.parametrize(
    ("changed", "revision", "found"),
    [
        (application(sync="OutOfSync"), None, "OutOfSync and Healthy at 0b1c5a3f6f1d"),
        (application(health="Degraded"), None, "Synced and Degraded at 0b1c5a3f6f1d"),
        (application(health="Degraded", msg="The pod x cannot start."), None, "The pod x cannot start."),
        ({"msg": "Application argocd/airflow does not exist.", "failed": True}, None, "does not exist"),
        ({"changed": False}, None, "unknown and unknown, without a revision"),
        (application(sync="Synced") | {"sync": {"status": "Synced"}}, None, "Healthy, without a revision"),
        (APPLICATION, OTHER, "Synced and Healthy at 0b1c5a3f6f1d"),
    ],
)
def test_any_other_application_fails(changed: dict[str, Any], revision: str | None, found: str) -> None:
    check = proof.application_check(changed, revision)
    assert not check["passed"]
    assert found in check["found"]
    assert check["expected"] == ("Synced and Healthy at ffffffffffff" if revision else "Synced and Healthy")


CFG = """
[core]
executor = KubernetesExecutor
[kubernetes_executor]
multi_namespace_mode = true
multi_namespace_mode_namespace_list = airflow-core,airflow-cron
[logging]
log_format = [%(asctime)s] {{ ti.task_id }}
"""


def setting(section: str, option: str, value: str) -> dict[str, str]:
    return {"section": section, "option": option, "value": value}


def test_the_settings_as_deployed_pass() -> None:
    wanted = [
        setting("core", "executor", "KubernetesExecutor"),
        setting("kubernetes_executor", "multi_namespace_mode", "True"),
        setting("kubernetes_executor", "multi_namespace_mode_namespace_list", "airflow-core,airflow-cron"),
    ]
    checks = proof.setting_checks(CFG, wanted)
    assert [check["passed"] for check in checks] == [True] * 3
    assert checks[0]["name"] == "[core] executor as deployed"
    assert [check["found"] for check in checks] == ["KubernetesExecutor", "true", "airflow-core,airflow-cron"]


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        (CFG, setting("core", "executor", "kubernetesexecutor"), "KubernetesExecutor"),
        (CFG, setting("kubernetes_executor", "multi_namespace_mode", "False"), "true"),
        (
            CFG.replace(",airflow", ", airflow"),
            setting("kubernetes_executor", "multi_namespace_mode_namespace_list", "airflow-core,airflow-cron"),
            "airflow-core, airflow-cron",
        ),
        (CFG, setting("core", "parallelism", "4"), "not set"),
        (CFG, setting("webserver", "x", "y"), "not set"),
        ("", setting("core", "executor", "KubernetesExecutor"), "no airflow.cfg"),
        (None, setting("core", "executor", "KubernetesExecutor"), "no airflow.cfg"),
        ("no section", setting("core", "executor", "KubernetesExecutor"), "cannot be read"),
    ],
)
def test_any_other_setting_fails(text: str | None, wanted: dict[str, str], found: str) -> None:
    (check,) = proof.setting_checks(text, [wanted])
    assert not check["passed"]
    assert found in check["found"]


DAG: dict[str, Any] = {
    "dag_id": "example_cron_dag",
    "bundle_name": "dags",
    "relative_fileloc": "example_cron_dag.py",
    "is_stale": False,
    "has_import_errors": False,
    "dag_version": {"version_number": 1, "bundle_name": "dags", "bundle_version": COMMIT, "created_at": "12:00"},
}


def dag(**changed: Any) -> dict[str, Any]:
    return {**DAG, **changed}


def run_of(commit: str | None) -> dict[str, Any]:
    return {"dag_id": "example_cron_dag", "run_id": "1", "dag_run": {"bundle_version": commit}}


@pytest.mark.parametrize("run", [run_of(COMMIT), run_of(None), {**run_of(None), "dag_run": {}}])
def test_a_dag_of_the_commit_passes(run: dict[str, Any]) -> None:
    check = proof.dag_check(DAG, COMMIT, run)
    assert check["name"] == "example_cron_dag is known to Airflow"
    assert (check["passed"], check["found"]) == (True, "commit 0b1c5a3f6f1d of bundle dags")
    assert check["expected"] == "read without errors, from commit 0b1c5a3f6f1d"
    assert check["evidence"] == {"bundle_name": "dags", "file": "example_cron_dag.py", "commit": COMMIT}


@pytest.mark.parametrize("version", [None, {"bundle_name": "dags-folder", "bundle_version": None}])
def test_without_git_a_dag_needs_no_commit(version: dict[str, Any] | None) -> None:
    check = proof.dag_check({**dag(bundle_name="dags-folder"), "dag_version": version}, "", run_of(None))
    assert (check["passed"], check["found"]) == (True, "no commit of bundle dags-folder")
    assert check["expected"] == "read without errors"


@pytest.mark.parametrize(
    ("known", "run", "found"),
    [
        ({}, run_of(None), "Airflow does not know it"),
        (dag(is_stale=True), run_of(None), "its file is gone"),
        (dag(has_import_errors=True), run_of(None), "it has import errors"),
        (dag(dag_version=None), run_of(None), "its version is from no commit"),
        (dag(dag_version={"bundle_version": OTHER}), run_of(None), "its version is from commit ffffffffffff"),
        (DAG, run_of(OTHER), "its run is from commit ffffffffffff"),
    ],
)
def test_any_other_dag_fails(known: dict[str, Any], run: dict[str, Any], found: str) -> None:
    check = proof.dag_check(known, COMMIT, run)
    assert (check["passed"], check["found"]) == (False, found)

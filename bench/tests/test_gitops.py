# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.bench import gitops
from ansible_collections.airfield.airflow.bench.bench_file import Repository

URL = "http://172.18.0.1:3080/platform.git"
CHART = {"repoURL": "https://airflow.apache.org", "chart": "airflow", "targetRevision": "1.22.0"}
VALUES = {"repoURL": URL, "targetRevision": "stable"}
LOGIN = {"url": URL, "username": "airfield", "password": "hidden"}


@pytest.mark.parametrize("spec", [{"source": VALUES}, {"sources": [CHART, {**VALUES, "ref": "values"}]}])
def test_the_platform_is_where_the_values_are(spec: dict[str, Any]) -> None:
    found = gitops.platform_of({"spec": spec}, [{"url": URL}, {"url": "other", "password": "no"}, LOGIN])
    assert found == Repository(URL, "stable", "airfield", "hidden")


def test_a_repository_without_a_password_cannot_be_pushed_to() -> None:
    with pytest.raises(SystemExit, match="no repository Secret with a password for http://172"):
        gitops.platform_of({"spec": {"source": VALUES}}, [{"url": URL}])


def state(sync: str, health: str, phase: str = "Succeeded") -> dict[str, Any]:
    return {"status": {"sync": {"status": sync}, "health": {"status": health}, "operationState": {"phase": phase}}}


@pytest.mark.parametrize(
    "application",
    [{}, state("OutOfSync", "Healthy"), state("Synced", "Progressing"), state("Synced", "Healthy", "Running")],
)
def test_nothing_is_pushed_while_somebody_is_at_work(application: dict[str, Any]) -> None:
    gitops.require_calm(state("Synced", "Healthy"))
    with pytest.raises(SystemExit, match="something is changing it"):
        gitops.require_calm(application)


def test_secrets_are_decoded() -> None:
    assert gitops.decoded({"data": {"key": base64.b64encode(b"hidden").decode()}}) == {"key": "hidden"}
    assert gitops.decoded({}) == {}


@pytest.mark.parametrize(
    "values",
    [
        "executor: KubernetesExecutor\n",
        "",
        "apiServer:\n  service:\n    type: NodePort\n    annotations:\n",
        "apiServer:\n  service:\n    annotations:\n      kept: 'yes'\n",
    ],
)
def test_the_change_is_one_annotation(values: str) -> None:
    before = yaml.safe_load(values) or {}
    after = yaml.safe_load(gitops.with_annotation(values, "one"))
    annotations = after["apiServer"]["service"]["annotations"]
    assert annotations.pop(gitops.ANNOTATION) == "one"
    kept = ((before.get("apiServer") or {}).get("service") or {}).get("annotations") or {}
    assert annotations == kept
    assert after.get("executor") == before.get("executor")
    assert "airfield-bench" in gitops.with_annotation(values, "one"), "the next run could not undo it"


def test_the_annotation_is_read_from_the_live_object() -> None:
    assert gitops.annotation({"metadata": {"annotations": {gitops.ANNOTATION: "one", "other": "two"}}}) == "one"
    assert gitops.annotation({"metadata": {}}) is None


CONFIG = """
[core]
executor = KubernetesExecutor

[dag_processor]
dag_bundle_config_list = [{{"name": "x", "classpath": "a.LocalDagBundle", "kwargs": {{}}}},
  {{"name": "dags", "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
  "kwargs": {{"repo_url": "http://host/a%%20b.git", "tracking_ref": "main"{more}}}}}]
"""


def test_the_bundle_is_that_of_git() -> None:
    more = ', "subdir": "dags", "refresh_interval": 10'
    assert gitops.bundle_of(CONFIG.format(more=more)) == ("http://host/a%20b.git", "main", "dags", 10.0)
    assert gitops.bundle_of(CONFIG.format(more="")) == ("http://host/a%20b.git", "main", "", 300.0)


@pytest.mark.parametrize("config", ["", "[dag_processor]\n", "[dag_processor]\ndag_bundle_config_list = []\n"])
def test_without_such_a_bundle_there_is_nothing_to_measure(config: str) -> None:
    with pytest.raises(SystemExit, match="no DAGs from Git"):
        gitops.bundle_of(config)


def test_the_newest_version_counts() -> None:
    versions = [{"version_number": 1, "bundle_version": "old"}, {"version_number": 2, "bundle_version": "new"}]
    assert gitops.newest_commit({"dag_versions": versions}) == "new"
    assert gitops.newest_commit({"dag_versions": []}) is None


@pytest.mark.parametrize(
    ("duration", "expected"), [("120s", 120), ("3m", 180), ("2m30s", 150), ("1h", 3600), ("1.5m", 90), ("0", 0)]
)
def test_durations_of_go(duration: str, expected: float) -> None:
    assert gitops.seconds(duration) == expected


def test_commits_are_spread_evenly_over_the_interval() -> None:
    assert [gitops.offset(number, 1, 120) for number in range(1)] == [60]
    assert [gitops.offset(number, 3, 120) for number in range(3)] == [20, 60, 100]

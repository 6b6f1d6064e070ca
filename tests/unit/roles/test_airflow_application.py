# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role airflow with a real Git server and a fake Argo CD: what it pushes, what it declares, what it waits for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.git_server import (
    PASSWORD,
    USER,
    Repository,
    git_server,
)

from .argocd_cluster import ArgoCluster
from .conftest import CHART, run_playbook

Json = dict[str, Any]

HIDDEN = "hidden-in-the-url"
CASES: dict[str, Json] = {
    "beside": {"airfield_chart": "embedded"},
    "apart": {"airfield_chart": "embedded"},
    "official": {"airfield_chart": "official", "airfield_chart_version": "1.22.0"},
}


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Repository]:
    root = tmp_path_factory.mktemp("git")
    return {name: Repository(root / f"{name}.git") for name in (*CASES, "charts")}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, repositories: dict[str, Repository]) -> Iterator[ArgoCluster]:
    """Return the cluster after each case, and the first one again; each has an Argo CD of its own."""
    directory = tmp_path_factory.mktemp("application")

    def head(url: str) -> str:
        commit = repositories[url.rpartition("/")[2].removesuffix(".git")].head()
        assert commit
        return commit

    cluster = ArgoCluster(head)
    cluster.write_kubeconfig(directory / "kubeconfig")
    tasks: list[Json] = []
    with git_server(repositories["beside"].directory.parent) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(directory))
        patch.setenv("no_proxy", "127.0.0.1")
        steps = [*CASES.items(), ("again", CASES["beside"])]
        for step, case in steps:
            name = "beside" if step == "again" else step
            cluster.add("Namespace", name)
            (directory / name).mkdir(exist_ok=True)
            git = {"platform": name, **({"charts": "charts"} if name == "apart" else {})}
            variables = {
                **case,
                "airfield_git": {
                    key: {"url": f"{server.url}/{its}.git", "username": USER, "password": PASSWORD}
                    for key, its in git.items()
                },
                "airfield_kubeconfig": str(directory / "kubeconfig"),
                "airfield_state_dir": str(directory / name),
                "airfield_argocd_namespace": name,
                "airfield_deployer": "argocd",
                "airflow_timeout": 30,
                "airfield_database_engine": "external",
                "airfield_database_url": f"postgresql://airflow:{HIDDEN}@db.example.com/airflow",
            }
            role = {"name": "airfield.airflow.airflow", "tasks_from": "argocd"}
            tasks += [
                {"name": f"Run {step}", "ansible.builtin.include_role": role, "vars": variables},
                {"ansible.builtin.debug": {"msg": f"{step} waited for {{{{ airflow_commit }}}}"}},
                cluster.mark(step),
            ]
        cluster.said["runs"] = run_playbook(directory, tasks)
        yield cluster


def test_the_values_are_pushed_and_hold_no_secret(cluster: ArgoCluster, repositories: dict[str, Repository]) -> None:
    for name in CASES:
        text = repositories[name].read("airflow/values.yml")
        assert yaml.safe_load(text)["executor"] == "KubernetesExecutor"
        assert [secret for secret in (PASSWORD, HIDDEN, USER) if secret in text] == []
    assert [secret for secret in ("pa55", HIDDEN) if secret in cluster.said["runs"]] == []


def test_the_embedded_chart_lies_where_its_source_says(
    cluster: ArgoCluster, repositories: dict[str, Repository]
) -> None:
    files = {f"airflow/chart/{path.relative_to(CHART)}" for path in CHART.rglob("*") if path.is_file()}
    assert set(repositories["beside"].paths()) == {*files, "airflow/values.yml"}
    assert set(repositories["charts"].paths()) == files
    for name in ("apart", "official"):
        assert repositories[name].paths() == ["airflow/values.yml"]
    source = cluster.objects["Application", "beside/airflow"]["spec"]["source"]
    chart, (values,) = Path(source["path"]), source["helm"]["valueFiles"]
    assert f"{chart}/Chart.yaml" in files
    assert str(chart.parent / values.removeprefix("../")) == "airflow/values.yml"


def test_the_application_is_of_the_project_and_mends_itself(cluster: ArgoCluster) -> None:
    application = cluster.objects["Application", "beside/airflow"]
    assert application["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "airfield"}
    assert application["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]
    spec = application["spec"]
    assert (spec["project"], spec["destination"]["namespace"]) == ("airfield", "airflow")
    assert spec["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}


def test_a_task_waits_for_the_commits_that_it_pushed(cluster: ArgoCluster, repositories: dict[str, Repository]) -> None:
    """Argo CD told of the commits before at first; only of a chart that others keep, any will do."""
    asked = [
        re.findall(r"\S+", found.replace("-", " "))
        for found in re.findall(r"\n {12}revisions:\n((?: {12}- .*\n)+)", cluster.said["runs"])
    ]
    commits = {name: repository.head() for name, repository in repositories.items()}
    expected: list[list[str | None]] = [["beside"], ["charts", "apart"], [None, "official"], ["beside"]]
    assert asked == [[commits[name] if name else "''" for name in names] for names in expected]
    assert cluster.late == 0
    for name in (*CASES, "again"):
        assert f"{name} waited for {commits.get(name, commits['beside'])}" in cluster.said["runs"]


def test_a_second_run_changes_nothing(cluster: ArgoCluster, repositories: dict[str, Repository]) -> None:
    assert cluster.marks["beside"] == ["POST Application beside/airflow"]
    # The one write is the question, which Argo CD itself takes away again.
    assert cluster.marks["again"] == ["PATCH Application beside/airflow"]
    assert repositories["beside"].count() == 1
    assert re.search(r"changed=7 ", cluster.said["runs"])

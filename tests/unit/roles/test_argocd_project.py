# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Application is made of, and what Argo CD's project and repositories let it read and write."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from .chart_documents import Render
from .conftest import BASIC, CASES, REPOSITORY, SSH, Values
from .rendering import Documents, documents_of, evaluate

Json = dict[str, Any]

PASSWORD = {key: value for key, value in BASIC.items() if key != "subdir"}
PLATFORM = {**PASSWORD, "url": "https://git.example.com/team/Platform.git"}
OFFICIAL = {"airfield_chart": "official", "airfield_chart_version": "1.22.0"}
VALUES = {"repoURL": PLATFORM["url"], "targetRevision": "live", "ref": "values"}
APART = {"releaseName": "airflow", "valueFiles": ["$values/airflow/values.yml"]}
CHART_CASES: dict[str, Json] = {
    "beside": {"airfield_chart": "embedded", "airfield_git": {"platform": PLATFORM, "dags": BASIC}},
    "apart": {"airfield_chart": "embedded", "airfield_git": {"platform": PLATFORM, "charts": SSH}},
    "helm": OFFICIAL,
    "oci": {
        **OFFICIAL,
        "airfield_chart_reference": "oci://registry.example.com:5000/team/airflow",
        "airfield_chart_repository": "",
    },
    "git": {
        **OFFICIAL,
        "airfield_chart_reference": "chart",
        "airfield_chart_repository": "https://github.com/apache/airflow.git",
        "airfield_chart_version": "helm-chart/1.22.0",
    },
    # The chart's own repository wants a password.
    "private": {
        **OFFICIAL,
        "airfield_git": {"platform": PLATFORM, "charts": {**PASSWORD, "url": "https://git.example.com/charts.git"}},
        "airfield_chart_reference": "airflow",
        "airfield_chart_repository": "https://git.example.com/charts.git",
    },
    "public": {
        "airfield_chart": "embedded",
        "airfield_git": {"platform": {"url": "https://git.example.com/open.git"}},
        "airfield_argocd_namespace": "cd",
        "airfield_argocd_project": "team",
        "airfield_namespace": "core",
        "airfield_worker_namespaces": ["core", "cron", "user"],
    },
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """Return for each case the Application's sources, and the objects that the role argocd makes."""
    templates = REPOSITORY / "roles" / "argocd" / "templates"
    wanted = {
        "sources": "airflow_sources",
        **{
            name: f"lookup('ansible.builtin.template', '{templates}/{name}.yml.j2')"
            for name in ("project", "repositories")
        },
    }
    shared = {"airfield_resolved_source": "upstream", "airfield_git": {"platform": PLATFORM}}
    cases = {name: {**shared, **case} for name, case in CHART_CASES.items()}
    return evaluate(tmp_path_factory.mktemp("project"), ["airflow", "argocd"], wanted, cases)


def project(made: dict[str, Json], name: str) -> Json:
    (document,) = documents_of(made[name]["project"]).values()
    return document


def repositories(made: dict[str, Json], name: str) -> dict[str, dict[str, str]]:
    """Return the content of the repositories' Secrets by what each is named after its prefix."""
    documents: Documents = documents_of(made[name]["repositories"])
    for document in documents.values():
        assert document["metadata"]["labels"]["argocd.argoproj.io/secret-type"] == "repository"
    return {
        place.rpartition("/airfield-repository-")[2]: {
            key: base64.b64decode(value).decode() for key, value in document["data"].items()
        }
        for (_kind, place), document in documents.items()
    }


def normalized(url: str) -> str:
    """Return what Argo CD compares, for the forms that are used here (NormalizeGitURL)."""
    return url.lower().removesuffix(".git")


def test_the_embedded_chart_beside_its_values_is_one_source(made: dict[str, Json]) -> None:
    assert made["beside"]["sources"] == [
        {
            "repoURL": PLATFORM["url"],
            "targetRevision": "live",
            "path": "airflow/chart",
            "helm": {"releaseName": "airflow", "valueFiles": ["../values.yml"]},
        }
    ]


@pytest.mark.parametrize(
    ("name", "chart"),
    [
        ("apart", {"repoURL": SSH["url"], "targetRevision": "main", "path": "airflow/chart"}),
        ("helm", {"repoURL": "https://airflow.apache.org", "targetRevision": "1.22.0", "chart": "airflow"}),
        # Argo CD takes a repository with a chart in it for OCI when its address has no scheme.
        ("oci", {"repoURL": "registry.example.com:5000/team", "targetRevision": "1.22.0", "chart": "airflow"}),
        (
            "git",
            {
                "repoURL": "https://github.com/apache/airflow.git",
                "targetRevision": "helm-chart/1.22.0",
                "path": "chart",
            },
        ),
    ],
)
def test_a_chart_from_elsewhere_gets_the_values_from_the_platform(
    made: dict[str, Json], name: str, chart: Json
) -> None:
    assert made[name]["sources"] == [{**chart, "helm": APART}, VALUES]


def test_the_project_may_read_the_sources_and_nothing_else(made: dict[str, Json]) -> None:
    for name, case in made.items():
        allowed = [normalized(url) for url in project(made, name)["spec"]["sourceRepos"]]
        assert len(set(allowed)) == len(allowed)
        used = {normalized(source["repoURL"]) for source in case["sources"]}
        assert used == set(allowed), name


def test_every_source_has_one_repository_of_the_project(made: dict[str, Json]) -> None:
    for name, case in made.items():
        known = [normalized(secret["url"]) for secret in repositories(made, name).values()]
        assert sorted(known) == sorted({normalized(source["repoURL"]) for source in case["sources"]}), name
        projects = {secret["project"] for secret in repositories(made, name).values()}
        assert projects == {project(made, name)["metadata"]["name"]}


def test_repositories_have_their_credentials(made: dict[str, Json]) -> None:
    apart = repositories(made, "apart")
    assert apart["platform"] == {
        "type": "git",
        "url": PLATFORM["url"],
        "project": "airfield",
        "username": "airflow",
        "password": "a-secret",
    }
    assert apart["charts"] == {"type": "git", "url": SSH["url"], "project": "airfield", "sshPrivateKey": "a-secret"}
    assert repositories(made, "public") == {
        "platform": {"type": "git", "url": "https://git.example.com/open.git", "project": "team"}
    }


def test_a_foreign_chart_has_a_repository_of_its_type(made: dict[str, Json]) -> None:
    shared = {"name": "airflow-chart", "project": "airfield"}
    address = "https://airflow.apache.org"
    assert repositories(made, "helm")["chart"] == {**shared, "type": "helm", "url": address}
    assert repositories(made, "oci")["chart"] == {
        **shared,
        "type": "helm",
        "url": "registry.example.com:5000/team",
        "enableOCI": "true",
    }
    git = "https://github.com/apache/airflow.git"
    assert repositories(made, "git")["chart"] == {**shared, "type": "git", "url": git}


def test_a_chart_whose_repository_is_known_keeps_the_credentials(made: dict[str, Json]) -> None:
    assert set(repositories(made, "private")) == {"platform", "charts"}
    assert repositories(made, "private")["charts"]["password"] == "a-secret"


def test_the_project_may_write_into_our_namespaces_only(made: dict[str, Json]) -> None:
    for name, namespace, ours in (("beside", "argocd", ["airflow"]), ("public", "cd", ["core", "cron", "user"])):
        document = project(made, name)
        assert document["metadata"]["namespace"] == namespace
        here = "https://kubernetes.default.svc"
        assert document["spec"]["destinations"] == [{"server": here, "namespace": one} for one in ours]
        assert document["spec"]["clusterResourceWhitelist"] == []
        places = [place for _kind, place in documents_of(made[name]["repositories"])]
        assert [place for place in places if not place.startswith(f"{namespace}/")] == []


@pytest.fixture(scope="module")
def kinds(made: dict[str, Json]) -> set[tuple[str, str]]:
    """Return what the project may make, as (group, kind)."""
    return {(entry["group"], entry["kind"]) for entry in project(made, "beside")["spec"]["namespaceResourceWhitelist"]}


def test_kinds_are_split_into_group_and_kind(kinds: set[tuple[str, str]]) -> None:
    assert {("", "Service"), ("apps", "Deployment"), ("rbac.authorization.k8s.io", "Role")} < kinds
    assert not {"Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"} & {
        kind for _group, kind in kinds
    }


@pytest.mark.parametrize("case", [name for name in CASES if "official" not in name and name != "large"])
def test_the_project_may_make_what_the_embedded_chart_has(
    rendered: dict[str, Values], render_chart: Render, kinds: set[tuple[str, str]], case: str
) -> None:
    for document in render_chart(rendered[case]).values():
        group = document["apiVersion"].rpartition("/")[0]
        assert (group, document["kind"]) in kinds

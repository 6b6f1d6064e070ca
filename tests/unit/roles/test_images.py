# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What inventories make of the shared variables: their images, their programs, the nodes of their task pods."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from .conftest import REPOSITORY
from .rendering import evaluate

Json = dict[str, Any]

BUILD = yaml.safe_load((REPOSITORY / "roles" / "images" / "tasks" / "build.yml").read_text(encoding="utf-8"))[1]
SOURCES = {name: {"airfield_resolved_source": name} for name in ("packages", "upstream")}
POOL = {"key": "pool", "operator": "Equal", "value": "cron", "effect": "NoSchedule"}
TASKS = {"key": "tasks", "operator": "Exists", "effect": "NoExecute"}


def inventory(name: str) -> Json:
    path = REPOSITORY / "inventories" / name / "group_vars" / "all.yml"
    content: Json = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def contexts(**changed: str) -> Json:
    """Return what Ansible finds in images/ when the named images' files are others."""
    names = (
        "airflow",
        "argocd",
        "debian",
        "git_server",
        "mysql",
        "mysqlclient",
        "node",
        "postgres",
        "redis",
        "components",
    )
    files = [{"path": f"/x/images/{name}/Dockerfile", "checksum": changed.get(name, name)} for name in names]
    return {"images_contexts": {"files": files}, "role_path": "/x/roles/images"}


CASES: dict[str, Json] = {
    **{
        f"{name}_{source}": {**inventory(name), **SOURCES[source]} for name in ("gitops", "local") for source in SOURCES
    },
    "existing": {**SOURCES["packages"], "airfield_cluster_driver": "existing", "airfield_deployer": "argocd"},
    "external_sync": {
        **SOURCES["upstream"],
        "airfield_git": {"dags": {"url": "https://git.example.com/dags.git"}},
        "airfield_dags_method": "git_sync",
        "airfield_database_engine": "external",
    },
    "node_groups": {
        **SOURCES["packages"],
        "airfield_worker_namespaces": ["core", "cron", "user"],
        "airfield_worker_node_groups": {"cron": {"pool": "cron"}, "user": {"pool": "user"}},
    },
    "mysqlclient": {**SOURCES["packages"], **contexts(mysqlclient="other")},
    "redis": {**SOURCES["packages"], **contexts(redis="other")},
    "debian": {**SOURCES["packages"], **contexts(debian="other")},
    "forky": {**SOURCES["packages"], "images_debian_release": "forky"},
}
WANTED = {
    "wanted": "images_wanted",
    "built": "images_built",
    "pods": "airfield_wanted_images",
    "references": "airfield_images",
    "checksums": "images_checksums",
    "base": "images_base",
    "argocd": "toolchain_argocd",
    "programs": "toolchain_go_wanted | map(attribute='name')",
    "downloads": "toolchain_downloads | map(attribute='name')",
    "selectors": "airfield_worker_selectors",
    "tolerations": "airfield_worker_tolerations_by_namespace",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    """Return the values of each case; the base is that of the Git server."""
    git_server = {"images_name": "git_server", "images_build": "{{ images_builds.git_server }}"}
    shared = {**contexts(), **BUILD["vars"], **git_server}
    cases = {name: {**shared, **case} for name, case in CASES.items()}
    return evaluate(tmp_path_factory.mktemp("images"), ["images", "toolchain"], WANTED, cases)


@pytest.mark.parametrize(
    ("name", "wanted", "built"),
    [
        ("local_packages", ["airflow", "node", "postgres"], ["airflow", "node", "postgres"]),
        ("local_upstream", ["airflow", "node", "postgres"], []),
        (
            "gitops_packages",
            ["airflow", "argocd", "git_server", "mysql", "node", "postgres", "redis"],
            ["airflow", "argocd", "git_server", "mysql", "node", "postgres", "redis"],
        ),
        ("gitops_upstream", ["airflow", "argocd", "git_server", "mysql", "node", "redis"], ["git_server"]),
        ("external_sync", ["airflow", "git_sync", "node"], []),
        # A cluster that others keep pulls by itself.
        ("existing", [], []),
    ],
)
def test_an_inventory_gets_the_images_that_its_pods_run(
    made: dict[str, Json], name: str, wanted: list[str], built: list[str]
) -> None:
    case = made[name]
    assert (sorted(case["wanted"]), sorted(case["built"])) == (wanted, built)
    assert set(wanted) <= case["references"].keys()
    assert not wanted or set(case["pods"]) <= set(wanted)


def test_argo_cd_is_built_where_it_is_wanted(made: dict[str, Json]) -> None:
    # The manifest comes from its source: a cluster that others keep needs it as well.
    cases = ("gitops_packages", "local_packages", "existing")
    assert [made[name]["argocd"] for name in cases] == [True, False, True]


def test_a_driver_gets_the_programs_that_it_needs(made: dict[str, Json]) -> None:
    of_nodes = {"kind", "coredns", "local-path-provisioner"}
    assert set(made["local_packages"]["programs"]) == {"hyperkube", "helm", *of_nodes}
    assert set(made["gitops_packages"]["programs"]) == {"hyperkube", "helm", "kustomize", *of_nodes}
    assert set(made["existing"]["programs"]) == {"hyperkube", "helm", "kustomize"}
    assert set(made["local_upstream"]["downloads"]) == {"kind", "kubectl", "helm"}
    assert set(made["existing"]["downloads"]) == {"kubectl", "helm"}


def test_the_git_server_is_built_on_what_its_source_has(made: dict[str, Json]) -> None:
    assert made["gitops_upstream"]["base"] == "debian:trixie-slim"
    base = made["gitops_packages"]["base"]
    name, _dash, digest = base.rpartition("-")
    assert name == "localhost/base:git_server"
    assert len(digest) == 12
    # The base is another one when its recipe is.
    assert made["forky"]["base"] not in (base, "")
    assert made["debian"]["base"] not in (base, made["forky"]["base"])
    assert made["redis"]["base"] == base


def test_an_image_is_built_again_when_it_or_a_part_of_it_changes(made: dict[str, Json]) -> None:
    before = made["node_groups"]["checksums"]

    def differ(name: str) -> set[str]:
        return {image for image, checksum in made[name]["checksums"].items() if checksum != before[image]}

    # Not the server's image, whose name begins alike.
    assert differ("mysqlclient") == {"mysqlclient", "airflow", "node"}
    assert differ("redis") == {"redis"}
    assert differ("forky") == set(before)
    # All but those without a Debian package.
    assert differ("debian") == set(before) - {"coredns", "pause"}
    assert differ("gitops_packages") == set()


def test_every_worker_namespace_has_its_nodes(made: dict[str, Json]) -> None:
    case = made["node_groups"]
    assert case["selectors"] == {
        "core": {"role": "airflow-worker"},
        "cron": {"pool": "cron"},
        "user": {"pool": "user"},
    }
    assert case["tolerations"] == {"core": [TASKS], "cron": [POOL], "user": []}
    selectors = made["gitops_packages"]["selectors"]
    assert list(selectors) == ["airflow-core", "airflow-cron", "airflow-user"]
    assert [one for one in selectors.values() if one != {"role": "airflow"}] == []

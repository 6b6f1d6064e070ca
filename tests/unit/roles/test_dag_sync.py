# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DAGs from Git: what reads the repository, and the role with a real Git server."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.git_server import (
    PASSWORD,
    USER,
    Repository,
    git_server,
)

from .conftest import BASIC, GIT, GIT_SYNC, SSH, run_playbook
from .fake_cluster import FakeCluster
from .rendering import Documents, render

Json = dict[str, Any]

SPREAD = {"airfield_namespace": "core", "airfield_worker_namespaces": ["core", "cron", "user"]}
EVERYWHERE = ["core", "cron", "user"]
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"
CASES: dict[str, Json] = {
    "bundle_basic": {**GIT, "airfield_git": {"dags": BASIC}},
    "bundle_ssh": {**GIT, "airfield_git": {"dags": {**SSH, "ssh_private_key": KEY}}},
    "bundle_public": {**GIT, "airfield_git": {"dags": {"url": "https://git.example.com/dags.git"}}},
    "sync_basic": {**GIT_SYNC, "airfield_git": {"dags": {**BASIC, "branch": ""}}},
    "sync_ssh": {**GIT_SYNC, "airfield_git": {"dags": {**SSH, "ssh_private_key": f"{KEY}\n\n"}}},
}
# What Airflow's Connection.from_json knows in addition to conn_type, and what the Git provider reads of the extra.
FIELDS = {"description", "login", "password", "host", "port", "schema", "extra"}
EXTRA = {"private_key", "key_file", "strict_host_key_checking", "known_hosts_file"}


@pytest.fixture(scope="module")
def rendered_objects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Documents]:
    directory = tmp_path_factory.mktemp("dag_sync")
    return render(directory, "dag_sync", "git.yml.j2", {name: {**SPREAD, **case} for name, case in CASES.items()})


def secret(documents: Documents, place: str) -> dict[str, str]:
    data = documents["Secret", place]["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def connection(documents: Documents, place: str) -> Json:
    """Return the connection, which Airflow must understand."""
    text = secret(documents, place)["connection"]
    assert text.startswith("{")  # Airflow takes anything else for an address
    found: Json = json.loads(text)
    assert found.pop("conn_type") == "git"
    assert set(found) <= FIELDS
    assert set(found.get("extra", {})) <= EXTRA
    return found


@pytest.mark.parametrize(
    ("name", "kind", "object_name", "namespaces"),
    [
        # With a bundle task pods ask the API server; git-sync runs in the task pod itself.
        ("bundle_basic", "Secret", "dags-git-basic", ["core"]),
        ("sync_basic", "Secret", "dags-git-basic", EVERYWHERE),
        ("bundle_ssh", "Secret", "dags-git-ssh", ["core"]),
        ("sync_ssh", "Secret", "dags-git-ssh", EVERYWHERE),
        ("bundle_ssh", "ConfigMap", "dags-git-known-hosts", EVERYWHERE),
        ("sync_ssh", "ConfigMap", "dags-git-known-hosts", EVERYWHERE),
        ("bundle_basic", "ConfigMap", "dags-git-known-hosts", []),
        ("sync_basic", "ConfigMap", "dags-git-known-hosts", []),
    ],
)
def test_namespaces_have_what_their_pods_read(
    rendered_objects: dict[str, Documents], name: str, kind: str, object_name: str, namespaces: list[str]
) -> None:
    documents = rendered_objects[name]
    assert [key for key in documents if key[0] == kind] == [(kind, f"{one}/{object_name}") for one in namespaces]
    for document in documents.values():
        assert document["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "airfield"}


def test_a_public_repository_needs_nothing(rendered_objects: dict[str, Documents]) -> None:
    assert rendered_objects["bundle_public"] == {}


def test_the_password_is_there_for_every_reader(rendered_objects: dict[str, Documents]) -> None:
    for name in ("bundle_basic", "sync_basic"):
        found = secret(rendered_objects[name], "core/dags-git-basic")
        assert connection(rendered_objects[name], "core/dags-git-basic") == {"login": "airflow", "password": "a-secret"}
        del found["connection"]
        assert found == {
            "GITSYNC_USERNAME": "airflow",
            "GITSYNC_PASSWORD": "a-secret",
            "GIT_SYNC_USERNAME": "airflow",
            "GIT_SYNC_PASSWORD": "a-secret",
        }


def test_the_key_ends_with_its_line_and_the_server_is_checked(rendered_objects: dict[str, Documents]) -> None:
    for name in ("bundle_ssh", "sync_ssh"):
        documents = rendered_objects[name]
        found = secret(documents, "core/dags-git-ssh")
        assert connection(documents, "core/dags-git-ssh")["extra"] == {
            "private_key": f"{KEY}\n",
            "strict_host_key_checking": "yes",
            # Where the chart mounts the ConfigMap.
            "known_hosts_file": "/etc/dags-git/known_hosts",
        }
        del found["connection"]
        assert found == {"gitSshKey": f"{KEY}\n", "known_hosts": SSH["ssh_known_hosts"]}
        hosts = documents["ConfigMap", "user/dags-git-known-hosts"]["data"]
        assert hosts == {"known_hosts": SSH["ssh_known_hosts"]}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> FakeCluster:
    """Return a cluster whose DAGs were pushed and pushed again, and of which a repository without DAGs is only read."""
    directory = tmp_path_factory.mktemp("dags")
    repository, empty = Repository(directory / "dags.git"), Repository(directory / "empty.git")
    repository.commit({"README.md": "of somebody else\n", "dags/old.py": "gone from our directory\n"})
    (directory / "source").mkdir()
    (directory / "source" / "hello.py").write_text("print('hello')\n", encoding="utf-8")
    cluster = FakeCluster()
    cluster.write_kubeconfig(directory / "kubeconfig")
    cluster.add("Namespace", "airflow")
    with git_server(directory) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(directory))
        patch.setenv("no_proxy", "127.0.0.1")

        def run_role(name: str, *, push: bool) -> Json:
            dags = {"url": f"{server.url}/{name}.git", "username": USER, "password": PASSWORD, "subdir": "dags"}
            variables = {
                "airfield_git": {"dags": dags},
                "airfield_kubeconfig": str(directory / "kubeconfig"),
                "airfield_dags_push": push,
                "dag_sync_source": str(directory / "source"),
            }
            role = {"ansible.builtin.include_role": {"name": "airfield.airflow.dag_sync"}, "vars": variables}
            return {"block": [role], "rescue": [{"ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}]}

        told = {"ansible.builtin.debug": {"msg": "commit={{ dag_sync_commit }}"}}
        tasks = [run_role("dags", push=True), told, cluster.mark("first")]
        tasks += [run_role("dags", push=True), cluster.mark("again"), run_role("empty", push=False)]
        cluster.said["runs"] = run_playbook(directory, tasks)
    cluster.said["commit"] = repository.head() or ""
    cluster.said["paths"] = " ".join(repository.paths())
    assert empty.head() is None
    return cluster


def test_our_directory_of_the_repository_gets_our_dags(cluster: FakeCluster) -> None:
    assert cluster.said["paths"] == "README.md dags/hello.py"
    assert f"commit={cluster.said['commit']}" in cluster.said["runs"]
    assert cluster.marks["first"] == ["POST Secret airflow/dags-git-basic"]


def test_a_second_run_changes_nothing(cluster: FakeCluster) -> None:
    assert cluster.marks["again"] == []
    assert re.search(r"changed=2 .* failed=0 .*rescued=1", cluster.said["runs"])


def test_the_password_is_not_said(cluster: FakeCluster) -> None:
    stored = cluster.objects["Secret", "airflow/dags-git-basic"]["data"]["GITSYNC_PASSWORD"]
    assert base64.b64decode(stored).decode() == PASSWORD
    said = "".join(cluster.said["runs"].split())
    assert [secret for secret in ("pa55", stored) if secret in said] == []


def test_a_repository_without_the_branch_is_refused(cluster: FakeCluster) -> None:
    assert cluster.take_writes() == []
    assert re.search(r"empty\.git\b[^\n]* has no branch", " ".join(cluster.said["runs"].split()))

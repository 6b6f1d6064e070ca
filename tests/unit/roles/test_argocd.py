# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role argocd against a small fake of Kubernetes: a new Argo CD, the same again, a broken one, and others' ones."""

from __future__ import annotations

import base64
import json
import os
import re
from pathlib import Path
from typing import Any

import bcrypt
import pytest

from .argocd_cluster import CERTIFICATE, ArgoCluster
from .conftest import BASIC, run_playbook
from .rendering import variables_of

Json = dict[str, Any]
Clusters = dict[str, ArgoCluster]

PLATFORM = {key: value for key, value in BASIC.items() if key != "subdir"}
SERVER = {"app.kubernetes.io/name": "argocd-server", "app.kubernetes.io/part-of": "argocd"}
OURS = {**SERVER, "app.kubernetes.io/managed-by": "airfield"}
SECRETS = ["POST Secret argocd/airfield-argocd", "POST Secret argocd/argocd-secret"]
PROJECT = ["POST AppProject argocd/airfield", "POST Secret argocd/airfield-repository-platform"]
OLD = {"username": "admin", "password": "kept-secret", "webhook-secret": "kept-too"}

# What the role wants of kubectl: Kustomize's part is tested with the real one, on Argo CD's real manifest.
KUBECTL = """#!/bin/sh
case "$1" in
  kustomize) cat "$2"/*install*.yaml ;;
  --kubeconfig=*)
    echo "$*" >> {directory}/asked
    cat > /dev/null
    state="${{1#*=}}-applied"
    if [ -e "$state" ]; then exit 0; fi
    touch "$state"
    exit 1 ;;
esac
"""
MANIFEST: Json = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "argocd-server", "namespace": "argocd", "labels": OURS},
    "spec": {"replicas": 0},
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("argocd")


def prepared(directory: Path) -> Clusters:
    """Return the clusters as they are before: an empty one, one that lost a Secret, others' Argo CD here and there."""
    clusters = {name: ArgoCluster() for name in ("new", "lost", "foreign", "elsewhere")}
    for name, cluster in clusters.items():
        (directory / name).mkdir()
        cluster.write_kubeconfig(directory / name / "kubeconfig")
        cluster.add("Namespace", "argocd")
    data = {key: base64.b64encode(value.encode()).decode() for key, value in OLD.items()}
    managed = {"app.kubernetes.io/managed-by": "airfield"}
    clusters["lost"].add("Secret", "argocd/airfield-argocd", managed, type="Opaque", data=data)
    clusters["lost"].add("Secret", "argocd/argocd-initial-admin-secret", type="Opaque", data={"password": "eA=="})
    clusters["foreign"].add("Deployment", "argocd/argocd-server", {**SERVER, "app.kubernetes.io/managed-by": "Helm"})
    subjects = [{"kind": "ServiceAccount", "name": "argocd-server", "namespace": "cd"}]
    clusters["elsewhere"].add("ClusterRoleBinding", "argocd-application-controller", subjects=subjects)
    return clusters


def run_role(directory: Path, cluster: str, **variables: Any) -> list[Json]:
    """Return tasks that run the role on a cluster, and say so where it refuses something."""
    known = {
        "airfield_cache_dir": str(directory),
        "airfield_state_dir": str(directory / cluster),
        "airfield_kubeconfig": str(directory / cluster / "kubeconfig"),
        "airfield_git": {"platform": PLATFORM, "dags": BASIC},
        "airfield_chart": "embedded",
        "argocd_timeout": 20,
        **variables,
    }
    role = {"ansible.builtin.include_role": {"name": "airfield.airflow.argocd"}, "vars": known}
    # What is registered lives as long as the play, in which the role runs once.
    clean: Json = {"argocd_secrets_later": {}, "argocd_bindings": {}}
    return [
        {"name": f"Come to {cluster}", "ansible.builtin.set_fact": clean},
        {"block": [role], "rescue": [{"ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}]},
    ]


@pytest.fixture(scope="module")
def clusters(directory: Path) -> Clusters:
    """Return the clusters after the role was there; ``marks`` has what each run wrote."""
    clusters = prepared(directory)
    version = variables_of("argocd")["airfield_tested_versions"]["argocd"]
    (directory / "bin").mkdir()
    (directory / "bin" / "kubectl").write_text(KUBECTL.format(directory=directory), encoding="utf-8")
    (directory / "bin" / "kubectl").chmod(0o755)
    (directory / "builds" / f"argocd-{version}").mkdir(parents=True)
    (directory / "builds" / f"argocd-{version}" / "install.yaml").write_text(json.dumps(MANIFEST), encoding="utf-8")
    (directory / "lost" / "git_server").mkdir()
    served = {
        "airfield_data_dir": str(directory / "lost"),
        "cluster_info": {"nodes": ["n1", "n2"], "host_address": "172.18.0.1"},
        "airfield_git_served": {"platform": {}},
        "git_repositories_uid": os.getuid(),
    }
    new, lost = clusters["new"], clusters["lost"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(directory))  # kubernetes.core keeps what it found at an address
        new.said["check"] = run_playbook(directory, run_role(directory, "new"), "--check", "--diff")
        new.marks["check"] = new.take_writes()
        tasks = [
            *(*run_role(directory, "new"), new.mark("first"), *run_role(directory, "new"), new.mark("again")),
            *(*run_role(directory, "lost", **served), lost.mark("first")),
            *run_role(directory, "foreign"),
            *run_role(directory, "elsewhere"),
            *run_role(directory, "foreign", argocd_ha=True),
        ]
        new.said["runs"] = run_playbook(directory, tasks, "--diff")
    return clusters


def words(said: str) -> str:
    """Return it without the line breaks that Ansible puts into sentences."""
    return " ".join(said.split())


def secret(cluster: ArgoCluster, name: str) -> dict[str, str]:
    data = cluster.objects["Secret", f"argocd/{name}"]["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def test_a_check_of_a_new_machine_writes_nothing(clusters: Clusters) -> None:
    assert clusters["new"].marks["check"] == []
    assert "Would write the Secrets airfield-argocd and argocd-secret." in clusters["new"].said["check"]
    assert re.search(r"failed=0 .*rescued=0", clusters["new"].said["check"])


def test_the_password_is_there_before_argo_cd(clusters: Clusters) -> None:
    assert clusters["new"].marks["first"] == [*SECRETS, "POST Deployment argocd/argocd-server", *PROJECT]


def test_a_second_run_writes_nothing(clusters: Clusters) -> None:
    assert clusters["new"].marks["again"] == []
    # Two refusals, and nothing else failed.
    assert re.search(r"failed=0 .*rescued=2", clusters["new"].said["runs"])


@pytest.mark.parametrize("name", ["new", "lost"])
def test_argo_cd_knows_the_password_of_our_secret(clusters: Clusters, name: str) -> None:
    ours, its = (secret(clusters[name], one) for one in ("airfield-argocd", "argocd-secret"))
    assert ours["username"] == "admin"
    assert bcrypt.checkpw(ours["password"].encode(), its["admin.password"].encode())
    assert its["webhook.github.secret"] == ours["webhook-secret"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", its["admin.passwordMtime"])
    assert len(its["server.secretkey"]) == 48


def test_generated_secrets_are_long_and_differ(clusters: Clusters) -> None:
    ours, its = (secret(clusters["new"], one) for one in ("airfield-argocd", "argocd-secret"))
    secrets = [ours["password"], ours["webhook-secret"], its["server.secretkey"]]
    assert [len(one) for one in secrets] == [24, 48, 48]
    assert len(set(secrets)) == 3
    secrets += [BASIC["password"], its["admin.password"]]
    said = "".join(clusters["new"].said["runs"].split())
    encoded = [base64.b64encode(one.encode()).decode() for one in secrets]
    assert [one for one in [*secrets, *encoded] if one in said] == []


def test_an_interrupted_run_keeps_the_password(clusters: Clusters) -> None:
    assert secret(clusters["lost"], "airfield-argocd") == OLD
    assert clusters["lost"].marks["first"] == [
        SECRETS[1],
        "POST Deployment argocd/argocd-server",
        "DELETE Secret argocd/argocd-initial-admin-secret",
        *PROJECT,
    ]


def test_our_git_server_knows_where_pushes_are_told(clusters: Clusters, directory: Path) -> None:
    file = directory / "lost" / "git_server" / "webhook.json"
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "address": "n1",
        "port": 30443,
        "host": "argocd-server.argocd.svc",
        "ca": CERTIFICATE,
        "secret": "kept-too",
        "base_url": "http://172.18.0.1:3080/git",
    }
    assert file.stat().st_mode & 0o777 == 0o400
    assert (directory / "lost" / "argocd" / "ca.crt").read_text(encoding="utf-8") == CERTIFICATE


def test_for_other_git_servers_the_webhook_is_described(clusters: Clusters) -> None:
    said = words(clusters["new"].said["runs"])
    assert f"at {BASIC['url']} every three minutes" in said
    assert "address https://localhost:30443/api/webhook" in said


def test_somebody_elses_argo_cd_gets_a_project_and_repositories_only(clusters: Clusters, directory: Path) -> None:
    assert clusters["foreign"].take_writes() == PROJECT
    assert "argocd has an Argo CD that this role did not install." in words(clusters["new"].said["runs"])
    assert f"{directory}/foreign/" not in (directory / "asked").read_text(encoding="utf-8")


def test_a_second_argo_cd_in_the_cluster_is_refused(clusters: Clusters) -> None:
    assert clusters["elsewhere"].take_writes() == []
    words = (
        "This cluster has an Argo CD in the namespace cd, which would lose its rights to one in the namespace argocd."
    )
    assert words in clusters["new"].said["runs"]


def test_ha_is_refused_where_its_images_are_not_built(clusters: Clusters) -> None:
    assert "argocd_ha needs the image of HAProxy, which is not built from packages." in words(
        clusters["new"].said["runs"]
    )

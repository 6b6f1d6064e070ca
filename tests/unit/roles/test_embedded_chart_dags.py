# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the embedded chart's pods get their DAGs: as a bundle, by git-sync or from a volume."""

from __future__ import annotations

import configparser

import pytest
import yaml
from ansible_collections.airfield.airflow.tests.unit.roles.chart_documents import (
    Documents,
    Render,
    Values,
    containers,
    deployment,
    environment,
    mounts,
    pod_specs,
    secrets,
)

CONNECTION = "AIRFLOW_CONN_DAGS_GIT"
IMAGE = "registry.example.com:5000/git-sync:v4.4.2"
CASES = ["embedded", "git_bundle_basic", "git_bundle_ssh", "git_bundle_public", "git_sync_basic", "git_sync_ssh"]
# What the roles storage and dag_sync make in every namespace that runs such pods.
READY = {"airflow-dags", "airflow-logs", "dags-git-basic", "dags-git-ssh", "dags-git-known-hosts"}


def by_name(spec: Values) -> dict[str, Values]:
    return {container["name"]: container for container in containers(spec)}


def config(documents: Documents, name: str = "airflow/airflow-config") -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read_string(documents["ConfigMap", name]["data"]["airflow.cfg"])
    return parser


@pytest.mark.parametrize(
    ("case", "secret"),
    [("git_bundle_basic", "dags-git-basic"), ("git_bundle_ssh", "dags-git-ssh"), ("git_bundle_public", None)],
)
def test_only_two_components_have_the_connection(
    case: str, secret: str | None, render_chart: Render, rendered: dict[str, Values]
) -> None:
    documents = render_chart(rendered[case])
    found = {}
    for name, spec in pod_specs(documents):
        for container in containers(spec):
            if CONNECTION in environment(container):
                found[name, container["name"]] = environment(container)[CONNECTION]
    if secret is None:
        assert found == {}
    else:
        assert found == {
            ("airflow/airflow-api-server", "api-server"): f"{secret}/connection",
            ("airflow/airflow-dag-processor", "dag-processor"): f"{secret}/connection",
        }
    worker = dict(pod_specs(documents))["worker"]
    assert secrets(worker) == set()
    assert "dags" not in {volume["name"] for volume in worker["volumes"]}


def test_pods_that_clone_by_ssh_know_the_hosts(render_chart: Render, rendered: dict[str, Values]) -> None:
    knowing = []
    for name, spec in pod_specs(render_chart(rendered["git_bundle_ssh"])):
        volumes = {volume["name"]: volume for volume in spec["volumes"]}
        if "dags-git-known-hosts" in volumes:
            assert volumes["dags-git-known-hosts"]["configMap"] == {"name": "dags-git-known-hosts"}
            assert mounts(spec["containers"][0])["/etc/dags-git"]["readOnly"] is True
            knowing.append(name)
    assert sorted(knowing) == ["airflow/airflow-dag-processor", "worker"]


def test_a_read_only_root_has_the_directory_of_dags(render_chart: Render, rendered: dict[str, Values]) -> None:
    values = {**rendered["git_bundle_public"], "securityContexts": {"containers": {"readOnlyRootFilesystem": True}}}
    specs = dict(pod_specs(render_chart(values)))
    for name in ("worker", "airflow/airflow-dag-processor"):
        assert mounts(specs[name]["containers"][0])["/opt/airflow/dags"]["name"] == "dags"
        assert {"name": "dags", "emptyDir": {}} in specs[name]["volumes"]


def test_git_sync_runs_where_dags_are_read(render_chart: Render, rendered: dict[str, Values]) -> None:
    documents = render_chart(rendered["git_sync_basic"])
    found = {
        name: [container["name"] for container in containers(spec) if container["image"] == IMAGE]
        for name, spec in pod_specs(documents)
    }
    assert {name: names for name, names in found.items() if names} == {
        "airflow/airflow-dag-processor": ["git-sync-init", "git-sync"],
        "worker": ["git-sync-init"],
    }
    processor = deployment(documents, "airflow-dag-processor")["spec"]["template"]["spec"]
    assert processor["initContainers"][0]["name"] == "git-sync-init"
    for spec in (processor, dict(pod_specs(documents))["worker"]):
        assert {"name": "dags", "emptyDir": {}} in spec["volumes"]
        main = mounts(spec["containers"][0])["/opt/airflow/dags"]
        assert (main["name"], main["readOnly"]) == ("dags", True)
        once = by_name(spec)["git-sync-init"]
        assert mounts(once)["/git"] == {"name": "dags", "mountPath": "/git"}
        assert once["securityContext"]["runAsUser"] == 65533
        assert once["securityContext"]["allowPrivilegeEscalation"] is False
    assert config(documents)["core"]["dags_folder"] == "/opt/airflow/dags/repo/dags"


def test_git_sync_by_user_and_token(render_chart: Render, rendered: dict[str, Values]) -> None:
    documents = render_chart(rendered["git_sync_basic"])
    processor = by_name(deployment(documents, "airflow-dag-processor")["spec"]["template"]["spec"])
    always = {
        "GITSYNC_REPO": "https://git.example.com/team/dags.git",
        "GITSYNC_REF": "live",
        "GITSYNC_DEPTH": "1",
        "GITSYNC_ROOT": "/git",
        "GITSYNC_LINK": "repo",
        "GITSYNC_PERIOD": "10s",
        "GITSYNC_ADD_USER": "true",
        "GITSYNC_USERNAME": "dags-git-basic/GITSYNC_USERNAME",
        "GITSYNC_PASSWORD": "dags-git-basic/GITSYNC_PASSWORD",
    }
    assert environment(processor["git-sync"]) == {**always, "GITSYNC_MAX_FAILURES": "-1"}
    once = {**always, "GITSYNC_ONE_TIME": "true", "GITSYNC_MAX_FAILURES": "3"}
    assert environment(processor["git-sync-init"]) == once
    worker = dict(pod_specs(documents))["worker"]
    assert environment(by_name(worker)["git-sync-init"]) == once
    assert secrets(worker) == {"dags-git-basic"}
    assert "dags-git-basic" not in str(by_name(worker)["base"])


def test_git_sync_is_never_root(render_chart: Render) -> None:
    """By the chart's own values as well."""
    processor = deployment(
        render_chart({"dags": {"gitSync": {"enabled": True, "repo": "r", "uid": 1234}}}), "airflow-dag-processor"
    )
    for name in ("git-sync-init", "git-sync"):
        context = by_name(processor["spec"]["template"]["spec"])[name]["securityContext"]
        assert context["runAsUser"] == 1234
        assert context["capabilities"] == {"drop": ["ALL"]}


def test_git_sync_by_ssh(render_chart: Render, rendered: dict[str, Values]) -> None:
    """With a read-only root as well."""
    documents = render_chart(rendered["git_sync_ssh"])
    for name in ("worker", "airflow/airflow-dag-processor"):
        spec = dict(pod_specs(documents))[name]
        container = by_name(spec)["git-sync-init"]
        variables = environment(container)
        assert variables["GITSYNC_SSH_KNOWN_HOSTS"] == "true"
        files = mounts(container)
        assert files[variables["GITSYNC_SSH_KEY_FILE"]]["subPath"] == "gitSshKey"
        assert files[variables["GITSYNC_SSH_KNOWN_HOSTS_FILE"]]["subPath"] == "known_hosts"
        assert "/tmp" in files
        key = next(volume["secret"] for volume in spec["volumes"] if "secret" in volume)
        assert key == {"secretName": "dags-git-ssh", "defaultMode": 0o440}
        assert {mount["name"] for mount in container["volumeMounts"]} <= {volume["name"] for volume in spec["volumes"]}
    hosts = documents["ConfigMap", "airflow/airflow-config"]["data"]["known_hosts"]
    assert hosts.splitlines() == ["git.example.com ssh-ed25519 AAAA", "git.example.com ecdsa-sha2-nistp256 BBBB"]
    assert config(documents)["core"]["dags_folder"] == "/opt/airflow/dags/repo"


def test_changed_known_hosts_roll_the_dag_processor_only(render_chart: Render, rendered: dict[str, Values]) -> None:
    values = rendered["git_sync_ssh"]
    git = {**values["dags"]["gitSync"], "knownHosts": "another"}
    before = render_chart(values)
    after = render_chart({**values, "dags": {**values["dags"], "gitSync": git}})
    rolled = [name for name in before if name[0] == "Deployment" and before[name] != after[name]]
    assert rolled == [("Deployment", "airflow/airflow-dag-processor")]


@pytest.mark.parametrize("case", CASES)
def test_no_worker_namespace_lacks_what_its_pods_mount(
    case: str, render_chart: Render, rendered: dict[str, Values]
) -> None:
    values = rendered[case]
    executor = {"multi_namespace_mode_namespace_list": "airflow,cron,user"}
    both = {**values["config"]["kubernetes_executor"], **executor}
    documents = render_chart({**values, "config": {**values["config"], "kubernetes_executor": both}})
    template = yaml.safe_load(documents["ConfigMap", "airflow/airflow-config"]["data"]["pod_template_file.yaml"])
    for namespace in ("airflow", "cron", "user"):
        assert ("ServiceAccount", f"{namespace}/{template['spec']['serviceAccountName']}") in documents
        made = documents["ConfigMap", f"{namespace}/airflow-config"]["data"]
        for volume in template["spec"]["volumes"]:
            kind, source = next((kind, source) for kind, source in volume.items() if kind != "name")
            if kind != "emptyDir" and source.get("name") != "airflow-config":
                assert source.get("name", source.get("secretName", source.get("claimName"))) in READY
        for container in containers(template["spec"]):
            files = {mount["subPath"] for mount in container["volumeMounts"] if mount["name"] == "config"}
            assert files <= made.keys()
        if namespace != "airflow":
            assert "pod_template_file.yaml" not in made

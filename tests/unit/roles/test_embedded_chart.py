# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the embedded chart makes of the rendered values."""

from __future__ import annotations

import copy
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from ansible_collections.airfield.airflow.tests.unit.roles.chart_documents import (
    Documents,
    Render,
    Values,
    containers,
    deployment,
    pod_specs,
    secrets,
)

CHART = Path(__file__).parents[3] / "roles" / "airflow" / "files" / "chart"
BOUND = {"enabled": True, "existingClaim": "c"}
DEPLOYMENTS = ["airflow-api-server", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer"]


@pytest.fixture(scope="module")
def documents(render_chart: Render, rendered: dict[str, Values]) -> Documents:
    """Return the chart's documents for the local inventory."""
    return render_chart(rendered["embedded"])


def test_every_pod_is_there(documents: Documents) -> None:
    names = sorted(re.sub("^airflow/|-[0-9a-f]{10}$", "", name) for name, _spec in pod_specs(documents))
    assert names == sorted([*DEPLOYMENTS, "airflow-create-user", "airflow-migrate-database", "worker"])


def test_task_pods_get_no_secret(documents: Documents) -> None:
    specs = dict(pod_specs(documents))
    assert secrets(specs["worker"]) == set()
    assert specs["worker"]["automountServiceAccountToken"] is False
    assert secrets(specs["airflow/airflow-scheduler"]) >= {"airflow-metadata", "airflow-jwt-secret"}


def test_code_of_users_cannot_sign_tokens(documents: Documents) -> None:
    specs = dict(pod_specs(documents))
    for name in ("dag-processor", "triggerer"):
        assert "airflow-jwt-secret" not in secrets(specs[f"airflow/airflow-{name}"])


@pytest.mark.parametrize("case", ["embedded", None])
def test_every_pod_is_confined(case: str | None, render_chart: Render, rendered: dict[str, Values]) -> None:
    """With the role's values, and with none: the chart is not open by default."""
    for name, spec in pod_specs(render_chart(rendered[case] if case else {})):
        pod = spec["securityContext"]
        assert (pod["runAsNonRoot"], pod["runAsUser"], pod["runAsGroup"]) == (True, 50000, 0), name
        assert pod["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in containers(spec):
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert container["imagePullPolicy"] == "IfNotPresent", name


def test_no_probe_starts_airflow(documents: Documents) -> None:
    probes = {}
    for name, spec in pod_specs(documents):
        for container in containers(spec):
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                if probe in container:
                    probes[name, probe] = container[probe]
                    command = container[probe].get("exec", {}).get("command", [])
                    assert not any(word.split("/")[-1] in ("airflow", "bash", "sh") for word in command), name
    for name in DEPLOYMENTS:
        assert (f"airflow/{name}", "startupProbe") in probes
        assert (f"airflow/{name}", "livenessProbe") in probes
    scripts = documents["ConfigMap", "airflow/airflow-probes"]["data"]
    assert set(scripts) == {"database.py", "heartbeat.py", "wait_for_migrations.py"}
    for script in scripts.values():
        assert "import airflow" not in script
        assert "from airflow" not in script


def test_pods_are_placed(documents: Documents) -> None:
    for name, spec in pod_specs(documents):
        expected = "airflow-worker" if name == "worker" else "airflow-control"
        assert spec["nodeSelector"] == {"role": expected}, name


def test_the_api_is_on_the_node_port(documents: Documents) -> None:
    service = documents["Service", "airflow/airflow-api-server"]["spec"]
    assert service["type"] == "NodePort"
    assert service["ports"] == [
        {"name": "api-server", "protocol": "TCP", "port": 8080, "targetPort": 8080, "nodePort": 32080}
    ]
    pod = deployment(documents, "airflow-api-server")["spec"]["template"]["metadata"]["labels"]
    assert service["selector"].items() <= pod.items()


def test_only_the_scheduler_may_touch_pods(documents: Documents) -> None:
    assert not [name for kind, name in documents if kind.startswith("ClusterRole")]
    assert [name for kind, name in documents if kind == "Role"] == ["airflow/airflow-pod-launcher"]
    role = documents["Role", "airflow/airflow-pod-launcher"]
    assert role["rules"] == [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["create", "delete", "get", "list", "patch", "watch"]}
    ]
    binding = documents["RoleBinding", "airflow/airflow-pod-launcher"]
    assert [subject["name"] for subject in binding["subjects"]] == ["airflow-scheduler"]
    with_token = {name for name, spec in pod_specs(documents) if spec["automountServiceAccountToken"]}
    assert with_token == {"airflow/airflow-scheduler"}


def test_each_worker_namespace_gets_what_its_pods_need(render_chart: Render, rendered: dict[str, Values]) -> None:
    documents = render_chart(rendered["namespaces"])
    for namespace in ("control", "tasks"):
        assert ("Role", f"{namespace}/airflow-pod-launcher") in documents
        assert ("ServiceAccount", f"{namespace}/airflow-worker") in documents
        binding = documents["RoleBinding", f"{namespace}/airflow-pod-launcher"]
        assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "airflow-scheduler", "namespace": "control"}]
    assert documents["ConfigMap", "tasks/airflow-config"]["data"].keys() == {"airflow.cfg"}
    assert not [name for kind, name in documents if kind == "Secret"]
    assert not [name for kind, name in documents if kind.startswith("ClusterRole")]


def test_a_changed_config_rolls_the_pods(
    documents: Documents, render_chart: Render, rendered: dict[str, Values]
) -> None:
    values = copy.deepcopy(rendered["embedded"])
    values["config"]["core"]["parallelism"] = 8
    changed = render_chart(values)
    for name in DEPLOYMENTS:
        before = deployment(documents, name)["spec"]["template"]["metadata"]["annotations"]
        after = deployment(changed, name)["spec"]["template"]["metadata"]["annotations"]
        assert {key for key in before if before[key] != after[key]} == {"checksum/airflow-config"}
    assert "parallelism = 8" in changed["ConfigMap", "airflow/airflow-config"]["data"]["airflow.cfg"]


def test_a_changed_worker_rolls_the_scheduler_only(
    documents: Documents, render_chart: Render, rendered: dict[str, Values]
) -> None:
    values = copy.deepcopy(rendered["embedded"])
    values["workers"]["kubernetes"]["resources"] = {"requests": {"cpu": "2"}}
    changed = render_chart(values)
    rolled = [name for name in DEPLOYMENTS if deployment(documents, name) != deployment(changed, name)]
    assert rolled == ["airflow-scheduler"]


def test_a_job_is_replaced_when_its_pod_changes(
    documents: Documents, render_chart: Render, rendered: dict[str, Values]
) -> None:
    def jobs(found: Documents) -> set[str]:
        return {name for kind, name in found if kind == "Job"}

    config = copy.deepcopy(rendered["embedded"])
    config["config"]["core"]["parallelism"] = 8
    assert jobs(render_chart(config)) == jobs(documents)
    image = copy.deepcopy(rendered["embedded"])
    image["images"]["airflow"]["tag"] = "3.3.3"
    assert jobs(render_chart(image)).isdisjoint(jobs(documents))
    assert not any("helm.sh/hook" in str(document) for document in documents.values())


def test_a_large_installation(render_chart: Render, rendered: dict[str, Values]) -> None:
    documents = render_chart({**rendered["large"], "airfieldChartChecksum": "0"})
    assert deployment(documents, "airflow-scheduler")["spec"]["replicas"] == 2
    assert ("Deployment", "airflow/airflow-triggerer") not in documents
    budget = documents["PodDisruptionBudget", "airflow/airflow-scheduler-pdb"]["spec"]
    assert budget["maxUnavailable"] == 1
    labels = deployment(documents, "airflow-scheduler")["spec"]["template"]["metadata"]["labels"]
    assert budget["selector"]["matchLabels"].items() <= labels.items()
    for name, spec in pod_specs(documents):
        for container in containers(spec):
            mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
            assert container["securityContext"]["readOnlyRootFilesystem"] is True, name
            assert mounts >= {"/tmp", "/opt/airflow"}, name
            assert {"name": "TZ", "value": "UTC"} in container["env"], name


def test_mounts_have_their_volumes(documents: Documents) -> None:
    for name, spec in pod_specs(documents):
        volumes = {volume["name"] for volume in spec["volumes"]}
        for container in containers(spec):
            assert {mount["name"] for mount in container["volumeMounts"]} == volumes, name
    specs = dict(pod_specs(documents))
    for name in ("worker", "airflow/airflow-dag-processor"):
        claims = {
            volume["persistentVolumeClaim"]["claimName"]
            for volume in specs[name]["volumes"]
            if "persistentVolumeClaim" in volume
        }
        assert claims == {"airflow-dags", "airflow-logs"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"executor": "CeleryExecutor"}, "knows no Celery"),
        ({"dags": {"gitSync": {"enabled": True}}}, "wants dags.gitSync.repo"),
        ({"dags": {"gitSync": {"enabled": True, "repo": "r", "sshKey": "k"}}}, "put the key into the release"),
        ({"dags": {"gitSync": {"enabled": True, "repo": "r"}, "persistence": BOUND}}, "two sources"),
        ({"dags": {"persistence": {"enabled": True}}}, "wants dags.persistence.existingClaim"),
        ({"uid": 0}, "uid"),
    ],
)
def test_the_chart_refuses_what_it_cannot_do(values: Values, words: str, helm: Path, tmp_path: Path) -> None:
    (tmp_path / "values.yml").write_text(yaml.safe_dump(values), encoding="utf-8")
    result = subprocess.run(
        [helm, "template", "airflow", CHART, "--values", tmp_path / "values.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert words in result.stderr

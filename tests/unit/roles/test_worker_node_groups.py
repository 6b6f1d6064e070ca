# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of nodes by namespace: the settings in the values, run as Airflow does, and where the chart puts them."""

from __future__ import annotations

import copy
from types import ModuleType

import pytest
import yaml
from ansible_collections.airfield.airflow.tests.unit.roles.chart_documents import (
    Render,
    Values,
    containers,
    deployment,
    mounts,
    pod_specs,
)
from kubernetes.client import ApiClient, V1Container, V1ObjectMeta, V1Pod, V1PodSpec, V1Toleration

SPOT = V1Toleration(key="spot", operator="Exists", toleration_seconds=60)
CRON = V1Toleration(key="pool", operator="Equal", value="cron", effect="NoSchedule")


def load(values: Values) -> ModuleType:
    """Return the module that the scheduler imports."""
    module = ModuleType("airflow_local_settings")
    exec(compile(values["airflowLocalSettings"], "airflow_local_settings.py", "exec"), module.__dict__)
    return module


@pytest.fixture
def settings(rendered: dict[str, Values]) -> ModuleType:
    """Return the module for three namespaces with two node groups."""
    return load(rendered["node_groups"])


def task_pod(
    namespace: str,
    selector: dict[str, str] | None = None,
    tolerations: list[V1Toleration] | None = None,
    labels: dict[str, str] | None = None,
) -> V1Pod:
    """Return a pod as the executor makes it of the template, and of what a DAG's pod_override puts in its place."""
    return V1Pod(
        metadata=V1ObjectMeta(
            namespace=namespace, labels={"kubernetes_executor": "True"} if labels is None else labels
        ),
        spec=V1PodSpec(
            containers=[V1Container(name="base")],
            node_selector=selector or {"role": "airflow-worker"},
            tolerations=tolerations or [copy.copy(SPOT)],
        ),
    )


@pytest.mark.parametrize(
    ("namespace", "selector", "tolerations"),
    [
        ("core", {"role": "airflow-worker"}, [SPOT]),
        ("cron", {"pool": "cron"}, [CRON]),
        ("user", {"pool": "user"}, []),
        ("foreign", {"role": "airflow-worker"}, [SPOT]),
    ],
)
def test_a_task_pod_gets_the_node_group_of_its_namespace(
    namespace: str, selector: dict[str, str], tolerations: list[V1Toleration], settings: ModuleType
) -> None:
    pod = task_pod(namespace)
    settings.pod_mutation_hook(pod)
    assert (pod.spec.node_selector, pod.spec.tolerations) == (selector, tolerations)


def test_the_hook_knows_what_the_template_says(render_chart: Render, rendered: dict[str, Values]) -> None:
    """A node group without tolerations leaves the template those of Airflow's own pods."""
    values = rendered["tainted_node_group"]
    for namespace, selector, tolerations in (("airflow", {"pool": "user"}, []), ("cron", {"pool": "cron"}, [CRON])):
        documents = render_chart(values)
        text = documents["ConfigMap", "airflow/airflow-config"]["data"]["pod_template_file.yaml"]
        pod = ApiClient()._ApiClient__deserialize_model(yaml.safe_load(text), V1Pod)
        pod.metadata.namespace = namespace
        pod.metadata.labels["kubernetes_executor"] = "True"
        load(values).pod_mutation_hook(pod)
        assert (pod.spec.node_selector, pod.spec.tolerations) == (selector, tolerations)


def test_what_a_dag_chose_stays(settings: ModuleType) -> None:
    own = V1Toleration(key="gpu", operator="Exists")
    pod = task_pod("cron", {"gpu": "yes"}, [own])
    settings.pod_mutation_hook(pod)
    assert (pod.spec.node_selector, pod.spec.tolerations) == ({"gpu": "yes"}, [own])


def test_another_pod_stays(settings: ModuleType) -> None:
    pod = task_pod("cron", labels={})
    settings.pod_mutation_hook(pod)
    assert pod.spec.node_selector == {"role": "airflow-worker"}


def test_airflow_sees_the_hook_alone(settings: ModuleType) -> None:
    assert settings.__all__ == ["pod_mutation_hook"]


def test_the_template_is_the_first_namespaces_node_group(rendered: dict[str, Values]) -> None:
    worker = rendered["node_groups"]["workers"]["kubernetes"]
    assert worker["nodeSelector"] == {"role": "airflow-worker"}
    assert worker["tolerations"] == [{"key": "spot", "operator": "Exists", "tolerationSeconds": 60}]


def test_one_node_group_needs_no_hook(rendered: dict[str, Values]) -> None:
    assert rendered["one_node_group"]["workers"]["kubernetes"]["nodeSelector"] == {"pool": "user"}
    for case in ("one_node_group", "embedded", "namespaces"):
        assert "airflowLocalSettings" not in rendered[case]


def test_only_the_scheduler_mounts_it(render_chart: Render, rendered: dict[str, Values]) -> None:
    documents = render_chart(rendered["node_groups"])
    path = "/opt/airflow/config/airflow_local_settings.py"
    found = [
        (name, container["name"])
        for name, spec in pod_specs(documents)
        for container in containers(spec)
        if path in mounts(container)
    ]
    assert sorted(set(found)) == [
        ("core/airflow-scheduler", "scheduler"),
        ("core/airflow-scheduler", "wait-for-airflow-migrations"),
    ]
    data = documents["ConfigMap", "core/airflow-config"]["data"]
    spec = dict(pod_specs(documents))["core/airflow-scheduler"]
    assert data[mounts(spec["containers"][0])[path]["subPath"]] == rendered["node_groups"]["airflowLocalSettings"]
    for namespace in ("cron", "user"):
        assert documents["ConfigMap", f"{namespace}/airflow-config"]["data"].keys() == {"airflow.cfg"}
    template = yaml.safe_load(data["pod_template_file.yaml"])["spec"]
    assert template["nodeSelector"] == rendered["node_groups"]["workers"]["kubernetes"]["nodeSelector"]


def test_a_changed_node_group_rolls_the_scheduler_only(render_chart: Render, rendered: dict[str, Values]) -> None:
    values = copy.deepcopy(rendered["node_groups"])
    before = render_chart(values)
    values["airflowLocalSettings"] += "# changed\n"
    after = render_chart(values)
    assert [name for kind, name in before if kind == "Deployment" and before[kind, name] != after[kind, name]] == [
        "core/airflow-scheduler"
    ]
    annotations = deployment(after, "airflow-scheduler", "core")["spec"]["template"]["metadata"]["annotations"]
    assert "checksum/airflow-local-settings" in annotations

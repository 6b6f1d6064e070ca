# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argo CD's own manifests with the changes of the role argocd, put together by Kustomize itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from .conftest import SSH, built_file
from .rendering import Documents, documents_of, render_texts

Json = dict[str, Any]

REGISTRY = "registry.example.com:5000/mirror"
SELECTOR = {"role": "airflow-control", "kubernetes.io/os": "linux"}
CASES: dict[str, Json] = {
    "packages": {
        "airfield_git": {"platform": {"url": "https://git.example.com/platform.git"}, "dags": SSH},
        "argocd_settings": {"timeout.reconciliation": "30s"},
    },
    "inside": {
        "airfield_argocd_namespace": "cd",
        "argocd_service_type": "ClusterIP",
        "argocd_url": "https://cd.example.com",
        "airfield_git": {
            "platform": SSH,
            "charts": {**SSH, "ssh_known_hosts": "charts.example.com ssh-ed25519 CCCC"},
        },
        "airfield_images": {
            "argocd": f"{REGISTRY}/argocd:v3@sha256:" + "a" * 64,
            "redis": f"{REGISTRY}/redis",
        },
    },
    "ha": {
        "argocd_ha": True,
        "airfield_resolved_source": "upstream",
        "airfield_image_registry": REGISTRY,
    },
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Documents]:
    """Return all objects of each case, as Kubernetes gets them."""
    directory = tmp_path_factory.mktemp("argocd")
    shared = {"airfield_resolved_source": "packages", "airfield_image_registry": ""}
    cases = {name: {**shared, **case} for name, case in CASES.items()}
    built = {}
    for name, text in render_texts(directory, "argocd", "kustomization.yaml.j2", cases).items():
        (directory / name).mkdir()
        (directory / name / "kustomization.yaml").write_text(text, encoding="utf-8")
        (copy,) = yaml.safe_load(text)["resources"]
        manifest = built_file("argocd", f"{copy.rpartition('-')[0]}.yaml")
        (directory / name / copy).write_bytes(manifest.read_bytes())
        # The version that kubectl has inside.
        command = [str(built_file("kustomize")), "build", str(directory / name)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        built[name] = documents_of(result.stdout)
    return built


def pods(documents: Documents) -> dict[str, Json]:
    return {
        name: document["spec"]["template"]["spec"]
        for (kind, name), document in documents.items()
        if kind in ("Deployment", "StatefulSet")
    }


def images(documents: Documents) -> Iterator[str]:
    for spec in pods(documents).values():
        yield from (container["image"] for container in [*spec.get("initContainers", []), *spec["containers"]])


def data(documents: Documents, name: str) -> Json:
    content: Json = documents["ConfigMap", name]["data"]
    return content


def test_every_image_is_the_one_of_the_inventory(built: dict[str, Documents]) -> None:
    assert set(images(built["packages"])) == {"localhost/argocd:v3.2.11", "localhost/redis:8"}
    # What has no tag has the one that everybody assumes, and a digest stays.
    assert set(images(built["inside"])) == {f"{REGISTRY}/argocd:v3@sha256:" + "a" * 64, f"{REGISTRY}/redis:latest"}
    assert set(images(built["ha"])) == {
        f"{REGISTRY}/argoproj/argocd:v3.2.11",
        f"{REGISTRY}/redis:8.2.2-alpine",
        f"{REGISTRY}/haproxy:3.0.8-alpine",
    }


def test_no_part_of_dex_is_left(built: dict[str, Documents]) -> None:
    for documents in built.values():
        assert [key for key in documents if "dex" in key[1]] == []
        subjects = [
            one["name"] for (kind, _n), it in documents.items() if kind == "RoleBinding" for one in it["subjects"]
        ]
        assert "argocd-server" in subjects
        assert "argocd-dex-server" not in subjects


def test_every_pod_goes_where_the_control_plane_goes(built: dict[str, Documents]) -> None:
    for documents in built.values():
        specs = pods(documents)
        assert len(specs) >= 6
        for spec in specs.values():
            assert spec["nodeSelector"].items() <= SELECTOR.items()
            assert spec["nodeSelector"]["role"] == "airflow-control"
            assert [taint["key"] for taint in spec["tolerations"]] == [
                "node-role.kubernetes.io/control-plane",
                "dedicated",
            ]


def test_every_object_is_ours_and_in_the_namespace(built: dict[str, Documents]) -> None:
    for name, namespace in (("packages", "argocd"), ("inside", "cd"), ("ha", "argocd")):
        for (kind, place), document in built[name].items():
            assert document["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "airfield", place
            everywhere = kind in ("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition")
            assert everywhere or place.startswith(f"{namespace}/"), place
            if kind == "ClusterRoleBinding":
                assert [one["namespace"] for one in document["subjects"]] == [namespace], place


def test_pods_are_found_by_the_labels_that_they_had(built: dict[str, Documents]) -> None:
    for (kind, _place), document in built["packages"].items():
        if kind in ("Deployment", "StatefulSet"):
            selector = document["spec"]["selector"]["matchLabels"]
            assert list(selector) == ["app.kubernetes.io/name"]
            assert selector.items() <= document["spec"]["template"]["metadata"]["labels"].items()


def test_the_service_is_of_the_type_that_is_asked_for(built: dict[str, Documents]) -> None:
    outside, inside = (
        built[name]["Service", f"{namespace}/argocd-server"]["spec"]
        for name, namespace in (("packages", "argocd"), ("inside", "cd"))
    )
    assert (outside["type"], inside["type"]) == ("NodePort", "ClusterIP")
    # From outside, only with encryption.
    assert [(port["port"], port["targetPort"], port["nodePort"]) for port in outside["ports"]] == [(443, 8080, 30443)]
    assert [(port["port"], port.get("nodePort")) for port in inside["ports"]] == [(80, None), (443, None)]


def test_the_secret_with_the_password_is_not_touched(built: dict[str, Documents]) -> None:
    for documents in built.values():
        names = {place.rpartition("/")[2] for kind, place in documents if kind == "Secret"}
        assert names == {"argocd-notifications-secret"}


def test_settings_are_in_the_config_map(built: dict[str, Documents]) -> None:
    outside, inside = data(built["packages"], "argocd/argocd-cm"), data(built["inside"], "cd/argocd-cm")
    assert (outside["url"], inside["url"]) == ("https://localhost:30443", "https://cd.example.com")
    assert outside["timeout.reconciliation"] == "30s"
    assert outside.keys() - inside.keys() == {"timeout.reconciliation"}
    # Argo CD's own settings stay.
    assert "resource.exclusions" in inside


def test_known_hosts_are_those_of_what_is_read_by_ssh(built: dict[str, Documents]) -> None:
    # Argo CD reads no DAGs: without a repository of its own by SSH it keeps the known hosts that it came with.
    assert "github.com ssh-ed25519" in data(built["packages"], "argocd/argocd-ssh-known-hosts-cm")["ssh_known_hosts"]
    lines = data(built["inside"], "cd/argocd-ssh-known-hosts-cm")["ssh_known_hosts"].splitlines()
    assert sorted(lines) == ["charts.example.com ssh-ed25519 CCCC", *sorted(SSH["ssh_known_hosts"].splitlines())]


def test_the_ha_variant_has_three_of_redis(built: dict[str, Documents]) -> None:
    for kind, name in (("StatefulSet", "argocd-redis-ha-server"), ("Deployment", "argocd-redis-ha-haproxy")):
        assert built["ha"][kind, f"argocd/{name}"]["spec"]["replicas"] == 3
        assert (kind, f"argocd/{name}") not in built["packages"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The volumes and claims that the role storage makes."""

from __future__ import annotations

from typing import Any

import pytest

from .rendering import Documents, render

SEVERAL = {"airfield_namespace": "core", "airfield_worker_namespaces": ["cron", "core", "user"]}
CASES: dict[str, dict[str, Any]] = {
    "local": {},
    "gitops": {
        **SEVERAL,
        "airfield_database_engine": "mysql",
        "airfield_dags_method": "git_bundle",
        "storage_size_mysql": "3Gi",
    },
    "several": {**SEVERAL, "airfield_database_engine": "external"},
    "written": {"airfield_git": {"dags": {"url": "https://git.example.com/dags.git"}}},
    "served": {"airfield_git_served": {"dags": {}}},
    "own": {"airfield_git": {"dags": {}}, "airfield_dags_method": "volume"},
    "classes": {**SEVERAL, "airfield_storage_mode": "storage_class", "storage_class_shared": "nfs"},
}


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Documents]:
    return render(tmp_path_factory.mktemp("storage"), "storage", "storage.yml.j2", CASES)


def claims(documents: Documents) -> set[str]:
    return {place for kind, place in documents if kind == "PersistentVolumeClaim"}


def test_one_namespace_has_the_names_that_it_always_had(storage: dict[str, Documents]) -> None:
    names = ("dags", "logs", "postgres")
    assert list(storage["local"]) == [
        pair
        for name in names
        for pair in (
            ("PersistentVolume", f"airflow-{name}"),
            ("PersistentVolumeClaim", f"airflow/airflow-{name}"),
        )
    ]
    assert storage["local"][("PersistentVolume", "airflow-postgres")] == {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "airflow-postgres", "labels": {"app.kubernetes.io/managed-by": "airfield"}},
        "spec": {
            "capacity": {"storage": "8Gi"},
            "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": "",
            "hostPath": {"path": "/airfield/postgres", "type": "Directory"},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "namespace": "airflow",
                "name": "airflow-postgres",
            },
        },
    }
    assert storage["local"][("PersistentVolumeClaim", "airflow/airflow-logs")]["spec"] == {
        "accessModes": ["ReadWriteMany"],
        "storageClassName": "",
        "volumeName": "airflow-logs",
        "resources": {"requests": {"storage": "10Gi"}},
    }


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        ("gitops", {"core/airflow-logs", "cron/airflow-logs", "user/airflow-logs", "core/airflow-mysql"}),
        ("several", {f"{name}/airflow-{claim}" for name in ("core", "cron", "user") for claim in ("dags", "logs")}),
        ("written", {"airflow/airflow-logs", "airflow/airflow-postgres"}),
        ("served", {"airflow/airflow-logs", "airflow/airflow-postgres"}),
        ("own", {"airflow/airflow-dags", "airflow/airflow-logs", "airflow/airflow-postgres"}),
    ],
)
def test_claims_are_where_pods_need_them(case: str, wanted: set[str], storage: dict[str, Documents]) -> None:
    assert claims(storage[case]) == wanted


def test_every_claim_has_a_volume_of_its_own_on_the_same_directory(storage: dict[str, Documents]) -> None:
    documents = storage["gitops"]
    for place in claims(documents):
        namespace, _slash, name = place.partition("/")
        volume = documents[("PersistentVolume", documents[("PersistentVolumeClaim", place)]["spec"]["volumeName"])]
        assert volume["metadata"]["name"] == f"{namespace}-{name.removeprefix('airflow-')}"
        assert volume["spec"]["hostPath"]["path"] == f"/airfield/{name.removeprefix('airflow-')}"
        assert (volume["spec"]["claimRef"]["namespace"], volume["spec"]["claimRef"]["name"]) == (namespace, name)
    assert documents[("PersistentVolume", "core-mysql")]["spec"]["capacity"] == {"storage": "3Gi"}


def test_classes_of_the_cluster_need_no_volumes(storage: dict[str, Documents]) -> None:
    documents = storage["classes"]
    assert {kind for kind, _place in documents} == {"PersistentVolumeClaim"}
    assert documents[("PersistentVolumeClaim", "user/airflow-logs")]["spec"] == {
        "accessModes": ["ReadWriteMany"],
        "storageClassName": "nfs",
        "resources": {"requests": {"storage": "10Gi"}},
    }
    assert "storageClassName" not in documents[("PersistentVolumeClaim", "core/airflow-postgres")]["spec"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets that the role credentials generates."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import run_playbook
from .fake_cluster import FakeCluster

Secrets = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Secrets]]:
    """Return what new installations get, two of each engine in the cluster: the copy's path, and its content."""
    directory = tmp_path_factory.mktemp("credentials")
    engines = {"one": "postgresql", "two": "postgresql", "three": "mysql", "four": "mysql", "five": "external"}
    paths = [directory / name / "credentials" / "credentials.yml" for name in engines]
    tasks: list[dict[str, Any]] = [
        {
            "name": f"Generate {path}",
            "ansible.builtin.include_role": {"name": "airfield.airflow.credentials", "tasks_from": "copy"},
            "vars": {
                "airfield_data_dir": str(path.parent.parent),
                "credentials_values": "{{ credentials_generated }}",
                "airfield_database_engine": engines[path.parent.parent.name],
                "airfield_database_url": "postgresql+psycopg2://airflow:hidden@db.example.com/airflow",
            },
        }
        for path in paths
    ]
    output = run_playbook(directory, tasks)
    secrets = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    for values in secrets:
        assert values["airflow-admin"]["password"] not in output
    return list(zip(paths, secrets, strict=True))


def test_copy_is_private(generated: list[tuple[Path, Secrets]]) -> None:
    for path, _secrets in generated:
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_installations_share_no_secret(generated: list[tuple[Path, Secrets]]) -> None:
    for engine, pair in (("postgres", generated[:2]), ("mysql", generated[2:4])):
        (_one, first), (_two, second) = pair
        assert first.keys() == second.keys()
        database = f"airflow-{engine}"
        public = {("airflow-admin", "username"), (database, "username"), (database, "database")}
        same = {(name, key) for name in first for key in first[name] if first[name][key] == second[name][key]}
        assert same == public


def test_only_the_database_in_use_has_a_secret(generated: list[tuple[Path, Secrets]]) -> None:
    databases = [
        [name for name in secrets if name in ("airflow-postgres", "airflow-mysql")] for _p, secrets in generated
    ]
    assert databases == [["airflow-postgres"], ["airflow-postgres"], ["airflow-mysql"], ["airflow-mysql"], []]
    mysql = generated[2][1]["airflow-mysql"]
    assert set(mysql) == {"username", "password", "database", "root-password"}
    assert mysql["password"] != mysql["root-password"]
    assert min(len(mysql["password"]), len(mysql["root-password"])) == 32


def test_fernet_key_is_a_fernet_key(generated: list[tuple[Path, Secrets]]) -> None:
    for _path, secrets in generated:
        key = secrets["airflow-fernet-key"]["fernet-key"]
        raw = base64.urlsafe_b64decode(key)
        assert len(raw) == 32
        assert base64.urlsafe_b64encode(raw).decode() == key


def run_role(variables: dict[str, Any]) -> dict[str, Any]:
    """Return a task that runs the role, and says so where it refuses something."""
    role = {"ansible.builtin.include_role": {"name": "airfield.airflow.credentials"}, "vars": variables}
    return {"block": [role], "rescue": [{"ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}]}


@pytest.fixture(scope="module")
def day_two(tmp_path_factory: pytest.TempPathFactory) -> FakeCluster:
    """Return a cluster that installations with both engines and an external database came to, and came to again."""
    directory = tmp_path_factory.mktemp("day_two")
    cluster = FakeCluster()
    cluster.write_kubeconfig(directory / "kubeconfig")
    cluster.add("Namespace", "airflow")
    shared: dict[str, Any] = {
        "airfield_kubeconfig": str(directory / "kubeconfig"),
        "airfield_data_dir": str(directory),
        "cluster_info": {"driver": "kind"},
        "airfield_database_url": "mysql+mysqldb://airflow:hidden@db.example.com/airflow",
    }
    steps = {"first": "mysql", "other": "postgresql", "moved": "external", "again": "external", "back": "mysql"}
    lost = directory / "lost" / "mysql" / "data" / "mysql.ibd"
    lost.parent.mkdir(parents=True)
    lost.touch()
    tasks: list[dict[str, Any]] = []
    for name, engine in steps.items():
        tasks += [run_role({**shared, "airfield_database_engine": engine}), cluster.mark(name)]
    of_another = {"airfield_data_dir": str(directory / "lost"), "airfield_namespace": "lost"}
    tasks.append(run_role({**shared, **of_another, "airfield_database_engine": "mysql"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(directory))
        cluster.said["runs"] = run_playbook(directory, tasks)
    cluster.said["copy"] = (directory / "credentials" / "credentials.yml").read_text(encoding="utf-8")
    return cluster


def content(cluster: FakeCluster, name: str) -> dict[str, str]:
    data = cluster.objects[("Secret", f"airflow/{name}")]["data"]
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def test_the_url_follows_the_database(day_two: FakeCluster) -> None:
    assert len(day_two.marks["first"]) == 7
    password = content(day_two, "airflow-mysql")["password"]
    url = f"mysql+mysqldb://airflow:{password}@airflow-mysql:3306/airflow?charset=utf8mb4"
    assert content(day_two, "airflow-metadata") == {"connection": url}


def test_another_database_is_refused_before_anything_is_written(day_two: FakeCluster) -> None:
    assert day_two.marks["other"] == []
    words = "airfield_database_engine is postgresql, but this installation keeps its data in airflow-mysql, and nothing"
    assert words in day_two.said["runs"]


def test_a_database_that_is_no_longer_used_keeps_its_password(day_two: FakeCluster) -> None:
    for step in ("moved", "back"):
        assert day_two.marks[step] == ["PATCH Secret airflow/airflow-metadata"]
    assert day_two.marks["again"] == []
    copy = yaml.safe_load(day_two.said["copy"])
    assert copy["airflow-mysql"] == content(day_two, "airflow-mysql")


def test_data_whose_password_is_lost_are_refused(day_two: FakeCluster) -> None:
    assert "/lost/mysql has the data of an earlier installation, but its password is neither" in day_two.said["runs"]
    assert "or move the directory mysql away to start with an empty database." in day_two.said["runs"]

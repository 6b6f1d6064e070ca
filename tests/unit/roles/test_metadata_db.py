# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The databases that the role metadata_db runs."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from .rendering import Documents, render

Json = dict[str, Any]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("metadata_db")


@pytest.fixture(scope="module")
def mysql(directory: Path) -> dict[str, Documents]:
    settings = {"skip-name-resolve": True, "innodb-doublewrite": False, "max-connections": 7}
    cases: dict[str, Json] = {"default": {}, "own": {"metadata_db_settings": settings}}
    engine = {"airfield_database_engine": "mysql"}
    images = {"airfield_images": {"mysql": "mysql:8.4"}}
    return render(
        directory, "metadata_db", "mysql.yml.j2", {name: {**engine, **images, **case} for name, case in cases.items()}
    )


def pod(documents: Documents, name: str) -> Json:
    spec: Json = documents[("StatefulSet", f"airflow/{name}")]["spec"]["template"]["spec"]
    return spec


def test_postgresql_has_its_own_settings_and_resources(directory: Path) -> None:
    documents = render(directory, "metadata_db", "postgresql.yml.j2", {"postgresql": {}})["postgresql"]
    (container,) = pod(documents, "airflow-postgres")["containers"]
    server, *arguments = container["args"]
    assert (server, set(arguments[::2])) == ("postgres", {"-c"})
    assert set(arguments[1::2]) == {
        "max_connections=100",
        "shared_buffers=128MB",
        "work_mem=4MB",
        "maintenance_work_mem=64MB",
        "wal_compression=on",
    }
    assert container["resources"] == {"requests": {"cpu": "100m", "memory": "256Mi"}}


def test_mysql_is_as_airflow_wants_it(mysql: dict[str, Documents]) -> None:
    (container,) = pod(mysql["default"], "airflow-mysql")["containers"]
    server, directory, *settings = container["args"]
    assert (server, directory) == ("mysqld", "--datadir=/var/lib/mysql/data")
    assert set(settings) == {
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
        "--loose-explicit-defaults-for-timestamp=ON",
        "--innodb-buffer-pool-size=256M",
        "--max-connections=200",
        "--performance-schema=OFF",
        "--loose-mysqlx=OFF",
        "--skip-name-resolve",
        "--disable-log-bin",
    }
    assert container["resources"] == {"requests": {"cpu": "100m", "memory": "512Mi"}}


def test_settings_of_mysql_are_spelled_as_it_reads_them(mysql: dict[str, Documents]) -> None:
    (container,) = pod(mysql["own"], "airflow-mysql")["containers"]
    assert set(container["args"][2:]) == {"--skip-name-resolve", "--innodb-doublewrite=OFF", "--max-connections=7"}


def test_no_password_of_mysql_is_an_argument_or_in_the_environment(mysql: dict[str, Documents]) -> None:
    spec = pod(mysql["default"], "airflow-mysql")
    (container,) = spec["containers"]
    environment = {entry["name"]: entry for entry in container["env"]}
    assert environment["MYSQL_PASSWORD_FILE"]["value"] == "/etc/airflow-mysql/password"
    assert environment["MYSQL_ROOT_PASSWORD_FILE"]["value"] == "/etc/airflow-mysql/root-password"
    assert environment["MYSQL_ROOT_HOST"]["value"] == "localhost"
    keys = {entry["valueFrom"]["secretKeyRef"]["key"] for entry in container["env"] if "valueFrom" in entry}
    assert keys == {"username", "database"}
    (secret,) = [volume["secret"] for volume in spec["volumes"] if "secret" in volume]
    assert {item["key"] for item in secret["items"]} == {"password", "root-password"}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        command = " ".join(container[probe]["exec"]["command"])
        assert "mysqladmin --no-defaults --host=127.0.0.1 " in command
        assert " ping" in command
        assert "--password" not in command


def test_mysql_runs_without_rights(mysql: dict[str, Documents]) -> None:
    spec = pod(mysql["default"], "airflow-mysql")
    assert (spec["securityContext"]["runAsUser"], spec["securityContext"]["fsGroup"]) == (999, 999)
    for container in spec["initContainers"] + spec["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    (container,) = spec["containers"]
    paths = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert paths == {
        "data": "/var/lib/mysql",
        "password": "/etc/airflow-mysql",
        "run": "/var/run/mysqld",
        "tmp": "/tmp",
    }
    (claim,) = [volume for volume in spec["volumes"] if "persistentVolumeClaim" in volume]
    assert claim == {"name": "data", "persistentVolumeClaim": {"claimName": "airflow-mysql"}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (set(), {"incomplete"}),
        # Killed before the server ever answered: what is there cannot be trusted.
        ({"incomplete", "data"}, {"incomplete"}),
        # In use, or brought by somebody.
        ({"data"}, {"data"}),
    ],
)
def test_an_interrupted_first_start_begins_again(
    before: set[str], after: set[str], mysql: dict[str, Documents], tmp_path: Path
) -> None:
    (prepare,) = pod(mysql["default"], "airflow-mysql")["initContainers"]
    for name in before:
        (tmp_path / name).touch() if name == "incomplete" else (tmp_path / name).mkdir()
    shell, option, script = prepare["command"]
    assert "cd /var/lib/mysql\n" in script
    subprocess.run([shell, option, script.replace("/var/lib/mysql", str(tmp_path))], check=True)
    assert {path.name for path in tmp_path.iterdir()} == after


def test_the_first_answer_ends_the_first_start(mysql: dict[str, Documents]) -> None:
    (container,) = pod(mysql["default"], "airflow-mysql")["containers"]
    command = container["startupProbe"]["exec"]["command"]
    assert command[:2] == ["sh", "-c"]
    assert command[2].endswith(" ping && rm -f /var/lib/mysql/incomplete")

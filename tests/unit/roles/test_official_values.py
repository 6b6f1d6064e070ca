# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only the official chart needs: no Secret of its own, probes for slow machines, one image for all pods."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from .conftest import render_values

Values = dict[str, Any]

CHECK = "CONNECTION_CHECK_MAX_COUNT"
CHECK_OFF = {"name": CHECK, "value": "0"}
COMPONENTS = ["apiServer", "scheduler", "dagProcessor", "triggerer"]
# Secrets that the chart 1.22.0 makes, most with random contents, unless it is given a name.
SECRET_NAMES = ["fernetKeySecretName", "apiSecretKeySecretName", "jwtSecretName"]
DIGEST = "sha256:" + "a" * 64
IMAGE = {"airfield_images": {"airflow": f"registry.example.com:5000/team/airflow:3.3.2@{DIGEST}"}}
CASES: dict[str, Values] = {
    "plain": {},
    "embedded": {"airfield_chart": "embedded"},
    "env": {"airflow_env": [{"name": "TZ", "value": "UTC"}, {"name": CHECK, "value": "20"}]},
    "values": {
        "airflow_values": {
            "data": {"brokerUrlSecretName": "mine"},
            "env": [{"name": CHECK, "value": "5"}],
            "scheduler": {"livenessProbe": {"timeoutSeconds": 7}},
            "apiServer": {"startupProbe": {"failureThreshold": 9}},
        }
    },
    "celery": {
        "airfield_executor": "CeleryExecutor,KubernetesExecutor",
        "airflow_values": {"data": {"brokerUrl": "redis://redis:6379/0"}},
    },
    "digest": IMAGE,
    "embedded_digest": {"airfield_chart": "embedded", **IMAGE},
}


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Values]:
    """Return the saved values of every case above; of the official chart where a case does not name another."""
    cases = {name: {"airfield_chart": "official", **variables} for name, variables in CASES.items()}
    return render_values(tmp_path_factory.mktemp("official"), cases)


def checks(environment: list[Values]) -> list[Values]:
    return [variable for variable in environment if variable["name"] == CHECK]


def test_official_schema_accepts_the_values(official: dict[str, Values]) -> None:
    packed = Path(__file__).parent / "official_chart" / "values-1.22.0.schema.json.gz"
    validator = Draft7Validator(json.loads(gzip.decompress(packed.read_bytes())) | {"additionalProperties": False})
    refused = {case: [error.message for error in validator.iter_errors(values)] for case, values in official.items()}
    assert refused == {case: [] for case in CASES}


def test_chart_makes_no_secret(official: dict[str, Values]) -> None:
    values = official["plain"]
    assert values["data"] == {"metadataSecretName": "airflow-metadata", "brokerUrlSecretName": "airflow-no-broker"}
    assert all(values[name] for name in SECRET_NAMES)
    assert values["redis"]["enabled"] is False


def test_celery_keeps_its_broker(official: dict[str, Values]) -> None:
    """With Celery, the chart refuses an address together with the name of a Secret."""
    assert official["celery"]["data"] == {
        "metadataSecretName": "airflow-metadata",
        "brokerUrl": "redis://redis:6379/0",
    }


def test_entrypoint_does_not_check_the_database(official: dict[str, Values]) -> None:
    values = official["plain"]
    assert values["env"] == [CHECK_OFF]
    for job in ("migrateDatabaseJob", "createUserJob"):
        assert checks(values[job]["env"]) == [CHECK_OFF], job


def test_users_environment_wins_without_a_duplicate(official: dict[str, Values]) -> None:
    own = {"name": CHECK, "value": "20"}
    values = official["env"]
    assert values["env"] == [{"name": "TZ", "value": "UTC"}, own]
    for job in ("migrateDatabaseJob", "createUserJob"):
        assert checks(values[job]["env"]) == [own], job
        assert "TZ" not in str(values[job]["env"]), job


def test_slow_components_are_not_killed(official: dict[str, Values]) -> None:
    values = official["plain"]
    for component in ("apiServer", "scheduler"):
        assert values[component]["startupProbe"]["failureThreshold"] == 120, component
    for component in ("scheduler", "dagProcessor", "triggerer"):
        assert values[component]["livenessProbe"]["timeoutSeconds"] == 60, component
    assert values["scheduler"]["startupProbe"]["timeoutSeconds"] == 60
    for component in ("dagProcessor", "triggerer"):
        assert values[component]["livenessProbe"]["failureThreshold"] == 10, component
    for probe in ("livenessProbe", "readinessProbe"):
        assert values["apiServer"][probe]["timeoutSeconds"] == 20, probe


def test_users_values_win(official: dict[str, Values]) -> None:
    values = official["values"]
    assert values["data"]["brokerUrlSecretName"] == "mine"
    assert values["env"] == [{"name": CHECK, "value": "5"}]
    assert values["scheduler"]["livenessProbe"] == {"timeoutSeconds": 7}
    assert values["scheduler"]["startupProbe"]["failureThreshold"] == 120
    assert values["apiServer"]["startupProbe"]["failureThreshold"] == 9


def test_embedded_chart_keeps_its_own(official: dict[str, Values]) -> None:
    values = official["embedded"]
    assert values["env"] == []
    assert values["data"] == {"metadataSecretName": "airflow-metadata"}
    assert "env" not in values["migrateDatabaseJob"]
    assert checks(values["createUserJob"]["env"]) == []
    assert not any("Probe" in key for component in COMPONENTS for key in values[component])


@pytest.mark.parametrize("case", ["digest", "embedded_digest"])
def test_task_pods_run_the_image_of_the_digest(case: str, official: dict[str, Values]) -> None:
    values = official[case]
    executor, template = values["config"]["kubernetes_executor"], values["images"]["pod_template"]
    wanted = f"registry.example.com:5000/team/airflow@{DIGEST}"
    assert f"{executor['worker_container_repository']}:{executor['worker_container_tag']}" == wanted
    assert f"{template['repository']}:{template['tag']}" == wanted


def test_image_without_a_digest_is_the_charts_business(official: dict[str, Values]) -> None:
    assert "pod_template" not in official["plain"]["images"]
    assert "worker_container_tag" not in official["plain"]["config"]["kubernetes_executor"]

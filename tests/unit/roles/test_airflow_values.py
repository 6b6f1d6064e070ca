# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rendered values, against the official chart's own schema and against what the inventory says."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema import Draft7Validator

Values = dict[str, Any]

CASES = ["embedded", "official", "large", "registry", "namespaces"]


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    """Return the validator of the official chart 1.22.0, completed: it lets unknown keys pass at its top."""
    packed = Path(__file__).parent / "official_chart" / "values-1.22.0.schema.json.gz"
    schema = json.loads(gzip.decompress(packed.read_bytes()))
    return Draft7Validator({**schema, "additionalProperties": False})


@pytest.mark.parametrize("case", CASES)
def test_official_schema_accepts_the_values(case: str, official: Draft7Validator, rendered: dict[str, Values]) -> None:
    official.validate(rendered[case])


@pytest.mark.parametrize(
    "path", [["airfieldNothing"], ["scheduler", "replicaCount"], ["workers", "kubernetes", "resources", "request"]]
)
def test_official_schema_refuses_an_unknown_key(
    path: list[str], official: Draft7Validator, rendered: dict[str, Values]
) -> None:
    values = json.loads(json.dumps(rendered["official"]))
    place = values
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = 1
    with pytest.raises(jsonschema.ValidationError, match=path[-1]):
        official.validate(values)


def test_placement_follows_the_inventory(rendered: dict[str, Values]) -> None:
    values = rendered["embedded"]
    assert values["nodeSelector"] == {"role": "airflow-control"}
    assert values["workers"]["kubernetes"]["nodeSelector"] == {"role": "airflow-worker"}
    dedicated = {"key": "dedicated", "operator": "Equal", "value": "airflow", "effect": "NoSchedule"}
    tasks = {"key": "tasks", "operator": "Exists", "effect": "NoExecute"}
    assert dedicated in values["tolerations"]
    assert tasks not in values["tolerations"]
    assert values["workers"]["kubernetes"]["tolerations"] == [tasks]


def test_image_reference_is_taken_apart(rendered: dict[str, Values]) -> None:
    assert rendered["registry"]["images"]["airflow"] == {
        "repository": "registry.example.com:5000/team/airflow",
        "tag": "3.3.2-1",
        "digest": "sha256:" + "a" * 64,
        "pullPolicy": "IfNotPresent",
    }


def test_users_variables_count(rendered: dict[str, Values]) -> None:
    values = rendered["large"]
    assert (values["scheduler"]["replicas"], values["dagProcessor"]["replicas"]) == (2, 1)
    assert values["triggerer"]["enabled"] is False
    assert values["scheduler"]["podDisruptionBudget"]["enabled"] is True
    assert values["scheduler"]["resources"] == {"limits": {"memory": "2Gi"}}
    assert values["config"]["core"]["parallelism"] == 8
    assert values["config"]["core"]["load_examples"] == "False"
    assert values["config"]["webserver"]["instance_name"] == 'a "quoted": name'
    assert values["apiServer"]["service"] == {"type": "ClusterIP", "ports": [{"name": "http", "port": 80}]}
    assert values["apiServer"]["replicas"] == 2


def test_several_namespaces_are_listed_without_spaces(rendered: dict[str, Values]) -> None:
    executor = rendered["namespaces"]["config"]["kubernetes_executor"]
    assert executor["multi_namespace_mode"] == "True"
    assert executor["multi_namespace_mode_namespace_list"] == "control,tasks"
    assert rendered["embedded"]["config"]["kubernetes_executor"]["multi_namespace_mode"] == "False"
    url = rendered["namespaces"]["config"]["core"]["execution_api_server_url"]
    assert url == "http://airflow-api-server.control.svc.cluster.local:8080/execution/"


@pytest.mark.parametrize("case", ["embedded", "official"])
def test_the_password_is_no_argument(case: str, rendered: dict[str, Values]) -> None:
    job = rendered[case]["createUserJob"]
    shell, option, script = job["args"]
    assert (shell, option) == ("bash", "-c")
    # printf is built into the shell, so its arguments are in no list of processes.
    *_before, hand_over, create = re.split(r" && | \| ", script)
    assert hand_over == 'printf \'%s\\n%s\\n\' "$AIRFLOW_ADMIN_PASSWORD" "$AIRFLOW_ADMIN_PASSWORD"'
    assert create.startswith("airflow users create ")
    assert "PASSWORD" not in create
    assert not {"-p", "--password"} & set(create.split())
    assert [entry["valueFrom"]["secretKeyRef"]["name"] for entry in job["env"]] == ["airflow-admin", "airflow-admin"]

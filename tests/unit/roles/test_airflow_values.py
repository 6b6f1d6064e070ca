# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rendered values, against the official chart's own schema and against what the inventory says."""

from __future__ import annotations

import configparser
import gzip
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema import Draft7Validator

Values = dict[str, Any]


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    """Return the validator of the official chart 1.22.0, completed: it lets unknown keys pass at its top."""
    packed = Path(__file__).parent / "official_chart" / "values-1.22.0.schema.json.gz"
    schema = json.loads(gzip.decompress(packed.read_bytes()))
    return Draft7Validator({**schema, "additionalProperties": False})


def test_official_schema_accepts_the_values(official: Draft7Validator, rendered: dict[str, Values]) -> None:
    refused = {case: [error.message for error in official.iter_errors(values)] for case, values in rendered.items()}
    assert refused == {case: [] for case in rendered}
    assert len(refused) > 10


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
    read = [entry["valueFrom"]["secretKeyRef"]["name"] for entry in job["env"] if "valueFrom" in entry]
    assert read == ["airflow-admin", "airflow-admin"]


@pytest.mark.parametrize(
    ("case", "kwargs"),
    [
        (
            "git_bundle_basic",
            {
                "repo_url": "https://git.example.com/team/dags.git",
                "tracking_ref": "live",
                "subdir": "dags",
                "refresh_interval": 7,
                "git_conn_id": "dags_git",
            },
        ),
        (
            "git_bundle_ssh",
            {
                "repo_url": "git@git.example.com:team/dags.git",
                "tracking_ref": "main",
                "refresh_interval": 10,
                "git_conn_id": "dags_git",
            },
        ),
        (
            "git_bundle_public",
            {
                "repo_url": "https://git.example.com/dags%20of/all.git",
                "tracking_ref": "main",
                "refresh_interval": 10,
            },
        ),
    ],
)
def test_dags_are_a_bundle(case: str, kwargs: Values, rendered: dict[str, Values]) -> None:
    values = rendered[case]
    # airflow.cfg is read with interpolation.
    parser = configparser.ConfigParser()
    parser.read_dict({"dag_processor": values["config"]["dag_processor"]})
    (bundle,) = json.loads(parser["dag_processor"]["dag_bundle_config_list"])
    assert bundle == {
        "name": "dags",
        "classpath": "airflow.providers.git.bundles.git.GitDagBundle",
        "kwargs": kwargs,
    }
    assert values["dags"] == {"persistence": {"enabled": False}}


def test_dags_on_the_volume_are_no_bundle(rendered: dict[str, Values]) -> None:
    assert "dag_bundle_config_list" not in rendered["embedded"]["config"]["dag_processor"]
    assert rendered["embedded"]["dags"]["persistence"]["existingClaim"] == "airflow-dags"


def test_credentials_are_named_only(rendered: dict[str, Values]) -> None:
    for case, values in rendered.items():
        assert "a-secret" not in str(values), case
    ssh = rendered["git_sync_ssh"]["dags"]["gitSync"]
    assert (ssh["sshKeySecret"], ssh["subPath"], ssh["ref"]) == ("dags-git-ssh", "", "main")
    assert "credentialsSecret" not in ssh
    assert rendered["git_sync_ssh"]["images"]["gitSync"] == {
        "repository": "registry.example.com:5000/git-sync",
        "tag": "v4.4.2",
        "pullPolicy": "IfNotPresent",
    }


def test_no_value_depends_on_the_database(rendered: dict[str, Values]) -> None:
    assert rendered["mysql"] == rendered["embedded"]


def test_argo_cd_makes_the_official_jobs_anew(rendered: dict[str, Values]) -> None:
    found = json.loads(json.dumps(rendered["argocd_official"]))
    for job in ("migrateDatabaseJob", "createUserJob"):
        assert found[job].pop("jobAnnotations") == {
            "argocd.argoproj.io/hook": "Sync",
            "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        }
    assert found == rendered["official"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The values that the role airflow renders, by Ansible itself, for inventories and variables that users may write."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).parents[3]
VERSIONS = REPOSITORY / "roles/airfield/vars/main/versions.yml"
CHART = REPOSITORY / "roles" / "airflow" / "files" / "chart"

Values = dict[str, Any]

INVENTORY = """
control_host:
  hosts:
    localhost:
      ansible_connection: local
      ansible_python_interpreter: "{{ ansible_playbook_python }}"
kube_nodes:
  hosts:
    n1:
      node_labels: {role: airflow-control, disk: ssd}
      node_taints: [{key: dedicated, value: airflow, effect: NoSchedule}]
    n2:
      node_labels: {role: airflow-worker}
      node_taints: [{key: tasks, effect: NoExecute}]
    n3:
      node_labels: {pool: cron}
      node_taints: [{key: pool, value: cron, effect: NoSchedule}]
    n4:
      node_labels: {pool: user}
"""

BASIC: Values = {
    "url": "https://git.example.com/team/dags.git",
    "branch": "live",
    "subdir": "dags",
    "username": "airflow",
    "password": "a-secret",
}
SSH: Values = {
    "url": "git@git.example.com:team/dags.git",
    "ssh_private_key": "a-secret",
    "ssh_known_hosts": "git.example.com ssh-ed25519 AAAA\ngit.example.com ecdsa-sha2-nistp256 BBBB\n",
}
GIT: Values = {"airfield_dags_method": "git_bundle"}
GIT_SYNC: Values = {
    "airfield_dags_method": "git_sync",
    "airfield_images": {"airflow": "localhost/airflow:3", "git_sync": "registry.example.com:5000/git-sync:v4.4.2"},
}

CASES: dict[str, Values] = {
    "embedded": {},
    "official": {"airfield_chart": "official"},
    "large": {
        "airfield_chart": "official",
        "airflow_replicas": {"api_server": 2, "scheduler": 2, "triggerer": 0},
        "airflow_disruption_budgets": True,
        "airflow_resources": {"scheduler": {"limits": {"memory": "2Gi"}}, "worker": {"requests": {"cpu": "1"}}},
        "airflow_affinity": {
            "podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "rack"}]}
        },
        "airflow_env": [{"name": "TZ", "value": "UTC"}],
        "airflow_config": {"core": {"parallelism": 8}, "webserver": {"instance_name": 'a "quoted": name'}},
        "airflow_values": {"apiServer": {"service": {"type": "ClusterIP", "ports": [{"name": "http", "port": 80}]}}},
        "airflow_read_only_root": True,
    },
    "registry": {"airfield_images": {"airflow": "registry.example.com:5000/team/airflow:3.3.2-1@sha256:" + "a" * 64}},
    "namespaces": {
        "airfield_chart": "embedded",
        "airfield_namespace": "control",
        "airfield_worker_namespaces": ["control", "tasks"],
        "airfield_worker_selector": {},
    },
    "git_bundle_basic": {**GIT, "airfield_git": {"dags": BASIC}, "airflow_dags_refresh_interval": 7},
    "git_bundle_ssh": {**GIT, "airfield_git": {"dags": SSH}},
    # What airfield_dags_method is where nobody says.
    "git_bundle_public": {"airfield_git": {"dags": {"url": "https://git.example.com/dags%20of/all.git"}}},
    "git_sync_basic": {**GIT_SYNC, "airfield_git": {"dags": BASIC}},
    "git_sync_ssh": {**GIT_SYNC, "airfield_git": {"dags": SSH}, "airflow_read_only_root": True},
    "mysql": {"airfield_database_engine": "mysql"},
    "node_groups": {
        "airfield_namespace": "core",
        "airfield_worker_namespaces": ["core", "cron", "user"],
        "airfield_worker_tolerations": [{"key": "spot", "operator": "Exists", "tolerationSeconds": 60}],
        "airfield_worker_node_groups": {"cron": {"pool": "cron"}, "user": {"pool": "user"}},
    },
    # The first namespace's node group needs no toleration, the second's does.
    "tainted_node_group": {
        "airfield_worker_namespaces": ["airflow", "cron"],
        "airfield_worker_selector": {"pool": "user"},
        "airfield_worker_node_groups": {"cron": {"pool": "cron"}},
    },
    "one_node_group": {"airfield_worker_node_groups": {"airflow": {"pool": "user"}}},
    "argocd": {"airfield_deployer": "argocd"},
    "argocd_official": {"airfield_deployer": "argocd", "airfield_chart": "official"},
}


def run_playbook(directory: Path, tasks: list[dict[str, Any]], *options: str) -> str:
    """Run the tasks on the control host of the inventory above and return what Ansible says."""
    (directory / "hosts.yml").write_text(INVENTORY, encoding="utf-8")
    play = {"hosts": "control_host", "gather_facts": False, "vars": {"airfield_source": "packages"}}
    (directory / "play.yml").write_text(yaml.safe_dump([{**play, "tasks": tasks}]), encoding="utf-8")
    result = subprocess.run(
        [
            Path(sys.executable).parent / "ansible-playbook",
            "-vvv",
            "-i",
            directory / "hosts.yml",
            *options,
            directory / "play.yml",
        ],
        cwd=REPOSITORY,
        env={**os.environ, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def built_file(name: str, file: str = "") -> Path:
    """Return a file of a directory of builds, by default the program; `make test STAGES=unit` makes it first."""
    version = yaml.safe_load(VERSIONS.read_text(encoding="utf-8"))["airfield_tested_versions"][name]
    cache = Path(os.environ.get("AIRFIELD_CACHE_DIR") or Path.home() / ".cache/airfield")
    path = cache / "builds" / f"{name}-{version}" / (file or name)
    assert path.is_file(), f"There is no {path}. Run these tests with `make test STAGES=unit`, which makes it."
    return path


def render_values(directory: Path, cases: dict[str, Values]) -> dict[str, Values]:
    """Let the role save its values, once for each set of variables."""
    tasks = []
    for name, variables in cases.items():
        (directory / name).mkdir()
        tasks.append(
            {
                "name": f"Render {name}",
                "ansible.builtin.include_role": {"name": "airfield.airflow.airflow", "tasks_from": "values"},
                "vars": {"airfield_chart": "embedded", **variables, "airfield_state_dir": str(directory / name)},
            }
        )
    run_playbook(directory, tasks)
    return {
        name: yaml.safe_load((directory / name / "airflow-values.yml").read_text(encoding="utf-8")) for name in cases
    }


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Values]:
    """Return the saved values of every case."""
    return render_values(tmp_path_factory.mktemp("values"), CASES)


@pytest.fixture(scope="session")
def helm() -> Path:
    """Return the helm program."""
    return built_file("helm")


@pytest.fixture(scope="session")
def render_chart(
    helm: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Values], dict[tuple[str, str], Values]]:
    """Return a function that renders the embedded chart: values -> (kind, namespace/name) -> document."""
    directory = tmp_path_factory.mktemp("chart")
    known: dict[str, dict[tuple[str, str], Values]] = {}

    def render(values: Values) -> dict[tuple[str, str], Values]:
        text = yaml.safe_dump(values)
        if text not in known:
            known[text] = template(values, text)
        return known[text]

    def template(values: Values, text: str) -> dict[tuple[str, str], Values]:
        (directory / "values.yml").write_text(text, encoding="utf-8")
        namespace = values.get("config", {}).get("kubernetes_executor", {}).get("namespace", "airflow")
        result = subprocess.run(
            [helm, "template", "airflow", CHART, "--namespace", namespace, "--values", directory / "values.yml"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        documents = [document for document in yaml.safe_load_all(result.stdout) if document]
        return {
            (document["kind"], f"{document['metadata']['namespace']}/{document['metadata']['name']}"): document
            for document in documents
        }

    return render

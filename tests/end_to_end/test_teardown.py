# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What teardown.yml keeps: the data directories, unless it is told to delete them, and clusters that are not ours."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.tests.end_to_end.playbook import ROOT, run_playbook, write_inventory

NAME = "airfield-teardown-test"
TEARDOWN = ROOT / "playbooks/teardown.yml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data directory of an installation: a DAG, a log, a database."""
    data = tmp_path / f"home/.local/share/airfield/{NAME}"
    for name in ("dags/a.py", "logs/a.log", "postgres/pgdata/PG_VERSION", "credentials/credentials.yml"):
        (data / name).parent.mkdir(parents=True)
        (data / name).write_text("precious")
    return data


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    return write_inventory(tmp_path / "hosts.yml", NAME, tmp_path / "home", images_remove=False)


@pytest.fixture
def foreign_node() -> Iterator[str]:
    """A container that looks like the node of a kind cluster which this installation did not make."""
    name = f"{NAME}-control-plane"
    label = f"io.x-k8s.kind.cluster={NAME}"
    image = subprocess.run(
        ["docker", "import", "--change", "CMD true", "-", f"localhost/{NAME}"],
        stdin=subprocess.Popen(["tar", "--create", "--files-from=/dev/null"], stdout=subprocess.PIPE).stdout,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    subprocess.run(["docker", "create", "--name", name, "--label", label, image], check=True, capture_output=True)
    yield name
    subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True)
    subprocess.run(["docker", "rmi", image], check=True, capture_output=True)


def test_the_data_stays_unless_its_deletion_is_asked_for(inventory: Path, data: Path) -> None:
    run_playbook(TEARDOWN, inventory).check()
    assert sorted(path.name for path in data.iterdir()) == ["credentials", "dags", "logs", "postgres"]
    run_playbook(TEARDOWN, inventory, variables={"airfield_delete_data": True}).check()
    assert not data.exists()


def test_a_cluster_of_somebody_else_stays(inventory: Path, data: Path, foreign_node: str) -> None:
    run_playbook(TEARDOWN, inventory).refused("this installation did not make it, so it stays")
    subprocess.run(["docker", "inspect", foreign_node], check=True, capture_output=True)


def test_a_cluster_that_docker_cannot_be_asked_about_is_not_forgotten(inventory: Path) -> None:
    state = inventory.parent / f"home/.local/state/airfield/{NAME}"
    state.mkdir(parents=True)
    files = [state / "cluster", state / "kubeconfig"]
    for file in files:
        file.write_text("complete")
    play = inventory.parent / "absent.yml"
    include = "ansible.builtin.include_role: {name: airfield.airflow.cluster, tasks_from: absent}"
    play.write_text(f"- hosts: control_host\n  tasks:\n    - {include}\n")
    machine = {"is_root": True, "engine": {"running": False, "access": True}}
    run = run_playbook(play, inventory, variables={"machine_facts": machine})
    run.refused(f"The kind cluster {NAME} was made here, but Docker does not run", f"delete {files[0]} first")
    assert all(file.exists() for file in files)


def test_site_refuses_a_cluster_of_somebody_else(inventory: Path, foreign_node: str) -> None:
    play = inventory.parent / "cluster.yml"
    play.write_text("- hosts: control_host\n  roles:\n    - airfield.airflow.cluster\n")
    run_playbook(play, inventory).refused("this installation did not make it. Set airfield_name to another name")
    subprocess.run(["docker", "inspect", foreign_node], check=True, capture_output=True)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""site.yml refuses a wrong inventory before it changes anything, and says how to fix it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from ansible_collections.airfield.airflow.tests.end_to_end.playbook import (
    ROOT,
    Run,
    Values,
    closed_address,
    inventory,
    run_playbook,
    write_inventory,
)

NAME = "airfield-refused-test"
WORKER = f"{NAME}-worker"
Wrong = Callable[[Values], object]


def run_site(directory: Path, spoil: Wrong) -> Run:
    """Run site.yml on an inventory that is right but for what ``spoil`` does to it.

    Should the refusal fail, the run ends at its first download instead of making a cluster.
    """
    content = inventory(
        NAME, directory / "home", airfield_source="upstream", airfield_download_mirror=f"http://{closed_address()}"
    )
    spoil(content)
    hosts = directory / "hosts.yml"
    hosts.write_text(yaml.safe_dump(content, sort_keys=False))
    return run_playbook(ROOT / "site.yml", hosts)


def set_driver(content: Values) -> None:
    content["all"]["vars"]["airfield_cluster_driver"] = "knd"


def set_worker_selector(content: Values) -> None:
    content["all"]["vars"]["airfield_worker_selector"] = {"role": "elsewhere"}


def set_node_port(content: Values) -> None:
    content["all"]["vars"]["airfield_node_port"] = 8080


def drop_nodes(content: Values) -> None:
    del content["kube_nodes"]


def drop_control_host(content: Values) -> None:
    del content["control_host"]


def set_two_things(content: Values) -> None:
    set_driver(content)
    set_node_port(content)


CASES: dict[str, tuple[Wrong, list[str]]] = {
    "unknown driver": (
        set_driver,
        ["`airfield_cluster_driver`", "`knd` is not a valid value.", "Write one of `kind`,", "Did you mean `kind`?"],
    ),
    "worker selector that no node has": (
        set_worker_selector,
        [
            "`airfield_worker_selector` asks for a node with `role=elsewhere`",
            f"{WORKER} has `role=airflow-worker`",
            "Add `role: elsewhere` to `node_labels` of one of them, or change `airfield_worker_selector`.",
        ],
    ),
    "NodePort out of range": (
        set_node_port,
        ["`8080` is not a valid value for `airfield_node_port`.", "Write a number from 30000 to 32767"],
    ),
    "no kube_nodes": (
        drop_nodes,
        ["Group `kube_nodes` is missing or empty", "Add the nodes' names as hosts, each with `node_labels`"],
    ),
    "no control_host": (
        drop_control_host,
        ["Group `control_host` is missing or empty.", "Add one host to it"],
    ),
    "two problems at once": (
        set_two_things,
        [
            "has 2 problems. Nothing was changed.",
            "`knd` is not a valid value.",
            "`8080` is not a valid value for `airfield_node_port`.",
        ],
    ),
}


@pytest.mark.parametrize(("spoil", "sentences"), CASES.values(), ids=CASES)
def test_a_wrong_inventory_is_refused_before_any_change(tmp_path: Path, spoil: Wrong, sentences: list[str]) -> None:
    run = run_site(tmp_path, spoil)
    assert not (tmp_path / "home").exists(), f"it had begun:\n{run.output}"
    run.refused(*sentences)
    assert run.count("changed") == 0


def test_a_port_that_is_taken_is_named_before_any_change(tmp_path: Path) -> None:
    # Any ports: on those of other tests' inventories, which may run at the same time, nobody must listen.
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("0.0.0.0", 0)) as second:
        host_port, worker_port = (server.getsockname()[1] for server in (first, second))
        ports = {"airfield_host_port": host_port, "airfield_host_worker_port": worker_port}
        run = run_site(tmp_path, lambda content: content["all"]["vars"].update(ports))
    assert not (tmp_path / "home").exists(), f"it had begun:\n{run.output}"
    run.refused(
        "2 problems. Nothing was changed.",
        f"Port {host_port} (Airflow's UI and API) is taken on 127.0.0.1 by",
        "or set `airfield_host_port` to another port.",
        f"Port {worker_port} (the host worker) is taken by",
        "or set `airfield_host_worker_port` to another port.",
    )
    assert run.count("changed") == 0


def test_ports_of_an_installation_on_an_existing_cluster_are_its_own(tmp_path: Path) -> None:
    """It has a host worker on this machine, and with `airfield_container_engine` images are built here."""
    play = tmp_path / "play.yml"
    role = {
        "role": "airfield.airflow.machine",
        "vars": {"airfield_cluster_driver": "existing", "airfield_container_engine": True},
    }
    play.write_text(yaml.safe_dump([{"hosts": "control_host", "roles": [role]}]))
    with socket.create_server(("0.0.0.0", 0)) as worker:
        home, port = tmp_path / "home", worker.getsockname()[1]
        variables = {"airfield_source": "upstream", "airfield_host_worker_port": port}
        run_playbook(play, write_inventory(tmp_path / "hosts.yml", "ports", home, **variables)).check()


def test_the_same_inventory_without_a_mistake_is_not_refused(tmp_path: Path) -> None:
    """Without it the tests above could pass because nothing is ever accepted."""
    run = run_site(tmp_path, lambda content: content)
    assert (tmp_path / "home/.cache/airfield/bin").is_dir(), run.output
    run.refused("Set airfield_download_mirror")


@pytest.mark.parametrize("playbook", ["site.yml", "playbooks/verify.yml", "playbooks/trigger.yml"])
def test_a_limit_that_leaves_out_the_check_is_refused(tmp_path: Path, playbook: str) -> None:
    content = inventory(NAME, tmp_path / "home")
    content["control_host"]["hosts"] = {"control.example.com": content["control_host"]["hosts"]["localhost"]}
    hosts = tmp_path / "hosts.yml"
    hosts.write_text(yaml.safe_dump(content, sort_keys=False))
    run = run_playbook(ROOT / playbook, hosts, "--limit", "control_host")
    run.refused("because --limit leaves out localhost", "Add it: --limit 'localhost,control_host'.")
    assert run.count("changed") == 0

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time and memory of the placement module with 10,000 pods, compared with k8s_info and assert.

Run it with the Python of the virtual environment, on a cluster that may be filled and emptied again:

    .venv/bin/python bench/placement/run.py --kubeconfig FILE --kwok FILE

KWOK plays the kubelet of fake nodes, so that the Kubernetes API is real and only the containers are not. Everything
that this creates has one label; leftovers of a killed run are removed first, and everything at the end.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".venv/collections"))

from ansible_collections.airfield.airflow.bench.meter import Cost, Meter  # noqa: E402
from ansible_collections.airfield.airflow.bench.placement.fake_cluster import (  # noqa: E402
    LABEL,
    NAMESPACE,
    NODE_ROLE,
    FakeCluster,
)

Json = dict[str, Any]


def with_placement(kubeconfig: str, pods: int) -> list[str]:
    """The command that checks with our module that every pod is on a bench node, with a single container."""
    expectation = {
        "name": "Bench pods",
        "namespace": NAMESPACE,
        "label_selector": LABEL,
        "node_selector": NODE_ROLE,
        "count": pods,
        "containers": 1,
    }
    return [
        "ansible",
        "localhost",
        "-m",
        "airfield.airflow.placement",
        "-a",
        json.dumps({"kubeconfig": kubeconfig, "expectations": [expectation]}),
    ]


def with_assert(directory: Path, pods: int) -> list[str]:
    """The command that checks the same with kubernetes.core.k8s_info and ansible.builtin.assert."""
    wrong_nodes = "bench_pods.resources | map(attribute='spec.nodeName') | unique | difference(bench_nodes)"
    numbers = "bench_pods.resources | map(attribute='spec.containers') | map('length') | unique"
    nodes = "bench_node_list.resources | map(attribute='metadata.name') | list"
    selector = [f"{key}={value}" for key, value in NODE_ROLE.items()]
    read = "kubernetes.core.k8s_info"
    tasks = [
        {"name": "Read the nodes", read: {"kind": "Node", "label_selectors": selector}, "register": "bench_node_list"},
        {
            "name": "Read the pods",
            read: {"kind": "Pod", "namespace": NAMESPACE, "label_selectors": [LABEL]},
            "register": "bench_pods",
        },
        {
            "name": "Check their nodes, their number and their containers",
            "ansible.builtin.assert": {
                "that": [
                    f"bench_pods.resources | length == {pods}",
                    f"{wrong_nodes} | length == 0",
                    f"{numbers} | list == [1]",
                ],
                "quiet": True,
            },
            "vars": {"bench_nodes": f"{{{{ {nodes} }}}}"},
        },
    ]
    play = {"name": "Prove with k8s_info and assert", "hosts": "localhost", "gather_facts": False, "tasks": tasks}
    playbook = directory / "assert.yml"
    playbook.write_text(json.dumps([play]))  # JSON is YAML
    return ["ansible-playbook", str(playbook)]


def median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def show(pods: int, ours: Cost, theirs: Cost) -> None:
    print(f"\nproof of {pods} pods    command     modules    module's peak   largest process")
    for what, cost in (("placement", ours), ("k8s_info + assert", theirs)):
        seconds = f"{cost.wall:8.2f} s{cost.modules:10.2f} s"
        print(f"{what:24}{seconds}{cost.module_mib:10.0f} MiB{cost.largest_mib:10.0f} MiB", flush=True)
    print(
        f"goals: module in 3 s: {ours.modules:.2f} s; in 120 MiB: {ours.module_mib:.0f} MiB; "
        f"command 10 times as fast: {theirs.wall / ours.wall:.1f} times\n",
        flush=True,
    )


def run(arguments: argparse.Namespace) -> Json:
    """Fill the cluster, measure, and empty it. Returns the figures."""
    kubeconfig = str(Path(arguments.kubeconfig).expanduser().resolve())
    with tempfile.TemporaryDirectory(prefix="airfield-bench-") as name:
        directory = Path(name)
        meter, environment = Meter(directory), {"K8S_AUTH_KUBECONFIG": kubeconfig}
        cluster = FakeCluster(kubeconfig, arguments.kwok, directory / "kwok.log")
        try:
            cluster.remove()
            cluster.create(arguments.nodes, arguments.pods)
            command = with_placement(kubeconfig, arguments.pods)
            ours = median([meter.measure(*command, environment=environment) for _time in range(arguments.repeat)])
            theirs = meter.measure(*with_assert(directory, arguments.pods), environment=environment)
            show(arguments.pods, ours, theirs)
        finally:
            # The first signal ends the measurement; a second one would end the cleanup.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            if not arguments.keep:
                cluster.remove()
            cluster.stop()
    return {"pods": arguments.pods, "placement": ours._asdict(), "k8s_info_assert": theirs._asdict()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kubeconfig", required=True, help="of a cluster that may be filled and emptied")
    parser.add_argument("--kwok", required=True, help="path of the program kwok")
    parser.add_argument("--pods", type=int, default=10_000)
    parser.add_argument("--nodes", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3, help="runs of placement; the median counts")
    parser.add_argument("--keep", action="store_true", help="leave the fake nodes and pods in the cluster")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit("terminated by a signal"))
    figures = run(arguments)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()

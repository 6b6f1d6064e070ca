# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The script of the pod network, run as a container runs it, with stand-ins for kubectl, ip and iptables."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "images/components/pod-network"
SECONDS = 15.0
NODES = "a 10.244.0.0/24 172.20.0.2\nb 10.244.1.0/24 172.20.0.3\nnew 10.244.2.0/24 \n"
# Each writes its arguments down. ``kubectl get --watch`` prints a line for each that a test adds to the file `changes`.
# A program fails as often as a test wants.
STAND_IN = """#!/bin/sh
name=$(basename "$0")
echo "$name $*" >> {directory}/calls
if [ -s {directory}/fail-$name ]; then sed -i 1d {directory}/fail-$name; exit 1; fi
case "$name $*" in
  *--watch*) exec tail -n +1 -f {directory}/changes ;;
  kubectl*) cat {directory}/nodes ;;
  *" -C "*) exit 1 ;;
esac
"""


class Node:
    """One node's directory, and what its programs were asked."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        programs = directory / "bin"
        programs.mkdir()
        for name in ("kubectl", "ip", "iptables"):
            (programs / name).write_text(STAND_IN.format(directory=directory))
            (programs / name).chmod(0o755)
        (directory / "cni").mkdir()
        (directory / "nodes").write_text(NODES)
        (directory / "changes").write_text("node/a\n")
        (directory / "calls").write_text("")

    def start(self) -> subprocess.Popen[bytes]:
        environment = {
            "PATH": f"{self.directory / 'bin'}:/usr/bin:/bin",
            "NODE_NAME": "a",
            "POD_SUBNET": "10.244.0.0/16",
            "CNI_DIRECTORY": str(self.directory / "cni"),
            "NODES_FILE": str(self.directory / "list"),
        }
        # A session of its own, as a container has its own processes: all end together.
        return subprocess.Popen(["/bin/sh", str(SCRIPT)], env=environment, start_new_session=True)

    def fail(self, program: str, times: int) -> None:
        (self.directory / f"fail-{program}").write_text("x\n" * times)

    def change(self) -> None:
        with (self.directory / "changes").open("a") as changes:
            changes.write("node/b\n")

    def calls(self, beginning: str) -> list[str]:
        return [line for line in (self.directory / "calls").read_text().splitlines() if line.startswith(beginning)]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    node = Node(tmp_path)
    yield node
    subprocess.run(["pkill", "--full", str(tmp_path)], check=False)


@pytest.fixture
def run(node: Node) -> Iterator[Callable[[], None]]:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        started.append(node.start())

    yield start
    for process in started:
        process.terminate()
        assert process.wait(timeout=SECONDS) == 0


def wait_for(look: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.05)


def test_a_node_gets_its_range_and_the_routes_to_the_others(node: Node, run: Callable[[], None]) -> None:
    run()
    wait_for(lambda: bool(node.calls("ip ")))
    assert node.calls("ip ") == ["ip route replace 10.244.1.0/24 via 172.20.0.3"]
    masquerade = "POSTROUTING -s 10.244.0.0/24 ! -d 10.244.0.0/16 -j MASQUERADE"
    assert node.calls("iptables ") == [f"iptables -t nat -{option} {masquerade}" for option in "CA"]
    written = json.loads((node.directory / "cni/10-pods.conflist").read_text())
    assert written["plugins"][0]["ipam"]["ranges"] == [[{"subnet": "10.244.0.0/24"}]]


def test_only_a_change_makes_it_read_the_nodes_again(node: Node, run: Callable[[], None]) -> None:
    run()
    wait_for(lambda: bool(node.calls("ip ")))
    (node.directory / "nodes").write_text(NODES.replace("172.20.0.3", "172.20.0.9"))
    time.sleep(0.3)
    assert len(node.calls("kubectl get nodes -o")) == 1
    node.change()
    wait_for(lambda: "ip route replace 10.244.1.0/24 via 172.20.0.9" in node.calls("ip "))
    assert len(node.calls("kubectl get nodes -o")) == 2


@pytest.mark.parametrize(("program", "times"), [("ip", 1), ("iptables", 2)])
def test_what_fails_is_tried_again(node: Node, run: Callable[[], None], program: str, times: int) -> None:
    # iptables fails to add the rule: its first failure is that of the question whether the rule exists.
    node.fail(program, times)
    run()
    wait_for(lambda: len(node.calls("ip route")) == 2)
    assert len(node.calls("kubectl get nodes -o")) == 2


def test_a_configuration_that_cannot_be_written_is_tried_again(node: Node, run: Callable[[], None]) -> None:
    file = node.directory / "cni/10-pods.conflist"
    # Root may write anywhere, but not over a directory.
    file.mkdir()
    run()
    wait_for(lambda: len(node.calls("kubectl get nodes -o")) == 2)
    file.rmdir()
    wait_for(file.is_file)


def test_nodes_that_cannot_be_read_are_asked_for_again(node: Node, run: Callable[[], None]) -> None:
    run()
    wait_for(lambda: bool(node.calls("ip ")))
    node.fail("kubectl", 1)
    node.change()
    wait_for(lambda: len(node.calls("ip ")) == 2)
    assert len(node.calls("kubectl get nodes -o")) == 3


def test_a_watch_that_ends_begins_again(node: Node, run: Callable[[], None]) -> None:
    node.fail("kubectl", 1)
    run()
    wait_for(lambda: bool(node.calls("ip ")))
    assert len(node.calls("kubectl get nodes --watch")) == 2

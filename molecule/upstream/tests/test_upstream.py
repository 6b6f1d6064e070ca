# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user with internet sees: the commands of README.md, typed on a machine of their own by a user who is not root.

The tests are in the order in which the commands are typed; the last one removes everything.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.molecule.testing.patience import Progress

LAPTOP = "airfield-test-laptop"
HOME = "/home/dev"
CLUSTER = ("airfield-control-plane", "airfield-worker")
EMBEDDED = "ARGS=-e airfield_chart=embedded"
SCENARIO = Path.home() / ".airfield-test/upstream"


class Finished:
    """A command that has ended."""

    def __init__(self, return_code: int, output: str) -> None:
        self.return_code = return_code
        self.output = output
        self.words = " ".join(output.split())

    @property
    def changed(self) -> dict[str, int]:
        """How many tasks changed something, for each host of the recap."""
        recap = self.output.rpartition("PLAY RECAP")[2]
        return {host: int(number) for host, number in re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", recap, re.M)}

    def check(self) -> Finished:
        assert self.return_code == 0, self.output
        return self


def run(*command: str, user: str = "dev") -> Finished:
    """Run a command in the user's checkout."""
    options = [f"--user={user}", f"--workdir={HOME}/airflow", f"--env=HOME={HOME if user == 'dev' else '/root'}"]
    # What a user has who logs in on Debian.
    options += ["--env=PATH=/usr/local/bin:/usr/bin:/bin"] if user == "dev" else []
    process = subprocess.Popen(
        ["docker", "exec", *options, "--env=PIP_CERT=/etc/ssl/certs/ca-certificates.crt", LAPTOP, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    progress = Progress(shlex.join(command))
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        progress.tell(line.strip()[:150])
    return Finished(process.wait(), "".join(lines))


def printed(*command: str, user: str = "dev") -> str:
    return run(*command, user=user).check().output.strip()


def images() -> set[str]:
    """The names of the images of the user's engine."""
    return set(printed("sudo", "docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}").split())


@pytest.fixture(scope="module")
def first_run() -> Finished:
    """The `make up` of the scenario's converge."""
    return Finished(0, (SCENARIO / "up.log").read_text())


def test_auto_says_that_it_took_upstream_and_why(first_run: Finished) -> None:
    assert 'The source is "upstream", because https://kind.sigs.k8s.io/dl/v' in first_run.words
    assert printed("cat", f"{HOME}/.local/state/airfield/airfield/source") == "upstream"


def test_the_first_run_ended_with_a_proof(first_run: Finished) -> None:
    assert re.search(r"Proof of this run: (\d+) checks, \1 passed", first_run.words)
    assert "external_trigger_dag: executed by a host worker" in first_run.words


def test_the_images_came_from_the_public_registries(first_run: Finished) -> None:
    log = (SCENARIO / "internet/logs/access.log").read_text()
    for name in ("apache/airflow", "kindest/node", "library/postgres"):
        assert re.search(rf'"GET /v2/{name}/manifests/\S+ HTTP/1.1" 200', log), log[-2000:]
    assert "GET /dl/v" in log
    assert images() >= {"postgres:17"}


@pytest.mark.parametrize("node", CLUSTER)
def test_the_nodes_have_the_images_pinned_under_their_full_names(node: str) -> None:
    """Docker leaves `docker.io/library/` out of a name, the image store of a node does not."""
    listing = printed("sudo", "docker", "exec", node, "ctr", "--namespace=k8s.io", "images", "list")
    for name in ("docker.io/apache/airflow:", "docker.io/library/postgres:17"):
        rows = [line for line in listing.splitlines() if line.startswith(name)]
        assert len(rows) == 1, listing
        assert "airfield.build=sha256:" in rows[0]
        assert "io.cri-containerd.pinned=pinned" in rows[0]


def test_what_was_written_belongs_to_the_user() -> None:
    """But for the directories of the users of the images, which pods write to."""
    command = ["sudo", "find", HOME, "!", "-user", "dev", "!", "-path", f"{HOME}/.local/share/airfield/airfield/*"]
    assert printed(*command) == ""
    kubeconfig = f"{HOME}/.local/state/airfield/airfield/kubeconfig"
    assert printed("stat", "--format=%U %a", kubeconfig) == "dev 600"
    # Ansible's own directory for temporary files.
    assert set(printed("ls", "-A", "/root", user="root").split()) <= {".ansible", ".bashrc", ".profile"}


def test_a_user_without_sudo_is_refused_before_anything_changes() -> None:
    printed("useradd", "--create-home", "guest", user="root")
    home = printed("ls", "-A", "/home/guest", user="root")
    printed("chmod", "755", HOME, user="root")
    # The ports are taken by the installation of the other user.
    command = [
        f"{HOME}/airflow/.venv/bin/ansible-playbook",
        "-i",
        "inventories/local",
        "-e",
        "{machine_ports: []}",
        "site.yml",
    ]
    refused = run("runuser", "--user=guest", "--", "env", "HOME=/home/guest", *command, user="root")
    assert refused.return_code != 0
    assert "guest is not root, and sudo does not help (sudo: a password is required)." in refused.words
    assert "Nothing was changed." in refused.words
    assert set(refused.changed.values()) == {0}
    # Ansible's own directory for temporary files.
    assert set(printed("ls", "-A", "/home/guest", user="root").split()) - set(home.split()) <= {".ansible"}


def test_a_user_whose_sudo_asks_for_a_password_gives_it_once() -> None:
    printed("sh", "-c", "echo guest:hunter2 | chpasswd && usermod --append --groups=sudo guest", user="root")
    check = [f"{HOME}/airflow/.venv/bin/ansible-playbook", "-i", "inventories/local", "--ask-become-pass"]
    typed = f"echo hunter2 | {shlex.join([*check, 'molecule/upstream/playbooks/machine.yml'])}"
    done = run("runuser", "--user=guest", "--", "env", "HOME=/home/guest", "sh", "-c", typed, user="root").check()
    assert "Read the state of Docker as root" in done.words
    assert "hunter2" not in done.output


def test_a_second_run_changes_nothing() -> None:
    """By a user who is in the group docker by now, so that only Docker and kind no longer need sudo."""
    printed("usermod", "--append", "--groups=docker", "dev", user="root")
    assert printed("docker", "ps", "--quiet").split()
    second = run("make", "up", EMBEDDED).check()
    assert set(second.changed.values()) == {0}, second.output


def test_a_fresh_proof_passes() -> None:
    proof = run("make", "verify").check()
    assert re.search(r"Proof of this run: (\d+) checks, \1 passed", proof.words)
    assert "external_trigger_dag: executed by a host worker" in proof.words


def test_the_dags_can_be_triggered_by_hand() -> None:
    trigger = run("make", "trigger").check()
    start = trigger.output.partition("TASK [airfield.airflow.verify : Start the runs, ")[2].partition("\nTASK [")[0]
    assert "\nchanged: [localhost]" in start, trigger.output[-5000:]


def test_the_status_is_shown() -> None:
    status = run("make", "status").check()
    assert "Kubernetes v" in status.output
    assert "Everything is healthy." in status.words


def test_sudo_make_is_refused_in_one_sentence() -> None:
    refused = run("sudo", "make", "status")
    assert refused.return_code != 0
    assert "Run make as yourself, without sudo" in refused.output


def test_a_firewall_between_the_nodes_and_the_host_worker_is_named() -> None:
    """The firewall is the user's machine's own. As ufw does it: what is not allowed is dropped."""
    rule = ["INPUT", "--protocol", "tcp", "--dport", "5000", "--jump", "DROP"]
    subnet = json.loads(printed("sudo", "docker", "network", "inspect", "kind"))[0]["IPAM"]["Config"]
    network = next(part["Subnet"] for part in subnet if "." in part["Subnet"])
    assert network
    command = [".venv/bin/ansible-playbook", "-i", "inventories/local", "molecule/upstream/playbooks/reach.yml"]
    run(*command).check()
    printed("sudo", "iptables", "--insert", *rule)
    try:
        refused = run(*command)
    finally:
        printed("sudo", "iptables", "--delete", *rule)
    assert refused.return_code != 0
    assert "a firewall drops what comes from the cluster" in refused.words
    assert f"sudo ufw allow from {network} to any port 5000 proto tcp" in refused.words


def test_down_removes_what_this_installation_brought_and_nothing_else() -> None:
    printed("sudo", "docker", "tag", "postgres:17", "registry.example.com/mine:1")
    before = images()
    run("make", "down").check()
    assert before - images() == {name for name in before if not name.startswith("registry.example.com/")}
    assert printed("sudo", "docker", "ps", "--all", "--quiet") == ""
    assert printed("ls", f"{HOME}/.local/share/airfield/airfield").split()  # the data stays

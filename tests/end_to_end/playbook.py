# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-playbook as a user does, and read what its last lines say."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
# A play that takes longer hangs: none of these tests builds anything, but a cluster may be created beside them.
TIMEOUT = 600

Values = dict[str, Any]

# Others than those of an installation that the user of this machine may have.
PORTS = {"airfield_host_port": 32480, "airfield_host_worker_port": 5480}


@dataclass(frozen=True)
class Run:
    """How a run ended: its exit code, everything it printed, and the counts of the recap, added over all hosts."""

    code: int
    output: str

    @property
    def words(self) -> str:
        """The output as one line, so that a wrapped message can be searched for a sentence."""
        return " ".join(self.output.split())

    def count(self, what: str) -> int:
        """``what`` is a word of the recap: ok, changed, failed, skipped."""
        return sum(int(number) for number in re.findall(rf"^\S+ +:.*\b{what}=(\d+)", self.output, re.MULTILINE))

    @property
    def changed_tasks(self) -> list[str]:
        """The names of the tasks that reported a change."""
        tasks = re.split(r"^TASK \[", self.output, flags=re.MULTILINE)[1:]
        return [task.partition("]")[0] for task in tasks if re.search(r"^changed: ", task, re.MULTILINE)]

    def says(self, *sentences: str) -> Run:
        """Fail unless the run said each of these sentences."""
        for sentence in sentences:
            assert sentence in self.words, f"it does not say {sentence!r}:\n{self.output}"
        return self

    def check(self) -> Run:
        """Fail with the whole output unless the run passed."""
        assert self.code == 0, self.output
        return self

    def refused(self, *sentences: str) -> Run:
        """Fail unless the run failed and said each of these sentences."""
        assert self.code != 0, f"it should have failed:\n{self.output}"
        return self.says(*sentences)


def run_playbook(
    playbook: Path | str, inventory: Path, *options: str, variables: Values | None = None, cwd: Path = ROOT, **more: str
) -> Run:
    """Run a playbook; ``variables`` go in as extra variables, ``more`` are variables of the environment."""
    extra = ["--extra-vars", json.dumps(variables)] if variables else []
    command = [str(BIN / "ansible-playbook"), "--inventory", str(inventory), *extra, *options, str(playbook)]
    result = subprocess.run(
        command, cwd=cwd, env=environment(**more), capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    return Run(result.returncode, result.stdout + result.stderr)


def environment(**more: str) -> dict[str, str]:
    """The environment without what would change how Ansible or the collection behaves here."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AIRFIELD_"))}
    return {**own, "PATH": f"{BIN}:{own['PATH']}", "ANSIBLE_FORCE_COLOR": "0", "ANSIBLE_PIPELINING": "1", **more}


def write_inventory(file: Path, name: str, home: Path, **variables: Any) -> Path:
    """An inventory like inventories/local with names and directories of its own. ``variables`` hold for every host."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(inventory(name, home, **variables), sort_keys=False))
    return file


def inventory(name: str, home: Path, **variables: Any) -> Values:
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    nodes = {
        f"{name}-control-plane": {"node_labels": {"role": "airflow-control"}},
        f"{name}-worker": {"node_labels": {"role": "airflow-worker"}},
    }
    return {
        "all": {"vars": {"airfield_name": name, "airfield_home": str(home), **PORTS, **variables}},
        "control_host": {"hosts": {"localhost": dict(local)}},
        "kube_nodes": {"hosts": nodes},
        "host_workers": {"hosts": {f"{name}-host-worker": dict(local)}},
    }


def free_port() -> int:
    """A port of this machine on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def closed_address() -> str:
    """An address that refuses every connection."""
    return f"localhost:{free_port()}"


def tree(directory: Path) -> dict[str, str]:
    """Everything below a directory, with each file's size and time of change, to see whether anything changed."""
    return {
        str(path.relative_to(directory)): f"{path.lstat().st_size} {path.lstat().st_mtime_ns}"
        for path in sorted(directory.rglob("*"))
        if not path.is_dir()
    }

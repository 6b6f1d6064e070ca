# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario of Molecule: where everything of it is, and playbooks that run on its inventory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.airfield.airflow.molecule.testing.patience import Progress

PROJECT = Path(__file__).resolve().parents[2]
PLAYBOOK_SECONDS = 1800.0


@dataclass(frozen=True)
class Finished:
    """A playbook that has ended."""

    return_code: int
    output: str

    @property
    def words(self) -> str:
        """The output in one line, since Ansible breaks long messages."""
        return " ".join(self.output.split())

    @property
    def changed(self) -> dict[str, int]:
        """How many tasks changed something, for each host of the recap."""
        recap = self.output.rpartition("PLAY RECAP")[2]
        return {host: int(number) for host, number in re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", recap, re.M)}

    @property
    def executed_tasks(self) -> int:
        """How many tasks were executed: the sum of `ok` over all hosts of the recap, which includes `changed`."""
        recap = self.output.rpartition("PLAY RECAP")[2]
        return sum(int(number) for number in re.findall(r"^\S+\s+: ok=(\d+)", recap, re.M))

    @property
    def changed_tasks(self) -> list[str]:
        """The names of the tasks that changed something."""
        found, task = [], ""
        for line in self.output.splitlines():
            if line.startswith(("TASK [", "RUNNING HANDLER [")):
                task = line.strip(" *")
            elif line.startswith("changed:"):
                found.append(task)
        return found


class Scenario:
    """``directory`` is the scenario's. Of its inventories, a later one overrides the earlier ones."""

    def __init__(self, directory: Path, inventories: Sequence[str] = ("inventory",)) -> None:
        self.directory = directory
        self.inventories = inventories
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            told = self.run(PROJECT / "molecule/testing/settings.yml", f"--extra-vars=settings_file={file.name}")
            assert told.return_code == 0, told.output
            self.settings: dict[str, Any] = json.loads(Path(file.name).read_text())
        self.logs = Path(self.settings["scenario_dir"]) / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        """A setting that is a path."""
        return Path(self.settings[name])

    def program(self, name: str) -> str:
        return str(self.path("bin_dir") / name)

    def start(
        self, playbook: Path, *arguments: str, log: Path, inventories: Sequence[str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a playbook; all that it says goes into the file ``log``."""
        command = [str(Path(sys.executable).parent / "ansible-playbook")]
        command += [f"--inventory={self.directory / name}" for name in inventories or self.inventories]
        environment = {
            **os.environ,
            "ANSIBLE_CONFIG": str(PROJECT / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(PROJECT / ".venv/collections"),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_FORCE_COLOR": "false",
        }
        with log.open("wb") as output:
            return subprocess.Popen(
                [*command, *arguments, str(playbook)],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def run(
        self,
        playbook: Path,
        *arguments: str,
        log: Path | None = None,
        inventories: Sequence[str] | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Finished:
        """Run a playbook to its end; ``meanwhile`` is called about ten times a second."""
        with tempfile.TemporaryDirectory() as directory:
            log = log or Path(directory) / "playbook.log"
            process = self.start(playbook, *arguments, log=log, inventories=inventories)
            try:
                return finish(process, log, playbook.name, meanwhile)
            finally:
                process.kill()


def finish(
    process: subprocess.Popen[bytes], log: Path, name: str, meanwhile: Callable[[], None] = lambda: None
) -> Finished:
    """Wait for a playbook that was started."""
    progress = Progress(f"ansible-playbook {name}")
    while True:
        try:
            return Finished(process.wait(timeout=0.1), log.read_text(errors="replace"))
        except subprocess.TimeoutExpired:
            meanwhile()
        if progress.seconds > PLAYBOOK_SECONDS:
            raise AssertionError(f"{name} has not ended after {PLAYBOOK_SECONDS:.0f} s: {newest_task(log)}")
        progress.tell(newest_task(log))


def newest_task(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 20000))
        lines = file.read().decode(errors="replace").splitlines()
    told = [line.strip(" *") for line in lines if line.startswith(("TASK [", "PLAY [", "  … "))]
    return told[-1][:150] if told else "starting"

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cost of an Ansible command as a whole, and the cost of the modules that it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# Not resolved: the link in a virtual environment makes it one.
BIN = Path(sys.executable).parent
COLLECTIONS = ROOT / ".venv/collections"
MEBI = 1024 * 1024
ENVIRONMENT = {
    "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
    "ANSIBLE_NOCOLOR": "true",
}

# Ansible runs each module with the configured interpreter. This one measures its only child, which is the module.
METER = """#!{python}
import json, os, resource, subprocess, sys, time
started = time.monotonic()
code = subprocess.call([{python!r}, *sys.argv[1:]])
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(os.environ["BENCH_METER"], "a") as file:
    file.write(json.dumps([time.monotonic() - started, usage.ru_maxrss * 1024]) + "\\n")
sys.exit(code)
"""


class Cost(NamedTuple):
    """Seconds of a command and of its modules, MiB of its largest module and of its largest process."""

    wall: float
    modules: float
    module_mib: float
    largest_mib: float


class Meter:
    """Measures Ansible commands; its files are in a directory of the caller."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        # The output of the last command.
        self.log = directory / "output.log"
        self._python = directory / "meter"
        self._python.write_text(METER.format(python=sys.executable))
        self._python.chmod(0o755)

    def measure(self, program: str, *arguments: str, environment: Mapping[str, str]) -> Cost:
        """Run a program of Ansible. Raises SystemExit with its output if it fails: a failure is not a measurement."""
        figures = self._directory / "meter.jsonl"
        figures.unlink(missing_ok=True)
        interpreter = f"ansible_python_interpreter={self._python}"
        argv = [str(BIN / program), "-i", "localhost,", "-c", "local", "-e", interpreter, *arguments]
        variables = {**os.environ, **ENVIRONMENT, "BENCH_METER": str(figures), **environment}
        with open(self.log, "wb") as output:
            started = time.monotonic()
            child = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=variables,
                cwd=self._directory,
            )
            # wait4, because its figures are of this child and its descendants only, not of all earlier ones.
            _pid, status, usage = os.wait4(child.pid, 0)
            wall = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said = self.log.read_text(errors="replace")[-3000:]
            raise SystemExit(f"`{program} {' '.join(arguments[:3])} …` failed:\n{said}")
        metered = [json.loads(line) for line in figures.read_text().splitlines()] if figures.exists() else []
        if not metered:
            raise SystemExit(f"`{program}` ran no module through the meter, so nothing was measured.")
        return Cost(
            wall=wall,
            modules=sum(seconds for seconds, _size in metered),
            module_mib=max(size for _seconds, size in metered) / MEBI,
            largest_mib=usage.ru_maxrss * 1024 / MEBI,
        )

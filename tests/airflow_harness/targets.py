# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets run by ansible-test: its output is parsed, so that there is one line for each target that passes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.airfield.airflow.tests.airflow_harness.examples import TARGETS, not_executed
from ansible_collections.airfield.airflow.tests.airflow_harness.processes import Command, Process, Processes

BIN = Path(sys.executable).parent
CONFIG = Path("tests/integration/integration_config.yml")
ALIAS = "airflow"
HEADER = re.compile(r"Running (\S+) integration test role\s*")


@dataclass(frozen=True)
class Result:
    """The result of a target; ``mistakes`` is empty if it passed."""

    target: str
    seconds: float
    output: str
    mistakes: tuple[str, ...]


def all_targets(collection: Path) -> list[str]:
    """The targets that need an Airflow, by their aliases."""
    aliases = sorted((collection / TARGETS).glob("*/aliases"))
    return [file.parent.name for file in aliases if ALIAS in file.read_text().split()]


def run_targets(
    processes: Processes,
    name: str,
    collection: Path,
    targets: Iterable[str],
    variables: Mapping[str, Any],
    examples: Mapping[str, list[str]],
    tell: Callable[[Result], None],
) -> list[Result]:
    """Run the targets one after the other, even after a failure, and call ``tell`` with each when it has ended."""
    (collection / CONFIG).write_text(yaml.safe_dump(dict(variables)))
    (collection / CONFIG).chmod(0o600)
    home = processes.directory / f"{name}-home"
    home.mkdir(mode=0o700, exist_ok=True)
    command: Command = [BIN / "ansible-test", "integration", "--color", "no", "--continue-on-error", *targets]
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(home), "PYTHONUNBUFFERED": "1"}
    process = processes.start(
        f"{name}-ansible-test", command, environment=environment, cwd=collection, stdout=subprocess.PIPE
    )
    results = []
    try:
        for target, seconds, output in blocks(_lines(process)):
            result = Result(target, seconds, output, tuple(judge(target, output, examples.get(target, []))))
            results.append(result)
            tell(result)
        process.popen.wait()
    finally:
        processes.end(process)
    if process.popen.returncode and all(not result.mistakes for result in results):
        results.append(Result("ansible-test", 0.0, process.last_lines(), ("ansible-test failed",)))
        tell(results[-1])
    return results


def blocks(lines: Iterable[str], clock: Callable[[], float] = time.monotonic) -> Iterator[tuple[str, float, str]]:
    """Each target with its seconds and its output; output before the first one belongs to none."""
    target, begin = "", 0.0
    text: list[str] = []
    for line in lines:
        if header := HEADER.fullmatch(line):
            if target:
                yield target, clock() - begin, "".join(text)
            target, begin, text = header[1], clock(), []
        text.append(line)
    if target:
        yield target, clock() - begin, "".join(text)


def judge(target: str, output: str, examples: list[str]) -> list[str]:
    """What is wrong with a target, by its output."""
    recaps = re.findall(r"^testhost +: ok=.*?unreachable=(\d+) +failed=(\d+)", output, re.MULTILINE)
    if not recaps or any(int(number) for recap in recaps for number in recap):
        return ["it failed"]
    return [f"the example was not executed: {name}" for name in not_executed(target, examples, output)]


def _lines(process: Process) -> Iterator[str]:
    """The lines of a process as they arrive, also written to its log."""
    assert process.popen.stdout is not None
    with process.log.open("a") as log:
        for line in process.popen.stdout:
            log.write(line)
            log.flush()
            yield line

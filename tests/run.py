# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the stages of `make test` in phases, stop at the first failure, and print the cost of each stage.

Usage: run.py [STAGE ...], all of them by default. A stage prepares what it needs, in any order and on its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
# The imports after this line, out of their usual place (E402), find the collection only with it.
sys.path.insert(0, str(ROOT / ".venv/collections"))

from ansible_collections.airfield.airflow.tests import isolation  # noqa: E402
from ansible_collections.airfield.airflow.tests.collection_copy import copy_collection  # noqa: E402
from ansible_collections.airfield.airflow.tests.costs import Cost, report  # noqa: E402

BIN = Path(sys.executable).parent
# ansible-test bootstraps pip with a script whose name contains pip's version.
PIP_BOOTSTRAP = "get_pip_24_2.py"
# On all processors; the tests of a file share its fixtures.
PYTEST = (sys.executable, "-m", "pytest", "--numprocesses", "auto", "--dist", "loadfile")
ENVIRONMENT = {
    **isolation.environment(),
    "PATH": f"{BIN}:{os.environ['PATH']}",
    "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/collections"),
    "ANSIBLE_FORCE_COLOR": "0",
    # With the one of ansible.cfg.
    "ANSIBLE_CALLBACKS_ENABLED": "airfield.airflow.progress,shared_archives",
    "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests/callbacks"),
    "ANSIBLE_SHARED_ARCHIVES": str(isolation.HOME / "module_archives"),
}


# The output of commands of a stage that runs in parallel with others.
OUTPUT: ContextVar[IO[str] | None] = ContextVar("OUTPUT", default=None)


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> None:
    """Run a command with this environment's programs first; raise CalledProcessError when it fails."""
    argv = [str(part) for part in command]
    output = OUTPUT.get()
    subprocess.run(argv, cwd=cwd, env={**ENVIRONMENT, **environment}, check=True, stdout=output, stderr=output)


def python() -> None:
    run(BIN / "ruff", "check", ".")
    run(BIN / "ruff", "format", "--check", ".")
    run(BIN / "mypy", "plugins", "dags", "environment", "images", "tests", "bench", "molecule", "docs")


def lint() -> None:
    run(BIN / "yamllint", "--strict", ".")
    run(BIN / "ansible-lint", "--strict")
    run(BIN / "codespell")
    run(sys.executable, "tests/lint/words.py")
    run(sys.executable, "tests/lint/public_references.py")


def sanity() -> None:
    home = isolation.CACHE / "ansible-test"
    bootstrap = home / ".ansible/test/cache" / PIP_BOOTSTRAP
    bootstrap.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "tests/sanity/get_pip.py", bootstrap)
    with tempfile.TemporaryDirectory() as directory:
        collection = copy_collection(Path(directory))
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        run(BIN / "ansible-test", "sanity", "--requirements", "--python", version, cwd=collection, HOME=str(home))


def docs() -> None:
    """Build the site of the documentation; a warning fails, and so does a reference to what does not exist."""
    with tempfile.TemporaryDirectory() as directory:
        run(sys.executable, "docs/build.py", Path(directory) / "site")


ENGINE = threading.Lock()


def engine() -> None:
    """A running container engine, for stages that need nothing else of the toolchain."""
    with ENGINE:
        start_engine()


@cache
def start_engine() -> None:
    run(BIN / "ansible-playbook", "-i", "molecule/default/inventory", "tests/playbooks/engine.yml")
    isolation.remove_containers()


BUILDS = threading.Lock()


def programs() -> None:
    """The programs that the unit tests of the roles run: Helm, kustomize and the manifests of Argo CD."""
    with BUILDS:
        build_programs()


@cache
def build_programs() -> None:
    run(BIN / "ansible-playbook", "-i", "molecule/default/inventory", "tests/playbooks/programs.yml")


def unit() -> None:
    programs()
    run(*PYTEST, "tests/unit", "bench/tests", "tests/airflow_harness/tests")


def worker() -> None:
    """The host worker's own tests, in a separate environment, like its users install it."""
    environment = isolation.CACHE / "worker-test"
    run(sys.executable, "-m", "venv", environment)
    directory = ROOT / "worker"
    run(environment / "bin/pip", "install", "--quiet", "-r", "requirements-dev.txt", "--editable", ".", cwd=directory)
    run(environment / "bin/python", "-m", "mypy", "src", "tests", cwd=directory)
    run(environment / "bin/python", "-m", "pytest", cwd=directory)


def toolchain() -> None:
    """The programs and images that several scenarios need; on a new machine this takes most of the time."""
    # Not while another stage starts it and removes what an earlier run left.
    engine()
    with BUILDS:
        build()


@cache
def build() -> None:
    # Those of both, because what two stages have in common must not be built by both at once.
    for scenario in ("default", "gitops"):
        run(BIN / "ansible-playbook", "-i", f"molecule/{scenario}/inventory", "playbooks/images.yml")


def integration() -> None:
    engine()
    run(*PYTEST, "tests/end_to_end")


def modules() -> None:
    """The REST modules and lookups with the oldest and the newest Airflow 3 on PyPI for this Python."""
    run(sys.executable, "tests/airflow_harness/run_targets.py")


def molecule(scenario: str) -> None:
    engine()
    # Here, because two scenarios that run at once must not build the same things.
    toolchain()
    run(BIN / "molecule", "test", "--scenario-name", scenario)


def cluster() -> None:
    molecule("default")


def gitops() -> None:
    # It needs what the unit tests need as well, which must not be built twice at once.
    programs()
    molecule("gitops")


def upstream() -> None:
    molecule("upstream")


# The phases run one after the other. The stages of a phase run two at a time and begin in this order, the longest ones
# first. Two stages with a cluster share the processors well, because each waits at times; `unit` uses both alone.
PHASES: tuple[tuple[Callable[[], None], ...], ...] = (
    (toolchain, python, lint, sanity, docs, worker),
    (unit,),
    (cluster, upstream, gitops, modules, integration),
)
LANES = 2
STAGES = {stage.__name__: stage for phase in PHASES for stage in phase}
NEED_ROOT = ("toolchain", "integration", "modules", "cluster", "upstream", "gitops")


def run_stage(name: str) -> Cost:
    begin = time.monotonic()
    try:
        STAGES[name]()
    except subprocess.CalledProcessError as error:
        command = " ".join(error.cmd)
        print(f"The stage {name} failed: {command} ended with code {error.returncode}.", file=sys.stderr)
        return Cost(name, time.monotonic() - begin, False)
    except OSError as error:
        print(f"The stage {name} failed: {error}.", file=sys.stderr)
        return Cost(name, time.monotonic() - begin, False)
    return Cost(name, time.monotonic() - begin, True)


def run_lane(names: Iterator[str], live: bool, failed: threading.Event) -> list[Cost]:
    """Run the next stage of a phase until none is left, or one of any lane has failed. The lanes share ``names``.

    Unless the lane is live, output is printed after each stage.
    """
    done: list[Cost] = []
    try:
        # One call of next() is atomic for an iterator over a tuple: no two lanes get the same stage.
        while not failed.is_set() and (name := next(names, None)):
            if live:
                print(f"\n===== {name} =====", flush=True)
            with contextlib.nullcontext() if live else buffered_output(name):
                done.append(run_stage(name))
            if not done[-1].passed:
                failed.set()
    except BaseException:
        # A mistake in this file: the other lane must not go on.
        failed.set()
        raise
    return done


@contextlib.contextmanager
def buffered_output(stage: str) -> Iterator[None]:
    """Print the output of a stage at its end, whatever happens. Its log outlives a run that is killed."""
    log = isolation.HOME / f"stages/{stage}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w+", errors="replace") as output:
        OUTPUT.set(output)
        try:
            yield
        finally:
            output.seek(0)
            print(f"\n===== {stage} =====\n{output.read()}", end="", flush=True)


def run_stages(names: Sequence[str]) -> list[Cost]:
    """Run the stages; return their costs, sorted. After a failure, those that are running end, and no other begins."""
    done: list[Cost] = []
    failed = threading.Event()
    for phase in PHASES:
        waiting = iter(tuple(stage.__name__ for stage in phase if stage.__name__ in names))
        with ThreadPoolExecutor(max_workers=LANES) as pool:
            # A separate thread for each lane: the destination of its output is stored per thread.
            running = [pool.submit(run_lane, waiting, lane == 0, failed) for lane in range(LANES)]
            try:
                for lane in running:
                    done += lane.result()
            except BaseException:
                # An interruption.
                failed.set()
                raise
    return sorted(done, key=lambda cost: list(STAGES).index(cost.stage))


def main() -> int:
    names = sys.argv[1:] or list(STAGES)
    if unknown := [name for name in names if name not in STAGES]:
        print(f"There is no stage {', '.join(unknown)}. Choose from: {', '.join(STAGES)}.", file=sys.stderr)
        return 2
    if os.geteuid() != 0 and (rooted := [name for name in names if name in NEED_ROOT]):
        listed = ", ".join(rooted)
        advice = "Run them as root, in a checkout that belongs to root."
        print(f"The stages {listed} make clusters and need root. {advice}", file=sys.stderr)
        return 2
    begin = time.monotonic()
    try:
        with isolation.own_home():
            done = run_stages(names)
            if not all(cost.passed for cost in done):
                print(f"\nThe logs of this run are kept in {isolation.keep_logs()}.", file=sys.stderr)
    except isolation.InUse as error:
        print(error, file=sys.stderr)
        return 2
    print("", *report(done, time.monotonic() - begin), sep="\n", flush=True)
    return int(not all(cost.passed for cost in done))


if __name__ == "__main__":
    sys.exit(main())

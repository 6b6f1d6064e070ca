# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the targets of the REST plugins against real Airflows from PyPI, the oldest and the newest at once.

Usage: run_targets.py [--version oldest|newest] [TARGET ...], by default all targets on both.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".venv/collections"))

from ansible_collections.airfield.airflow.tests.airflow_harness.environments import (  # noqa: E402
    directory_of,
    environment,
    remove_others,
)
from ansible_collections.airfield.airflow.tests.airflow_harness.examples import write_examples  # noqa: E402
from ansible_collections.airfield.airflow.tests.airflow_harness.postgres import (  # noqa: E402
    Postgres,
    start_postgres,
)
from ansible_collections.airfield.airflow.tests.airflow_harness.processes import (  # noqa: E402
    Failed,
    Processes,
    Stopping,
)
from ansible_collections.airfield.airflow.tests.airflow_harness.proxies import proxies  # noqa: E402
from ansible_collections.airfield.airflow.tests.airflow_harness.releases import Release, releases  # noqa: E402
from ansible_collections.airfield.airflow.tests.airflow_harness.run_directory import run_directory  # noqa: E402
from ansible_collections.airfield.airflow.tests.airflow_harness.server import make_airflow  # noqa: E402
from ansible_collections.airfield.airflow.tests.airflow_harness.targets import (  # noqa: E402
    Result,
    all_targets,
    run_targets,
)
from ansible_collections.airfield.airflow.tests.collection_copy import copy_collection  # noqa: E402

BEGIN = time.monotonic()


def say(release: Release, words: str) -> None:
    print(f"{time.monotonic() - BEGIN:5.0f} s  {release!s:<13} {words}", flush=True)


def tell(release: Release, result: Result) -> None:
    if not result.mistakes:
        say(release, f"{result.target:<20} {result.seconds:5.1f} s  passed")
        return
    say(release, f"{result.target:<20} {result.seconds:5.1f} s  FAILED: {'; '.join(result.mistakes)}\n{result.output}")


def test(release: Release, targets: Sequence[str], processes: Processes, database: Callable[[], Postgres]) -> bool:
    """Run targets on one release from scratch; return whether all passed."""
    try:
        collection = copy_collection(processes.directory / f"{release.role}-collection")
        examples = write_examples(collection, targets, conditional=release.role == "newest")
        known = all_targets(collection)
        if unknown := [name for name in targets if name not in known]:
            raise Failed(f"There is no target {', '.join(unknown)}. Choose from: {', '.join(known)}.")
        if not directory_of(release).is_dir():
            say(release, "is installed from PyPI, once")
        directory = environment(release, processes)
        airflow = make_airflow(release, directory, database(), processes)
        airflow.prepare()
        airflow.start()
        if release.role == "newest":
            airflow.start_simple()
        airflow.wait(lambda words: say(release, words))
        say(release, "is ready")
        with proxies(airflow) as variables:
            results = run_targets(
                processes,
                release.role,
                collection,
                targets or known,
                variables,
                examples,
                lambda result: tell(release, result),
            )
        # From here on, the other release has the processors for itself.
        processes.end(*airflow.running)
    except Stopping:
        return False
    except Failed as failure:
        say(release, f"FAILED: {failure}")
        return False
    passed = sum(not result.mistakes for result in results)
    say(release, f"{passed} passed, {len(results) - passed} failed")
    return passed == len(results) >= len(targets or known)


def test_all(wanted: Sequence[Release], targets: Sequence[str]) -> bool:
    with run_directory() as directory:
        processes = Processes(directory)
        pool = ThreadPoolExecutor(max_workers=len(wanted) + 1)
        try:
            postgres: Future[Postgres] = pool.submit(start_postgres, processes)
            tests = [pool.submit(test, release, targets, processes, postgres.result) for release in wanted]
            wait(tests)
        finally:
            with ignored_signals():
                processes.end_all()
                pool.shutdown()
        return all(one.result() for one in tests)


@contextlib.contextmanager
def ignored_signals() -> Iterator[None]:
    """While everything is being ended, a second signal must not leave half of it running."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", choices=["oldest", "newest"])
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, interrupt)
    known = releases()
    try:
        passed = test_all([one for one in known if arguments.version in (None, one.role)], arguments.targets)
    except KeyboardInterrupt:
        print("Interrupted: everything that was started has been ended.", file=sys.stderr)
        return 130
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    remove_others(known)
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())

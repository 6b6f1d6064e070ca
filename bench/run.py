# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the benches of `make bench` and print their figures as ratios. A bench never fails because of its figures.

Usage: run.py [BENCH ...], by default all of them on the installation that `make up` has created. The bench gitops
measures that of inventories/gitops, and runs only when it is named.
"""

from __future__ import annotations

import argparse
import json
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The imports after this line, out of their usual place (E402), find the collection only with it.
sys.path.insert(0, str(ROOT / ".venv/collections"))

from ansible_collections.airfield.airflow.bench.figures import Figure, paired, table  # noqa: E402
from ansible_collections.airfield.airflow.bench.gitops import gitops  # noqa: E402
from ansible_collections.airfield.airflow.bench.installation import IN_SCHEDULER, KUBECONFIG, kube_client  # noqa: E402
from ansible_collections.airfield.airflow.bench.kwok import kwok  # noqa: E402
from ansible_collections.airfield.airflow.bench.objects import objects  # noqa: E402
from ansible_collections.airfield.airflow.bench.probes import probes  # noqa: E402
from ansible_collections.airfield.airflow.bench.rerun import LOCAL, rerun  # noqa: E402
from ansible_collections.airfield.airflow.bench.trigger import trigger  # noqa: E402


def placement(pods: int) -> list[Figure]:
    """In a separate process, so that the memory of its children is not mixed with that of other benches."""
    kube_client()
    with tempfile.TemporaryDirectory(prefix="airfield-bench-") as directory:
        result = Path(directory) / "figures.json"
        argv = [sys.executable, str(ROOT / "bench/placement/run.py"), f"--kubeconfig={KUBECONFIG}"]
        argv += [f"--kwok={kwok()}", f"--pods={pods}", f"--json={result}"]
        if _run(argv):
            raise SystemExit("bench/placement/run.py failed, see above.")
        figures = json.loads(result.read_text())
    ours, other = figures["placement"], figures["k8s_info_assert"]
    what = f"proof of {pods} pods / k8s_info + assert"
    return [
        paired("placement", f"{what}, command", [ours["wall"]], [other["wall"]], goal="10 times"),
        paired("placement", f"{what}, modules", [ours["modules"]], [other["modules"]], goal="ours in 3 s"),
        paired("placement", f"{what}, memory", [ours["module_mib"]], [other["module_mib"]], "MiB", "ours in 120 MiB"),
    ]


def _run(argv: list[str]) -> int:
    """Run a child that cleans up on a termination signal, and wait for that: subprocess.run would kill it."""
    child = subprocess.Popen(argv)
    try:
        return child.wait()
    except SystemExit:
        child.terminate()
        raise
    finally:
        child.wait()


def parse(argv: list[str]) -> tuple[list[str], argparse.Namespace]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "benches", nargs="*", metavar="BENCH", help=f"one of {', '.join(BENCHES)}; by default all but gitops"
    )
    parser.add_argument("--runs", type=int, default=5, help="trigger: pairs of runs; the median counts")
    parser.add_argument("--pods", type=int, default=10_000, help="placement: fake pods")
    parser.add_argument("--minutes", type=float, default=5, help="probes: how long to measure each of the two")
    parser.add_argument("--inventory", default=LOCAL, help="rerun: the inventory of the installation")
    parser.add_argument("--commits", type=int, default=2, help="gitops: pairs of commits; the median counts")
    parser.add_argument("--objects", type=int, default=1000, help="objects: connections, and as many variables")
    parser.add_argument("--passwords", type=int, help="objects: different passwords, by default one per connection")
    parser.add_argument("--calls", type=int, default=3, help="objects: CLI calls of each kind, to extrapolate from")
    parser.add_argument(
        "--api-url",
        help="objects: another Airflow than that of `make up`; set AIRFLOW_API_USERNAME and …_PASSWORD, or …_TOKEN",
    )
    parser.add_argument(
        "--airflow-exec",
        metavar="PREFIX",
        type=shlex.split,
        help="objects: with --api-url, the command prefix to run its `airflow`, such as 'docker exec -i scheduler'",
    )
    options = parser.parse_args(argv)
    if unknown := [name for name in options.benches if name not in BENCHES]:
        parser.error(f"There is no bench {', '.join(unknown)}. Choose from: {', '.join(BENCHES)}.")
    if bool(options.api_url) != bool(options.airflow_exec):
        parser.error("--api-url and --airflow-exec require each other: they name the same Airflow.")
    return options.benches or [name for name in BENCHES if name not in ELSEWHERE], options


BENCHES: dict[str, Callable[[argparse.Namespace], list[Figure]]] = {
    "trigger": lambda options: trigger(options.runs),
    "objects": lambda options: objects(
        options.objects,
        options.passwords or options.objects,
        options.calls,
        options.api_url,
        options.airflow_exec or IN_SCHEDULER,
    ),
    "placement": lambda options: placement(options.pods),
    "rerun": lambda options: rerun(options.inventory),
    "probes": lambda options: probes(options.minutes),
    "gitops": lambda options: gitops(options.commits),
}
# Those of an installation other than that of `make up`.
ELSEWHERE = ("gitops",)


def main() -> int:
    names, options = parse(sys.argv[1:])
    # So that a bench cleans up after a termination signal too.
    signal.signal(signal.SIGTERM, lambda *_arguments: sys.exit("terminated by a signal"))
    figures: list[Figure] = []
    failed = False
    for name in names:
        print(f"\n===== {name} =====", flush=True)
        try:
            figures += BENCHES[name](options)
        except SystemExit as error:
            failed = True
            print(f"The bench {name} could not measure: {error}", file=sys.stderr, flush=True)
    print(f"\n{table(figures)}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole proof: the reads in their order, then the counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._placement.expectation import Expectation
from ansible_collections.airfield.airflow.plugins.module_utils._placement.pods import check_pods, read_nodes
from ansible_collections.airfield.airflow.plugins.module_utils._placement.tally import Tally, violation
from ansible_collections.airfield.airflow.plugins.module_utils._placement.tasks import TaskSearch, check_tasks
from ansible_collections.airfield.airflow.plugins.module_utils._waiting import Wait, wait_until

Proof = tuple[list[Json], list[Json]]


def prove_in_time(look: Callable[[], Proof], timeout: float, interval: float) -> Proof:
    """Check until nothing is violated, or ``timeout`` seconds have passed: then the last check counts."""

    def see() -> tuple[bool, Proof]:
        violations, evidence = look()
        return not violations, (violations, evidence)

    def progress(wait: Wait[Proof]) -> str:
        return f"{wait.seen[0][0]['message']} Checking again for {wait.left:.0f} s"

    nothing: Proof = ([], [])
    return wait_until(see, nothing, timeout=timeout, interval=interval, progress=progress).seen


def prove(client: KubeClient, expectations: Sequence[Expectation], schedulers: Iterable[str], limit: int) -> Proof:
    """Return every violation and, for each expectation, the evidence. Raises KubeError."""
    nodes = read_nodes(client)
    search = TaskSearch(expectations, schedulers)
    tallies = check_pods(client, expectations, nodes, search, limit)
    search.finish(client)
    tallies.update(check_tasks(search, expectations, nodes, limit))

    violations: list[Json] = []
    for expectation in expectations:
        violations += tallies[expectation.name].violations
        violations += count_violations(expectation, tallies[expectation.name])
    return violations, [_evidence(expectation, tallies[expectation.name]) for expectation in expectations]


def count_violations(expectation: Expectation, tally: Tally) -> list[Json]:
    """Compare the numbers of one expectation, for which a number of 0 is a violation by itself."""
    what = _subject(expectation)
    if tally.pods == 0 and not expectation.nothing_is_fine:
        if expectation.task_instances is not None and tally.violations:
            return []  # each of them has already been reported
        wanted = expectation.count or expectation.min_count or 1
        expected = f"{wanted if expectation.count else f'at least {wanted}'} pod{'' if wanted == 1 else 's'}"
        return [violation(expectation.name, "nothing_matched", None, None, None, expected, "none", what)]
    pods, containers = tally.pods, tally.containers
    exact, least, most = expectation.count, expectation.min_count, expectation.max_count
    total = expectation.total_containers
    faults = []
    if exact is not None and pods != exact:
        faults.append(("wrong_count", f"exactly {exact} pods", pods))
    if least is not None and pods < least:
        faults.append(("wrong_count", f"at least {least} pods", pods))
    if most is not None and pods > most:
        faults.append(("wrong_count", f"at most {most} pods", pods))
    if total is not None and containers != total:
        faults.append(("wrong_containers", f"exactly {total} containers", containers))
    return [
        violation(expectation.name, kind, None, None, None, expected, f"{found}{_named(tally)}", what)
        for kind, expected, found in faults
    ]


def _subject(expectation: Expectation) -> str:
    if expectation.task_instances is not None:
        return f"pods of {len(expectation.task_instances)} task instances in {expectation.where}"
    labels = f" with {expectation.label_selector}" if expectation.label_selector else ""
    return f"pods{labels} in {expectation.where}"


def _named(tally: Tally) -> str:
    """The names behind a wrong number, when they are few."""
    few = tally.evidence if len(tally.evidence) == tally.pods <= 5 else []
    return f" ({', '.join('{pod} on {node}'.format(**pod) for pod in few)})" if few else ""


def _evidence(expectation: Expectation, tally: Tally) -> Json:
    return {
        "expectation": expectation.name,
        "checked": tally.pods,
        "containers": tally.containers,
        "leaving": tally.leaving,
        "not_run": tally.not_run,
        "nodes": dict(sorted(tally.nodes.items())),
        "sources": dict(tally.sources),
        "pods": tally.evidence,
    }

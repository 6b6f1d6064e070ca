# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the result of the module placement to checks: where pods are and were, and how many there are at rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.tolerations import describe
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof.checks import Json, check, count

PLACE = ("namespace", "pod", "node")
DETAILS = ("node_selector", "tolerations")
COUNTED = ("wrong_count", "nothing_matched")
AT_WORK = ("queued", "running")


def placement_checks(expectations: Iterable[Mapping[str, Any]], placement: Mapping[str, Any]) -> list[Json]:
    """One check for each expectation that was given to the module placement, whose result is ``placement``."""
    checks = []
    for expectation in expectations:
        name = expectation["name"]
        seen, faults = _seen(name, placement)
        nodes = (seen or {}).get("nodes") or {}
        where = ", ".join(f"{count(number, 'pod')} on {node}" for node, number in sorted(nodes.items()))
        labels = ", ".join(f"{key}={value}" for key, value in (expectation.get("node_selector") or {}).items())
        places = expectation.get("namespaces") or [expectation.get("namespace")]
        expected = f"{f'nodes with {labels}' if labels else 'any node'}, namespace {' or '.join(map(str, places))}"
        if expectation.get("tolerations"):
            expected += f", tolerating {', '.join(map(describe, expectation['tolerations']))}"
        found = where or "no pod"
        if faults:
            found = "; ".join(_words(fault, name) for fault in faults)
        passed = bool(where) and not faults and bool(seen and seen.get("checked"))
        checks.append(check(name, expected, found, passed, _places(seen)))
    return checks


def steady_checks(expectations: Iterable[Mapping[str, Any]], placement: Mapping[str, Any]) -> list[Json]:
    """One check for each row of the steady state: how many pods, and how many containers each of them has."""
    checks = []
    for expectation in expectations:
        seen, faults = _seen(expectation["name"], placement)
        pods, containers = expectation.get("count"), expectation.get("containers")
        expected = count(pods or 0, "pod")
        if containers is not None:
            expected += f", {count(containers, 'container')} each, {count((pods or 0) * containers, 'container')}"
        found = f"{count(seen['checked'], 'pod')}, {count(seen.get('containers') or 0, 'container')}" if seen else ""
        # A wrong number of pods is already mentioned.
        other = [_words(fault, expectation["name"]) for fault in faults if fault.get("kind") not in COUNTED]
        found = "; ".join([found, *other]) if seen else "not checked"
        passed = seen is not None and seen.get("checked") == pods and not faults
        checks.append(check(f"Steady state: {expectation['name']}", expected, found, passed, _places(seen)))
    return checks


def idle_checks(
    expectations: Iterable[Mapping[str, Any]], placement: Mapping[str, Any], runs: Iterable[Mapping[str, Any]]
) -> list[Json]:
    """There must be no task pods except those of runs that are active according to Airflow.

    ``runs`` are the runs of the pods in ``placement`` as returned by the module dag_run_info. Active pods are only
    mentioned together with idle ones: a schedule starts them at any time, and a report must not change because of that.
    """
    states = {(run.get("dag_id"), run.get("dag_run_id")): run.get("state") for run in runs}
    checks = []
    for expectation in expectations:
        seen, _faults = _seen(expectation["name"], placement)
        idle: list[str] = []
        at_work: list[str] = []
        pods = (seen or {}).get("pods") or []
        # There are no details of a pod that ended during the check.
        for pod in (item for item in pods if "task" in item):
            task = pod["task"] or {}
            state = states.get((task.get("dag_id"), task.get("run_id")))
            whose = f"of {task['dag_id']}, run {task['run_id']} ({state or 'unknown'})" if task else "of no task"
            (at_work if state in AT_WORK else idle).append(f"{pod['pod']} {whose}")
        unknown = int((seen or {}).get("checked") or 0) - len(pods)
        parts = [f"{len(idle)} idle: {', '.join(idle)}"] if idle else ["0 idle"]
        parts += [f"{len(at_work)} active: {', '.join(at_work)}"] if at_work and idle else []
        parts += [f"{unknown} more that were not checked"] if unknown else []
        passed = bool(seen) and not idle and not unknown
        found = "; ".join(parts) if seen else "not checked"
        checks.append(check(expectation["name"], "0 idle", found, passed, sorted(idle)))
    return checks


def keep_details(checks: Iterable[Json], earlier: Iterable[Mapping[str, Any]]) -> None:
    """Give each pod that is gone by now the details that an earlier report had of it.

    So a second proof of the same run contains no less than the first one, which saw the pods alive.
    """
    known = {
        tuple(pod.get(key) for key in PLACE): {key: pod[key] for key in DETAILS if key in pod}
        for item in earlier
        for pod in _pods_of(item)
    }
    for item in checks:
        for pod in _pods_of(item):
            details = known.get(tuple(pod.get(key) for key in PLACE)) or {}
            pod.update({key: value for key, value in details.items() if key not in pod})


def _pods_of(item: Mapping[str, Any]) -> list[Json]:
    evidence = item.get("evidence")
    return [pod for pod in evidence if isinstance(pod, dict) and "pod" in pod] if isinstance(evidence, list) else []


def _seen(name: str, placement: Mapping[str, Any]) -> tuple[Json | None, list[Mapping[str, Any]]]:
    """What was found for an expectation, None if it was not checked, and what is wrong with it."""
    seen = next((item for item in placement.get("evidence") or [] if item.get("expectation") == name), None)
    return seen, [violation for violation in placement.get("violations") or [] if violation.get("expectation") == name]


def _words(fault: Mapping[str, Any], name: str) -> str:
    # Each message starts with the name, like the check does.
    return str(fault.get("message")).removeprefix(f"{name}: ").rstrip(".")


def _places(seen: Mapping[str, Any] | None) -> list[Json]:
    pods = [
        {**{key: pod.get(key) for key in PLACE}, **{key: pod[key] for key in DETAILS if key in pod}}
        for pod in (seen or {}).get("pods") or []
    ]
    return sorted(pods, key=lambda pod: str(pod["pod"]))

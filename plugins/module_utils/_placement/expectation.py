# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody expects of the places of pods, and the places themselves: nodes with their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.label_selector import Requirement, parse_selector

Json = dict[str, Any]

EXPECTATION_ARGUMENTS: Json = {
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str"},
    "namespaces": {"type": "list", "elements": "str"},
    "label_selector": {"type": "str"},
    "task_instances": {"type": "list", "elements": "dict"},
    "node_selector": {"type": "dict"},
    "node_names": {"type": "list", "elements": "str"},
    "count": {"type": "int"},
    "min_count": {"type": "int"},
    "max_count": {"type": "int"},
    "containers": {"type": "int"},
    "total_containers": {"type": "int"},
    "tolerations": {"type": "list", "elements": "dict"},
    "exclusive": {"type": "bool", "default": False},
    "include_finished": {"type": "bool", "default": False},
}
EXPECTATION_CONFLICTS = [
    ("namespace", "namespaces"),
    ("node_selector", "node_names"),
    ("count", "min_count"),
    ("count", "max_count"),
]


@dataclass(frozen=True)
class Expectation:
    """One entry of the option ``expectations``, checked and with its label selector understood."""

    name: str
    namespaces: tuple[str, ...]
    label_selector: str
    requirements: tuple[Requirement, ...]
    node_selector: Mapping[str, str] | None
    node_names: tuple[str, ...] | None
    count: int | None
    min_count: int | None
    max_count: int | None
    containers: int | None
    total_containers: int | None
    tolerations: tuple[Json, ...] | None
    exclusive: bool
    include_finished: bool
    task_instances: tuple[Json, ...] | None

    @property
    def where(self) -> str:
        """The expected namespaces in words."""
        plural = "s" if len(self.namespaces) > 1 else ""
        return f"namespace{plural} {' or '.join(self.namespaces)}"

    @property
    def nothing_is_fine(self) -> bool:
        return 0 in (self.count, self.max_count)


def expectation_of(entry: Json) -> Expectation:
    """Check one entry of the option. Raises ValueError with a sentence that says what to write."""
    name = entry["name"]
    namespaces = tuple(entry["namespaces"] or ([entry["namespace"]] if entry["namespace"] else []))
    if not namespaces:
        raise ValueError(f"Expectation `{name}` names no namespace. Write `namespace` or `namespaces`.")
    for key in ("node_selector", "node_names"):
        if entry[key] is not None and not entry[key]:
            raise ValueError(
                f"`{key}` of expectation `{name}` is empty, so every node would do. "
                "Name what the node must have, or leave the key out to check only counts and namespaces."
            )
    if entry["exclusive"] and not entry["label_selector"]:
        raise ValueError(
            f"Expectation `{name}` is `exclusive` but has no `label_selector`: it would forbid every pod elsewhere. "
            "Write the labels of the pods that belong into the namespace."
        )
    of_living_pods = ("label_selector", "containers", "total_containers", "tolerations")
    live_only = [key for key in of_living_pods if entry[key] is not None]
    if entry["task_instances"] is not None and live_only:
        raise ValueError(
            f"Expectation `{name}` has `task_instances` together with `{live_only[0]}`, which only living pods can "
            "prove. Make two expectations of it."
        )
    selector = (entry["label_selector"] or "").strip()
    return Expectation(
        name=name,
        namespaces=namespaces,
        label_selector=selector,
        requirements=parse_selector(selector),
        node_selector=_labels(entry["node_selector"]),
        node_names=tuple(entry["node_names"]) if entry["node_names"] else None,
        count=entry["count"],
        min_count=entry["min_count"],
        max_count=entry["max_count"],
        containers=entry["containers"],
        total_containers=entry["total_containers"],
        tolerations=None if entry["tolerations"] is None else tuple(entry["tolerations"]),
        exclusive=entry["exclusive"],
        include_finished=entry["include_finished"],
        task_instances=None if entry["task_instances"] is None else tuple(entry["task_instances"]),
    )


def _labels(raw: Json | None) -> dict[str, str] | None:
    if raw is None:
        return None
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in raw.items()}


def violation(
    name: str,
    kind: str,
    namespace: str | None,
    pod: str | None,
    node: str | None,
    expected: str,
    found: str,
    what: str = "",
) -> Json:
    """One violation; ``what`` says what it is about when that is no pod."""
    subject = what or f"pod {namespace}/{pod}"
    place = f" on node {node}" if node and f"node {node}" not in found else ""
    return {
        "expectation": name,
        "kind": kind,
        "namespace": namespace,
        "pod": pod,
        "node": node,
        "expected": expected,
        "found": found,
        "message": f"{name}: {subject}{place}: expected {expected}, found {found}.",
    }


@dataclass
class Tally:
    """What was seen for one expectation. ``violations`` has every one, ``evidence`` only the first few pods."""

    pods: int = 0
    containers: int = 0
    leaving: int = 0
    not_run: int = 0
    nodes: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    violations: list[Json] = field(default_factory=list)
    evidence: list[Json] = field(default_factory=list)

    def merge(self, other: Tally, limit: int) -> None:
        self.pods += other.pods
        self.containers += other.containers
        self.leaving += other.leaving
        self.nodes.update(other.nodes)
        self.sources.update(other.sources)
        self.violations.extend(other.violations)
        self.evidence.extend(other.evidence[: limit - len(self.evidence)])

    def see(self, evidence: Json, limit: int) -> None:
        """Count one pod that proves something and keep it while there is room."""
        self.pods += 1
        self.containers += evidence.get("containers") or 0
        self.nodes[evidence["node"] or ""] += 1
        self.sources[evidence["source"]] += 1
        if len(self.evidence) < limit:
            self.evidence.append(evidence)


@dataclass(frozen=True)
class NodeFault:
    """Why a node does not fit an expectation."""

    kind: str
    expected: str
    found: str


class NodeJudge:
    """Says whether a node fits an expectation. Each (expectation, node) is judged once, however many pods it has."""

    def __init__(self, expectation: Expectation, nodes: Mapping[str, Mapping[str, str]]) -> None:
        self._expectation = expectation
        self._nodes = nodes
        self._judged: dict[str | None, NodeFault | None] = {}
        self._expected = self._describe()

    def fault(self, node: str | None) -> NodeFault | None:
        if node not in self._judged:
            self._judged[node] = self._judge(node)
        return self._judged[node]

    def _judge(self, node: str | None) -> NodeFault | None:
        wanted = self._expectation
        if wanted.node_selector is None and wanted.node_names is None:
            return None
        if node is None:
            return NodeFault("no_node", self._expected, "no node (not scheduled)")
        if wanted.node_names is not None:
            return None if node in wanted.node_names else NodeFault("wrong_node", self._expected, f"node {node}")
        labels = self._nodes.get(node)
        if labels is None:
            found = f"node {node}, which no longer exists, so that nobody knows its labels"
            return NodeFault("node_gone", self._expected, found)
        selector = wanted.node_selector or {}
        wrong = {key: labels.get(key) for key, value in selector.items() if labels.get(key) != value}
        if not wrong:
            return None
        has = ", ".join(f"no label {key}" if value is None else f"{key}={value}" for key, value in wrong.items())
        return NodeFault("wrong_node", self._expected, f"node {node} with {has}")

    def _describe(self) -> str:
        wanted = self._expectation
        if wanted.node_names is not None:
            unknown = [self._suggestion(name) for name in wanted.node_names if name not in self._nodes]
            return f"node {' or '.join(wanted.node_names)}" + (f" ({'; '.join(unknown)})" if unknown else "")
        selector = wanted.node_selector or {}
        fitting = [name for name, labels in self._nodes.items() if selector.items() <= labels.items()]
        names = ", ".join(fitting[:3]) + (f" and {len(fitting) - 3} more" if len(fitting) > 3 else "")
        return f"a node with {','.join(f'{k}={v}' for k, v in selector.items())} ({names or 'no node has that'})"

    def _suggestion(self, name: str) -> str:
        close = get_close_matches(name, self._nodes, n=1)
        return f"there is no node {name}" + (f", did you mean {close[0]}?" if close else "")

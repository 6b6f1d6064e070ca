# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The count of pods by node, and a violation in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ansible_collections.airfield.airflow.plugins.module_utils._placement.expectation import Json


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
    """One violation; ``what`` says what it is about if that is not a pod."""
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
    """What was found for one expectation. ``violations`` has every one, ``evidence`` only the first few pods."""

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
        """Count one pod that proves something, and keep it while there is room."""
        self.pods += 1
        self.containers += evidence.get("containers") or 0
        self.nodes[evidence["node"] or ""] += 1
        self.sources[evidence["source"]] += 1
        if len(self.evidence) < limit:
            self.evidence.append(evidence)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a pod may run on a node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from ansible_collections.airfield.airflow.plugins.module_utils._placement.expectation import Expectation


@dataclass(frozen=True)
class NodeFault:
    """Why a node does not match an expectation."""

    kind: str
    expected: str
    found: str


class NodeJudge:
    """Decides whether a node matches an expectation: once for each (expectation, node), for any number of pods."""

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
            found = f"node {node}, which no longer exists, so its labels are unknown"
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

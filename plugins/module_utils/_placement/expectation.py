# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where pods are expected, and the nodes with their labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    """One entry of the option ``expectations``, validated and with its label selector parsed."""

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
    """Validate one entry of the option. Raises ValueError with a sentence that says what to write."""
    name = entry["name"]
    namespaces = tuple(entry["namespaces"] or ([entry["namespace"]] if entry["namespace"] else []))
    if not namespaces:
        raise ValueError(f"Expectation `{name}` has no namespace. Write `namespace` or `namespaces`.")
    for key in ("node_selector", "node_names"):
        if entry[key] is not None and not entry[key]:
            raise ValueError(
                f"`{key}` of expectation `{name}` is empty, so every node would match. "
                "Write what the node must have, or leave the key out to check only counts and namespaces."
            )
    if entry["exclusive"] and not entry["label_selector"]:
        raise ValueError(
            f"Expectation `{name}` is `exclusive` but has no `label_selector`: it would forbid every pod elsewhere. "
            "Write the labels of the pods that belong in the namespace."
        )
    of_living_pods = ("label_selector", "containers", "total_containers", "tolerations")
    live_only = [key for key in of_living_pods if entry[key] is not None]
    if entry["task_instances"] is not None and live_only:
        raise ValueError(
            f"Expectation `{name}` has `task_instances` together with `{live_only[0]}`, which can only be checked on "
            "live pods. Split it into two expectations."
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

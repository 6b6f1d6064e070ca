# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changes that give a node its declared labels and taints and remove those that were declared before."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._kube.names import is_label_key, is_label_value

Json = dict[str, Any]


@dataclass(frozen=True)
class Declaration:
    """The wanted labels and taints of a node."""

    name: str
    labels: dict[str, str]
    taints: list[dict[str, str]]


@dataclass(frozen=True)
class Plan:
    """The merge patch for one node (None: nothing to do) and the same in words."""

    name: str
    patch: Json | None
    before: Json
    after: Json
    labels_set: list[str]
    labels_removed: list[str]
    taints_set: list[str]
    taints_removed: list[str]


def declaration_of(entry: Json) -> Declaration:
    """Check one entry of the option ``nodes``. Raises ValueError with a sentence."""
    name = entry["name"]
    labels = {str(key): _text(value) for key, value in (entry["labels"] or {}).items()}
    taints = [
        {"key": taint["key"], "effect": taint["effect"], **({"value": taint["value"]} if taint["value"] else {})}
        for taint in entry["taints"] or []
    ]
    for key, value in labels.items():
        _check(f"label of node {name}", key, value)
    for taint in taints:
        _check(f"taint of node {name}", taint["key"], taint.get("value", ""))
    identities = [taint_id(taint) for taint in taints]
    if len(set(identities)) < len(identities):
        raise ValueError(f"Node {name} has two taints with the same key and effect. Keep one of them.")
    return Declaration(name, labels, taints)


def record_annotations(owner: str) -> tuple[str, str]:
    """The annotations of a node in which an owner records its labels and its taints.

    On the node itself, so that any later run, from any machine, can remove what an earlier one set.
    """
    prefix = f"{owner}.airfield.io" if owner else "airfield.io"
    return f"{prefix}/managed-labels", f"{prefix}/managed-taints"


def plan_for(node: Json, wanted: Declaration, owner: str = "") -> Plan:
    """Compare a node as the API returns it with what its owner declares."""
    metadata = node["metadata"]
    labels: dict[str, str] = metadata.get("labels") or {}
    annotations: dict[str, str] = metadata.get("annotations") or {}
    taints: list[dict[str, str]] = node.get("spec", {}).get("taints") or []
    labels_record, taints_record = record_annotations(owner)
    our_labels, our_taints = (_remembered(annotations.get(record)) for record in (labels_record, taints_record))

    # A label that already had this very value before we came does not become ours.
    labels_set = {key: value for key, value in wanted.labels.items() if labels.get(key) != value}
    labels_removed = sorted(key for key in our_labels if key not in wanted.labels and key in labels)
    new_taints = _taints_after(taints, wanted.taints, our_taints)
    wanted_ids = {taint_id(taint) for taint in wanted.taints}
    taints_set = [taint for taint in wanted.taints if not any(_same(taint, other) for other in taints)]
    taints_removed = sorted({taint_id(taint) for taint in taints} - {taint_id(taint) for taint in new_taints})
    managed = {
        labels_record: _to_remember(our_labels & set(wanted.labels) | set(labels_set)),
        taints_record: _to_remember(our_taints & wanted_ids | {taint_id(taint) for taint in taints_set}),
    }
    return Plan(
        name=wanted.name,
        patch=_patch(metadata, {**labels_set, **dict.fromkeys(labels_removed)}, managed, taints, new_taints),
        before=_shown({key: labels[key] for key in [*labels_set, *labels_removed] if key in labels}, taints),
        after=_shown(labels_set, new_taints),
        labels_set=[f"{key}={value}" for key, value in sorted(labels_set.items())],
        labels_removed=labels_removed,
        taints_set=sorted(taint_id(taint) for taint in taints_set),
        taints_removed=taints_removed,
    )


def taint_id(taint: dict[str, str]) -> str:
    """A node can have a key once for each effect."""
    return f"{taint['key']}:{taint['effect']}"


def _taints_after(
    taints: list[dict[str, str]], wanted: list[dict[str, str]], ours: Collection[str]
) -> list[dict[str, str]]:
    """The whole list, in its order: foreign taints unchanged, ours as declared."""
    declared = {taint_id(taint): taint for taint in wanted}
    kept = []
    for taint in taints:
        identity = taint_id(taint)
        if identity in declared:
            new = declared.pop(identity)
            kept.append(taint if _same(taint, new) else new)
        elif identity not in ours:
            kept.append(taint)
    return [*kept, *declared.values()]


def _patch(
    metadata: Json, labels: dict[str, str | None], managed: dict[str, str | None], taints: list[Any], new: list[Any]
) -> Json | None:
    present = metadata.get("annotations") or {}
    annotations = {key: value for key, value in managed.items() if present.get(key) != value}
    if not labels and not annotations and taints == new:
        return None
    # The patch replaces the whole list of taints and our record: apply it only to the version that was read.
    patch: Json = {"metadata": {"resourceVersion": metadata["resourceVersion"]}}
    if labels:
        patch["metadata"]["labels"] = labels
    if annotations:
        patch["metadata"]["annotations"] = annotations
    if taints != new:
        patch["spec"] = {"taints": new}
    return patch


def _same(taint: dict[str, str], other: dict[str, str]) -> bool:
    return taint_id(taint) == taint_id(other) and taint.get("value", "") == other.get("value", "")


def _shown(labels: dict[str, str], taints: Iterable[dict[str, str]]) -> Json:
    return {
        "labels": labels,
        "taints": [f"{taint['key']}={taint.get('value', '')}:{taint['effect']}" for taint in taints],
    }


def _remembered(annotation: str | None) -> set[str]:
    """What we set before. A damaged annotation is ignored: then nothing is ours."""
    try:
        return set(map(str, json.loads(annotation or "[]")))
    except (ValueError, TypeError):
        return set()


def _to_remember(names: Collection[str]) -> str | None:
    return json.dumps(sorted(names)) if names else None


def _text(value: Any) -> str:
    """A YAML scalar as users mean it: true is the label value ``true``."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _check(what: str, key: str, value: str) -> None:
    if not is_label_key(key):
        raise ValueError(
            f"`{key}` is not a valid key of a {what}. Write a name of at most 63 letters, digits, `-`, `_` and `.` "
            "that begins and ends with a letter or digit, optionally with a domain and `/` as a prefix, such as `role` "
            "or `example.com/role`."
        )
    if not is_label_value(value):
        raise ValueError(
            f"`{value}` is not a valid value of {key}, a {what}. Write at most 63 letters, digits, `-`, `_` and `.`, "
            "with a letter or digit at both ends."
        )

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hold every image and address that the source `upstream` fetches by default against public_references.yml.

A wrong tag or address shows nowhere else: the tests run without the public registries.

What is public is derived from the variables of the roles, evaluated by Ansible: whatever changes when a mirror is
configured, and whatever looks like an image or a public address without being behind a mirror.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".venv/collections"))

from ansible_collections.airfield.airflow.tests.lint.role_values import (  # noqa: E402
    Leaf,
    evaluate,
    leaves,
    role_variables,
    task_strings,
)

LIST = "tests/lint/public_references.yml"
# Not `on`, which YAML takes for a truth value.
FIELDS = ("reference", "seen", "seen_on", "note")

MIRROR = {"airfield_download_mirror": "https://mirror.invalid", "airfield_image_registry": "registry.invalid"}
NODE = "airfield_image_sets.upstream.node"
KIND = "airfield_versions.kind"
# No single variable names a chart.
CHART = "airfield_chart_repository, airfield_chart_reference, airfield_chart_version"

IMAGE = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9._-]+)*:\w[\w.-]*(?:@sha256:\w+)?")
PUBLIC_URL = re.compile(r"https?://(?:[a-z0-9-]+\.)+(?!local\b|svc\b|internal\b|invalid\b)[a-z]{2,}(?![\w.-])\S*")
ADDRESS_PART = re.compile(r"\w[:/]+\w")


class Values(NamedTuple):
    """What the leaves evaluate to by default and behind a mirror, by path, as far as they can without an inventory."""

    default: dict[str, Any]
    mirrored: dict[str, Any]


class Usage(NamedTuple):
    """The public references in use, each with its variables, and the variables with which references begin."""

    references: dict[str, list[str]]
    prefixes: set[str]


def dependents(of: Iterable[str], among: list[Leaf]) -> set[str]:
    """The variables that depend on the given ones, directly or through others."""
    names: set[str] = set()
    while more := {leaf.variable for leaf in among if leaf.mentions({*of, *names})} - names:
        names |= more
    return names


def usage(leaves_: list[Leaf], values: Values, behind_mirror: set[str], composed: Mapping[str, str]) -> Usage:
    """Find the public references among the values.

    :param behind_mirror: The variables that depend on the settings of a mirror.
    :param composed: References that no single variable names, each with its variables.
    """
    found = {reference: [path] for reference, path in composed.items()}
    spelled = set(composed)

    def is_computed(leaf: Leaf) -> bool:
        return not isinstance(values.default.get(leaf.path), str)

    for leaf in sorted(leaves_, key=is_computed):
        for reference in sorted(_public_tokens(leaf, values, behind_mirror)):
            if not is_computed(leaf):
                spelled.add(reference)
            # A variable that is computed from those that spell the reference adds nothing.
            if not is_computed(leaf) or reference not in found:
                found.setdefault(reference, []).append(leaf.path)
    references = {
        reference: paths
        for reference, paths in found.items()
        if not _begins_another(reference, found, "/ " if reference in spelled else "/: ")
    }
    prefixes = set(MIRROR)
    for leaf in leaves_:
        value = values.default.get(leaf.path)
        differs = leaf.variable in behind_mirror and value != values.mirrored.get(leaf.path)
        if differs and isinstance(value, str) and _tokens(value).isdisjoint(references):
            prefixes.add(leaf.variable)
    return Usage(references, prefixes)


def _public_tokens(leaf: Leaf, values: Values, behind_mirror: set[str]) -> set[str]:
    value = values.default.get(leaf.path)
    tokens = _tokens(value)
    public = {token for token in tokens if PUBLIC_URL.match(token) or _is_public_image(token)}
    if leaf.variable in behind_mirror:
        changed = tokens - _tokens(values.mirrored.get(leaf.path))
        # The words of a message change as well.
        public |= {token for token in changed if token == value or ADDRESS_PART.search(token)}
    return public


def may_hide_one(leaf: Leaf, prefixes: set[str]) -> bool:
    """Whether a string whose value is not known could spell a public reference."""
    return bool(PUBLIC_URL.search(leaf.text)) or leaf.mentions(prefixes)


def _tokens(value: object) -> set[str]:
    """The words of a value that could be a reference: of a command, its arguments."""
    words = (word for leaf in leaves("", value) for word in re.split(r"[\s'\"]+", leaf.text))
    return {word.rstrip(".,;") for word in words if word}


def _is_public_image(token: str) -> bool:
    return bool(IMAGE.fullmatch(token)) and not re.match(r"localhost[/:]|[\d.]+:", token)


def _begins_another(reference: str, references: Iterable[str], separators: str) -> bool:
    """Whether it is only the beginning of others: the address of a directory or, with a colon, an image without tag."""
    beginnings = tuple(reference.rstrip("/") + separator for separator in separators)
    return any(other.startswith(beginnings) for other in references if other != reference)


def violations(used: Mapping[str, list[str]], public: Mapping[str, Any], node: str, kind: str) -> list[str]:
    """Compare what is used with what was seen to exist.

    :param used: Each public reference, and the variables that name it.
    :param public: The contents of public_references.yml.
    :param node: The image of the nodes.
    :param kind: The version of kind.
    :return: One sentence or two for each fault, none when all is well.
    """
    not_fetched = [entry["variable"] for entry in public["not_fetched"]]
    fetched = {
        reference: paths
        for reference, all_paths in used.items()
        if (paths := [path for path in all_paths if not any(_belongs_to(path, name) for name in not_fetched)])
    }
    entries = public["references"]
    listed = Counter(entry.get("reference") for entry in entries)
    faults = [
        f"`{reference}` ({paths[0]}) is not in {LIST}. Look it up, and add it with the place where you saw it."
        for reference, paths in fetched.items()
        if reference not in listed
    ]
    faults += [
        f"`{name}` is in {LIST}, but nothing uses it any more. Remove it." for name in listed if name not in fetched
    ]
    faults += [f"`{name}` is in {LIST} {count} times. Keep one." for name, count in listed.items() if count > 1]
    faults += [
        f"`{entry.get('reference')}` in {LIST} must have {', '.join(FIELDS)}, and `seen` must be an https address."
        for entry in entries
        if set(entry) != set(FIELDS) or not str(entry["seen"]).startswith("https://")
    ]
    faults += [
        f"`{name}` is among the `not_fetched` of {LIST}, but holds nothing of the kind any more. Remove it."
        for name in not_fetched
        if not any(_belongs_to(path, name) for paths in used.values() for path in paths)
    ]
    return faults + _node_faults(public["kind_node_images"], node, kind)


def _belongs_to(path: str, variable: str) -> bool:
    return bool(re.match(re.escape(variable) + r"(?!\w)", path))


def _node_faults(releases: Mapping[str, Any], node: str, kind: str) -> list[str]:
    if kind not in releases:
        return [f"The node images of kind {kind} are not in {LIST}. Copy them from the release notes of kind {kind}."]
    images = [image.partition("@")[0] for image in releases[kind]["images"]]
    if node.partition("@")[0] in images:
        return []
    return [f"`{node}` ({NODE}) is not a node image of kind {kind}. Those are {', '.join(images)}."]


def main() -> int:
    variables = role_variables(ROOT / "roles")
    all_leaves = list(leaves("", variables))
    behind_mirror = dependents(MIRROR, all_leaves)
    # A template without a colon or a slash makes no address of its own.
    templates = [
        leaf
        for leaf in all_leaves
        if leaf.is_template and (leaf.variable in behind_mirror or re.search("[:/]", leaf.text))
    ]
    chart = Leaf(CHART, " ".join(f"{{{{ {name} }}}}" for name in CHART.split(", ")))
    kind = Leaf(KIND, f"{{{{ {KIND} }}}}")
    upstream = {"airfield_source": "upstream"}
    evaluated = evaluate(variables, [*templates, chart, kind], [upstream, upstream | MIRROR])
    constants = {leaf.path: leaf.text for leaf in all_leaves if not leaf.is_template}
    values = Values(*(constants | each for each in evaluated))
    found = usage(all_leaves, values, behind_mirror, {values.default[CHART]: CHART})
    faults = [
        f"`{leaf.path}` may name a public reference, but needs an inventory to be evaluated. Give it defaults."
        for leaf in all_leaves
        if leaf.path not in values.default and may_hide_one(leaf, found.prefixes)
    ]
    faults += [
        f"{leaf.path} names a public reference in a task. Move it to the defaults or vars of the role."
        for leaf in task_strings(ROOT / "roles")
        if may_hide_one(leaf, found.prefixes)
    ]
    public = yaml.safe_load((ROOT / LIST).read_text())
    faults += violations(found.references, public, values.default[NODE], values.default[KIND])
    for fault in faults:
        print(fault, file=sys.stderr)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())

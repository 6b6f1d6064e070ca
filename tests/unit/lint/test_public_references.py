# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of public references: what is taken for one, and what does not agree with the list."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.lint.public_references import (
    Usage,
    Values,
    dependents,
    may_hide_one,
    usage,
    violations,
)
from ansible_collections.airfield.airflow.tests.lint.role_values import Leaf, leaves

NODE = "kindest/node:v1.34.3"
USED = {NODE: ["airfield_image_sets.upstream.node"], "postgres:17": ["airfield_image_sets.upstream.postgres"]}


def entry(reference: str, **fields: str) -> dict[str, str]:
    return {"reference": reference, "seen": "https://example.org/notes", "seen_on": "2026-11-30", "note": "", **fields}


def listed(*references: str, **sections: Any) -> dict[str, Any]:
    """The contents of the list."""
    return {
        "references": [entry(reference) for reference in references],
        "not_fetched": [],
        "kind_node_images": {"0.31.0": {"images": [f"{NODE}@sha256:08497e", "kindest/node:v1.35.0@sha256:452d70"]}},
        **sections,
    }


def faults(
    public: dict[str, Any], used: dict[str, list[str]] | None = None, node: str = NODE, kind: str = "0.31.0"
) -> str:
    return "\n".join(violations(USED if used is None else used, public, node, kind))


def test_a_list_of_what_is_used_has_no_faults() -> None:
    assert faults(listed(*USED)) == ""


def test_a_reference_that_is_not_listed_is_a_fault() -> None:
    assert faults(listed(NODE)) == (
        "`postgres:17` (airfield_image_sets.upstream.postgres) is not in tests/lint/public_references.yml. "
        "Look it up, and add it with the place where you saw it."
    )


def test_another_version_of_a_listed_reference_is_a_fault() -> None:
    message = faults(listed(NODE, "postgres:1"))
    assert "`postgres:17` (airfield_image_sets.upstream.postgres) is not in" in message
    assert "`postgres:1` is in" in message


def test_an_entry_that_nothing_uses_is_a_fault() -> None:
    assert faults(listed(*USED, "mysql:8.4")) == (
        "`mysql:8.4` is in tests/lint/public_references.yml, but nothing uses it any more. Remove it."
    )


def test_an_entry_that_is_there_twice_is_a_fault() -> None:
    assert faults(listed(*USED, NODE)) == f"`{NODE}` is in tests/lint/public_references.yml 2 times. Keep one."


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "postgres:17", "seen": "https://example.org", "seen_on": "2026-11-30"},
        entry("postgres:17", seen="it should exist"),
        entry("postgres:17", seen=""),
        entry("postgres:17", source="misspelt"),
    ],
)
def test_an_entry_must_say_where_it_was_seen(wrong: dict[str, str]) -> None:
    message = faults(listed(references=[entry(NODE), wrong]))
    assert message.startswith("`postgres:17` in tests/lint/public_references.yml must have reference, seen, seen_on,")


def test_what_is_not_fetched_needs_no_entry() -> None:
    used = {**USED, "registry.k8s.io/pause:3.10.1": ["airfield_node_images.pause[0]"]}
    not_fetched = [{"variable": "airfield_node_images", "note": ""}]
    assert faults(listed(*USED, not_fetched=not_fetched), used) == ""
    assert "`airfield_node_images` is among the `not_fetched`" in faults(listed(*USED, not_fetched=not_fetched))
    assert "registry.k8s.io/pause:3.10.1" in faults(listed(*USED, not_fetched=[{"variable": "airfield_node"}]), used)


def test_what_one_variable_fetches_needs_an_entry_though_another_does_not() -> None:
    used = {**USED, "registry.k8s.io/pause:3.10.1": ["airfield_node_images.pause[0]", "another.pause"]}
    message = faults(listed(*USED, not_fetched=[{"variable": "airfield_node_images"}]), used)
    assert message.startswith("`registry.k8s.io/pause:3.10.1` (another.pause) is not in")


def test_the_node_image_must_be_one_of_the_release_of_kind() -> None:
    node = "kindest/node:v1.34.4"
    assert faults(listed(node), {node: ["airfield_image_sets.upstream.node"]}, node) == (
        "`kindest/node:v1.34.4` (airfield_image_sets.upstream.node) is not a node image of kind 0.31.0. "
        "Those are kindest/node:v1.34.3, kindest/node:v1.35.0."
    )


def test_all_faults_are_told_at_once() -> None:
    message = faults(listed("mysql:8.4"), node="kindest/node:v1.34.4")
    assert message.count("\n") == 3


def test_a_node_image_with_its_digest_is_the_same_image() -> None:
    assert faults(listed(*USED), node=f"{NODE}@sha256:08497e") == ""


def test_a_version_of_kind_whose_node_images_are_unknown_is_a_fault() -> None:
    assert faults(listed(*USED), kind="0.34.0").startswith("The node images of kind 0.34.0 are not in")


def usage_of(default: dict[str, Any], mirrored: dict[str, Any]) -> Usage:
    """The usage of variables with these values by default and behind a mirror."""
    templates = [Leaf(path, "{{ a_template }}") for path in default]
    return usage(templates, Values(default, {**default, **mirrored}), set(mirrored), {})


def test_what_a_mirror_changes_is_public() -> None:
    default = {"image": "redis:8", "program": "https://get.helm.sh/helm", "port": "127.0.0.1:80"}
    found = usage_of(
        default, {"image": "registry.invalid/redis:8", "program": "https://mirror.invalid/get.helm.sh/helm"}
    )
    assert found.references == {"redis:8": ["image"], "https://get.helm.sh/helm": ["program"]}


def test_an_image_without_a_tag_is_public() -> None:
    assert usage_of({"image": "busybox"}, {"image": "registry.invalid/busybox"}).references == {"busybox": ["image"]}


@pytest.mark.parametrize(
    "value", ["busybox:1.36", "quay.io/argoproj/argocd:v3", "https://example.org/file", "docker pull postgres:17"]
)
def test_what_is_not_behind_the_mirror_is_public_all_the_same(value: str) -> None:
    assert usage_of({"bypass": value}, {}).references == {value.rsplit(" ", maxsplit=1)[-1]: ["bypass"]}


@pytest.mark.parametrize(
    "value",
    [
        "http://127.0.0.1:8080",
        "https://localhost:8443",
        "http://airflow-api-server.airflow.svc:8080/execution/",
        "https://kubernetes.default.svc.",
        "localhost/git-server:1",
        "localhost:8080",
        "/var/lib/airfield",
        "node-role.kubernetes.io/control-plane",
        17,
        None,
    ],
)
def test_what_stays_on_the_machine_is_not_public(value: object) -> None:
    assert usage_of({"local": value}, {}).references == {}


def test_the_beginning_of_references_is_not_one() -> None:
    default = {
        "base": "https://",
        "host": "https://kind.sigs.k8s.io/dl",
        "url": "https://kind.sigs.k8s.io/dl/v1/kind",
        "checksum": "https://kind.sigs.k8s.io/dl/v1/kind.sha256sum",
        "image": ["apache/airflow", "apache/airflow:3.3.2"],
    }
    found = usage_of(default, dict.fromkeys(default))
    assert set(found.references) == {default["url"], default["checksum"], "apache/airflow:3.3.2"}


def test_an_image_that_is_spelled_without_its_tag_is_one() -> None:
    default = {"tagged": "postgres:17", "latest": "postgres"}
    assert set(usage_of(default, dict.fromkeys(default)).references) == {"postgres:17", "postgres"}


def test_a_reference_is_reported_where_it_is_spelled() -> None:
    default = {"computed": ["redis:8"], "spelled": "redis:8"}
    assert usage_of(default, {}).references == {"redis:8": ["spelled"]}


def test_each_variable_that_spells_a_reference_is_kept() -> None:
    assert usage_of({"one": "redis:8", "two": "redis:8"}, {}).references == {"redis:8": ["one", "two"]}


def test_a_message_about_a_mirror_is_not_a_reference() -> None:
    default = {"advice": "Images come from the public registries."}
    assert usage_of(default, {"advice": "Images come from registry.invalid."}).references == {}


@pytest.mark.parametrize(
    ("text", "hides"),
    [
        ("{{ prefix }}redis:{{ undefined }}", True),
        ("{{ airfield_download_mirror }}/{{ undefined }}", True),
        ("https://example.org/{{ undefined }}", True),
        ("http://{{ undefined }}:80", False),
        ("Set airfield_download_mirror, or {{ undefined }}.", False),
    ],
)
def test_what_cannot_be_evaluated_must_not_hide_a_reference(text: str, hides: bool) -> None:
    found = usage_of(
        {"prefix": "", "whole": "redis:8"}, {"prefix": "registry.invalid/", "whole": "registry.invalid/redis:8"}
    )
    assert found.prefixes == {"prefix", "airfield_download_mirror", "airfield_image_registry"}
    assert may_hide_one(Leaf("broken", text), found.prefixes) is hides


def test_dependents_are_followed_through_other_variables() -> None:
    variables = {"base": "{{ mirror }}/", "files": [{"url": "{{ base }}file"}], "other": "{{ basement }}"}
    assert dependents({"mirror"}, list(leaves("", variables))) == {"base", "files"}

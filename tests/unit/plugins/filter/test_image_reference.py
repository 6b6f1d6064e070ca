# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.filter.image_reference import image_reference

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("redis", ("redis", "", "", "redis", "latest")),
        ("redis:8", ("redis", "8", "", "redis", "8")),
        ("localhost:5000/a/b", ("localhost:5000/a/b", "", "", "localhost:5000/a/b", "latest")),
        ("localhost:5000/a/b:v1-2", ("localhost:5000/a/b", "v1-2", "", "localhost:5000/a/b", "v1-2")),
        (f"a/b:3@{DIGEST}", ("a/b", "3", DIGEST, "a/b:3@sha256", "a" * 64)),
        (f"a/b@{DIGEST}", ("a/b", "", DIGEST, "a/b@sha256", "a" * 64)),
    ],
)
def test_a_reference_has_parts(reference: str, parts: tuple[str, ...]) -> None:
    names = ("repository", "tag", "digest", "pinned_repository", "pinned_tag")
    assert image_reference(reference) == dict(zip(names, parts, strict=True))

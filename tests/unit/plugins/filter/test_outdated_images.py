# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.filter.outdated_images import outdated_images

BUILDS: dict[str, Any] = {"client": {"part_of": "airflow"}, "airflow": {}, "redis": {}}
CHECKSUMS = {"client": "c", "airflow": "a", "redis": "r"}


def test_a_missing_image_is_built_after_its_part() -> None:
    assert outdated_images(BUILDS, ["airflow", "redis"], CHECKSUMS, []) == ["client", "airflow", "redis"]


def test_what_is_there_is_not_built() -> None:
    assert outdated_images(BUILDS, ["airflow", "redis"], CHECKSUMS, ["a"]) == ["redis"]


def test_what_nobody_wants_is_not_built() -> None:
    assert outdated_images(BUILDS, ["redis"], CHECKSUMS, []) == ["redis"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Airflow releases that the modules are tested with: the oldest for this Python, and the newest."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import yaml
from ansible_collections.airfield.airflow.tests.collection_copy import ROOT

# Packages as of the day of each release: nothing that PyPI got later is installed with it.
NEWEST_AS_OF = "2026-11-20"
# The first Airflow 3 that supports a Python, by its Requires-Python: 3.0 ends with 3.12, 3.1 with 3.13.
OLDEST = {
    (3, 12): ("3.0.0", "2025-05-20"),
    (3, 13): ("3.1.0", "2025-10-10"),
    (3, 14): ("3.2.0", "2026-05-01"),
}


@dataclass(frozen=True)
class Release:
    """One Airflow release: ``role`` is oldest or newest, ``as_of`` the date of the PyPI state to install from."""

    role: str
    version: str
    as_of: str

    def __str__(self) -> str:
        return f"{self.role} {self.version}"


def oldest(python: tuple[int, int]) -> Release:
    """The oldest Airflow 3 for a Python."""
    version, as_of = next((OLDEST[limit] for limit in sorted(OLDEST) if python <= limit), OLDEST[max(OLDEST)])
    return Release("oldest", version, as_of)


def newest() -> Release:
    """The Airflow release that airfield installs."""
    content = yaml.safe_load((ROOT / "roles/airfield/vars/main/versions.yml").read_text())
    return Release("newest", str(content["airfield_tested_versions"]["airflow"]), NEWEST_AS_OF)


def releases(python: tuple[int, int] = (sys.version_info.major, sys.version_info.minor)) -> list[Release]:
    return [oldest(python), newest()]

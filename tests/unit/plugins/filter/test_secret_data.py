# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.filter.secret_data import secret_data

SECRETS: list[dict[str, Any]] = [
    {"metadata": {"name": "admin"}, "data": {"username": "YWRtaW4=", "city": "TcO8bmNoZW4="}},
    {"metadata": {"name": "empty"}, "data": None},
    {"metadata": {"name": "other"}},
]


def test_values_are_found_by_secret_and_key() -> None:
    assert secret_data(SECRETS) == {"admin": {"username": "admin", "city": "M\u00fcnchen"}, "empty": {}, "other": {}}


def test_only_the_named_ones_and_as_they_are() -> None:
    assert secret_data(SECRETS, ["admin", "absent"], decode=False) == {"admin": SECRETS[0]["data"]}


def test_of_one_name_the_last_counts() -> None:
    later: dict[str, Any] = {"metadata": {"name": "admin"}, "data": {"username": "cm9vdA=="}}
    assert secret_data([*SECRETS, later], ["admin"]) == {"admin": {"username": "root"}}

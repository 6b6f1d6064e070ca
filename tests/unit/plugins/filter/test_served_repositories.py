# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.filter.served_repositories import served_repositories


def test_every_repository_has_an_address_and_the_password() -> None:
    served = {"platform": None, "dags": {"subdir": "dags"}, "charts": {"branch": "live", "username": "other"}}
    assert served_repositories(served, "http://192.0.2.1:3080/git", "airfield", "a-secret") == {
        "platform": {"url": "http://192.0.2.1:3080/git/platform.git", "username": "airfield", "password": "a-secret"},
        "dags": {
            "url": "http://192.0.2.1:3080/git/dags.git",
            "username": "airfield",
            "password": "a-secret",
            "subdir": "dags",
        },
        "charts": {
            "url": "http://192.0.2.1:3080/git/charts.git",
            "username": "other",
            "password": "a-secret",
            "branch": "live",
        },
    }

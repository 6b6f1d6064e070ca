# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.label_selector import parse_selector, selects

LABELS = {"tier": "airflow", "component": "scheduler", "example.com/empty": ""}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("", True),
        ("tier=airflow", True),
        ("tier==airflow", True),
        ("tier=web", False),
        ("tier!=web", True),
        ("tier!=airflow", False),
        ("nothing!=web", True),
        ("tier=airflow,component=scheduler", True),
        ("tier=airflow, component=web", False),
        ("component in (web, scheduler)", True),
        ("component in (web),tier=airflow", False),
        ("component notin (web, api)", True),
        ("component notin (scheduler)", False),
        ("nothing notin (scheduler)", True),
        ("component", True),
        ("nothing", False),
        ("!nothing", True),
        ("! component", False),
        ("example.com/empty=", True),
        ("example.com/empty!=", False),
    ],
)
def test_selectors_mean_what_the_api_server_says(selector: str, expected: bool) -> None:
    assert selects(parse_selector(selector), LABELS) is expected


@pytest.mark.parametrize("selector", ["a=b,", "a in b", "a in ()x", "=b", "a=b c", "a>1", "a=-b"])
def test_what_is_no_selector_is_refused(selector: str) -> None:
    with pytest.raises(ValueError, match="is not valid at"):
        parse_selector(selector)

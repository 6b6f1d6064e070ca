# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.tolerations import describe, not_tolerated

TAINTED = {"key": "dedicated", "operator": "Equal", "value": "airflow", "effect": "NoSchedule"}
CONTROL = {"key": "node-role.kubernetes.io/control-plane", "operator": "Exists", "effect": "NoSchedule"}


@pytest.mark.parametrize(
    "have",
    [
        TAINTED,
        {"key": "dedicated", "value": "airflow", "effect": "NoSchedule"},  # Equal is the default
        {"key": "dedicated", "operator": "Exists", "effect": "NoSchedule"},
        {"key": "dedicated", "operator": "Exists"},
        {"operator": "Exists"},
    ],
)
def test_what_covers_at_least_as_much_will_do(have: dict[str, Any]) -> None:
    assert not_tolerated([TAINTED], [CONTROL, have]) == []


@pytest.mark.parametrize(
    "have",
    [
        CONTROL,
        {**TAINTED, "value": "other"},
        {**TAINTED, "effect": "NoExecute"},
        {**TAINTED, "tolerationSeconds": 300},
        {**TAINTED, "key": "gpu"},
        {"value": "airflow", "effect": "NoSchedule"},
    ],
)
def test_what_covers_less_will_not(have: dict[str, Any]) -> None:
    assert not_tolerated([TAINTED, CONTROL], [have, CONTROL]) == [TAINTED]


def test_one_value_is_not_every_value() -> None:
    wanted = {"key": "dedicated", "operator": "Exists", "effect": "NoSchedule"}
    assert not_tolerated([wanted], [TAINTED]) == [wanted]
    assert not_tolerated([wanted], [{**TAINTED, "value": ""}]) == [wanted]


def test_nothing_wanted_is_nothing_missing() -> None:
    assert not_tolerated([], []) == []
    assert not_tolerated([CONTROL], []) == [CONTROL]


def test_tolerations_are_written_like_taints() -> None:
    assert describe(TAINTED) == "dedicated=airflow:NoSchedule"
    assert describe(CONTROL) == "node-role.kubernetes.io/control-plane:NoSchedule"
    assert describe({"operator": "Exists"}) == "*:*"
    assert describe({"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}) == (
        "a:NoExecute for 5 s"
    )

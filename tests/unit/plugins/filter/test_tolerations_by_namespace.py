# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.filter.tolerations_by_namespace import tolerations_by_namespace

NODES: list[dict[str, Any]] = [
    {"node_labels": {"pool": "cron"}, "node_taints": [{"key": "pool", "value": "cron", "effect": "NoSchedule"}]},
    {"node_labels": {"pool": "user"}},
]


def test_each_namespace_tolerates_the_taints_of_its_nodes() -> None:
    found = tolerations_by_namespace({"cron": {"pool": "cron"}, "user": {"pool": "user"}}, iter(NODES))
    expected = {"key": "pool", "operator": "Equal", "value": "cron", "effect": "NoSchedule"}
    assert found == {"cron": [expected], "user": []}

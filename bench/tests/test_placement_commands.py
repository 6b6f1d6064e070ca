# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.airfield.airflow.bench.meter import Cost
from ansible_collections.airfield.airflow.bench.placement.run import median, with_assert, with_placement


def test_both_commands_demand_the_same_number_of_pods(tmp_path: Path) -> None:
    (expectation,) = json.loads(with_placement("/kubeconfig", 1234)[-1])["expectations"]
    assert expectation["count"] == 1234
    (play,) = json.loads(Path(with_assert(tmp_path, 1234)[1]).read_text())
    demands = play["tasks"][-1]["ansible.builtin.assert"]["that"]
    assert demands[0] == "bench_pods.resources | length == 1234"


def test_median_is_taken_of_each_figure() -> None:
    assert median([Cost(1, 9, 5, 0), Cost(3, 8, 4, 1), Cost(2, 7, 6, 2)]) == Cost(2, 8, 5, 1)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[4]
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py") if path.stem != "__init__")


def test_the_action_group_names_every_module_of_the_api_and_no_other() -> None:
    groups = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))["action_groups"]
    members = {
        name
        for name in MODULES
        if "airfield.airflow.attributes.action_group"
        in (ROOT / f"plugins/modules/{name}.py").read_text(encoding="utf-8")
    }
    assert members, "no module is in the group"
    assert set(groups["airflow"]) == members

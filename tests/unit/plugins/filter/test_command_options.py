# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.filter.command_options import command_options


def test_every_value_has_its_key() -> None:
    assert command_options({"A": "1.2", "B": "x=y z"}, "--build-arg") == ["--build-arg=A=1.2", "--build-arg=B=x=y z"]
    assert command_options({}, "--build-arg") == []

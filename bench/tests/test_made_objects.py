# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.bench.made_objects import (
    PREFIX,
    Objects,
    differing,
    import_files,
    made,
    playbook,
)

FIRST, SECOND = f"{PREFIX}0000", f"{PREFIX}0001"


def as_shown(wanted: Objects) -> Objects:
    """In the format of Airflow's API."""
    return Objects(
        [
            {**one, "password": "***", "extra": json.dumps(one["extra"]), "team_name": None}
            for one in wanted.connections
        ],
        [
            {**one, "value": one["value"] if isinstance(one["value"], str) else json.dumps(one["value"], indent=2)}
            for one in wanted.variables
        ],
    )


def test_every_connection_has_secrets_and_half_of_the_variables_are_json() -> None:
    wanted = made(1000, 1000)
    assert len({one["connection_id"] for one in wanted.connections}) == 1000
    assert len({one["password"] for one in wanted.connections}) == 1000
    assert len({one["password"] for one in made(1000, 10).connections}) == 10
    assert all(one["extra"] for one in wanted.connections)
    assert len({one["key"] for one in wanted.variables}) == 1000
    assert sum(isinstance(one["value"], dict) for one in wanted.variables) == 500
    names = [*(one["connection_id"] for one in wanted.connections), *(one["key"] for one in wanted.variables)]
    assert all(name.startswith(PREFIX) for name in names)


def test_the_playbook_has_two_tasks() -> None:
    wanted = made(2, 2)
    (play,) = yaml.safe_load(playbook(wanted))
    connections, variables = play["tasks"]
    assert connections["airfield.airflow.connection"] == {"connections": wanted.connections}
    assert variables["airfield.airflow.variable"] == {"variables": wanted.variables}


def test_the_files_for_the_commands_hold_the_same() -> None:
    wanted = made(2, 2)
    connections, variables = map(json.loads, import_files(wanted))
    assert list(connections) == list(variables) == [FIRST, SECOND]
    assert {"connection_id": FIRST, **connections[FIRST]} == wanted.connections[0]
    # Without "value" beside the description, Airflow would take all of it for the value.
    assert variables[SECOND] == {
        "value": {"shop": 1, "tables": ["orders", "customers"]},
        "description": "Settings of shop 1",
    }


def test_what_is_there_as_wanted_is_accepted() -> None:
    wanted = made(4, 4)
    assert differing(wanted, as_shown(wanted)) == []


@pytest.mark.parametrize(
    ("kind", "field", "value", "name"),
    [
        ("connections", "host", "elsewhere", f"connection {SECOND}"),
        ("connections", "password", None, f"connection {SECOND}"),
        ("connections", "extra", None, f"connection {SECOND}"),
        ("connections", "extra", '{"sslmode": "disable"}', f"connection {SECOND}"),
        ("variables", "value", '{"shop": 2}', f"variable {SECOND}"),
        ("variables", "value", None, f"variable {SECOND}"),
        ("variables", "description", None, f"variable {SECOND}"),
    ],
)
def test_another_value_is_found_out(kind: str, field: str, value: Any, name: str) -> None:
    wanted = made(3, 3)
    found = as_shown(wanted)
    getattr(found, kind)[1][field] = value
    assert differing(wanted, found) == [name]


def test_what_is_missing_or_too_much_is_found_out() -> None:
    wanted = made(3, 3)
    found = as_shown(wanted)
    del found.connections[0], found.variables[2]
    expected = [f"connection {FIRST}", f"variable {PREFIX}0002"]
    assert differing(wanted, found) == expected
    assert differing(Objects(wanted.connections[1:], wanted.variables[:2]), as_shown(wanted)) == expected

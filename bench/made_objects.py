# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the bench objects creates: as a playbook, as files for Airflow's CLI, and compared with what Airflow has."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

PREFIX = "bench-objects-"
Json = dict[str, Any]


class Objects(NamedTuple):
    """In the format of the modules' options, or of the API."""

    connections: list[Json]
    variables: list[Json]


def made(count: int, passwords: int) -> Objects:
    """Every second variable is JSON. ``passwords``: how many different passwords the connections have.

    They are the same in every run: Airflow's processes keep all values that they have seen, to mask them in logs.
    """
    names = [f"{PREFIX}{number:04}" for number in range(count)]
    connections = [
        {
            "connection_id": name,
            "conn_type": "postgres",
            "description": f"Orders of shop {number}",
            "host": f"db-{number}.example.org",
            "port": 5432,
            "login": f"shop{number}",
            "password": f"made-up-{number % passwords:04}-for-the-bench",
            "schema": "orders",
            "extra": {"sslmode": "require", "connect_timeout": 10, "application_name": name},
        }
        for number, name in enumerate(names)
    ]
    variables = [
        {
            "key": name,
            "value": {"shop": number, "tables": ["orders", "customers"]} if number % 2 else f"s3://orders/{number}",
            "description": f"Settings of shop {number}",
        }
        for number, name in enumerate(names)
    ]
    return Objects(connections, variables)


def playbook(wanted: Objects) -> str:
    tasks = [
        {"name": "Create the connections", "airfield.airflow.connection": {"connections": wanted.connections}},
        {"name": "Create the variables", "airfield.airflow.variable": {"variables": wanted.variables}},
    ]
    # JSON is YAML, and Ansible reads it several times faster: the CLI imports JSON too.
    return json.dumps([{"name": "Airflow as code", "hosts": "all", "gather_facts": False, "tasks": tasks}])


def import_files(wanted: Objects) -> tuple[str, str]:
    """The contents of the files that `airflow connections import` and `airflow variables import` read."""
    connections, variables = (
        {thing[key]: {field: value for field, value in thing.items() if field != key} for thing in things}
        for key, things in (("connection_id", wanted.connections), ("key", wanted.variables))
    )
    return json.dumps(connections), json.dumps(variables)


def differing(wanted: Objects, existing: Objects) -> list[str]:
    """What is missing, superfluous, or different; of a password only whether there is one."""
    connections, variables = (
        {thing[key]: thing for thing in things}
        for key, things in (("connection_id", existing.connections), ("key", existing.variables))
    )
    wrong: list[str] = []
    for thing in wanted.connections:
        there = connections.pop(thing["connection_id"], {})
        stored = {**there, "extra": json.loads(there.get("extra") or "{}"), "password": bool(there.get("password"))}
        if {**thing, "password": True} != {field: stored.get(field) for field in thing}:
            wrong.append(f"connection {thing['connection_id']}")
    for thing in wanted.variables:
        there = variables.pop(thing["key"], {})
        text = isinstance(thing["value"], str)
        stored = {**there, "value": there.get("value") if text else json.loads(there.get("value") or "null")}
        if thing != {field: stored.get(field) for field in thing}:
            wrong.append(f"variable {thing['key']}")
    return [*wrong, *(f"connection {name}" for name in connections), *(f"variable {name}" for name in variables)]

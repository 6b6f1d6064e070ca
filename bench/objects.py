# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow as code: a playbook with a thousand connections and as many variables, against Airflow's own commands.

All objects are named ``bench-objects-…`` and are deleted at the end.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ansible.module_utils.testing import patch_module_args
from ansible_collections.airfield.airflow.bench.figures import Figure, paired
from ansible_collections.airfield.airflow.bench.installation import IN_SCHEDULER, api_arguments, in_airflow
from ansible_collections.airfield.airflow.bench.made_objects import (
    PREFIX,
    Json,
    Objects,
    differing,
    import_files,
    made,
    playbook,
)
from ansible_collections.airfield.airflow.bench.meter import Meter
from ansible_collections.airfield.airflow.bench.rerun import read_recap
from ansible_collections.airfield.airflow.bench.trigger import call, seconds
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, client_of

# One command for the whole import: the file is copied there, and removed when the import has ended, successfully or
# not.
IMPORT = 'file=$(mktemp --suffix=.json) && trap "rm -f $file" EXIT && cat >"$file" && "$@" "$file"'


class Airflow(NamedTuple):
    """The measured Airflow. ``api``: the modules' arguments; ``where``: the command prefix to run a command there."""

    api: Json
    where: Sequence[str]


def objects(
    count: int, passwords: int, calls: int, api_url: str | None = None, where: Sequence[str] = IN_SCHEDULER
) -> list[Figure]:
    """``api_url``: an Airflow other than that of `make up`, with credentials in the modules' environment variables."""
    airflow = Airflow({"api_url": api_url} if api_url else api_arguments(), where)
    # Airflow does not show its pools without credentials: wrong ones end the bench here, with the module's message.
    version = call("airflow_info", {**airflow.api, "gather": ["version", "pools"]})["version"]
    print(f"Airflow {version}, {count} connections with {passwords} passwords, {count} variables", flush=True)
    delete(airflow)
    try:
        return _measure(airflow, made(count, passwords), calls)
    finally:
        delete(airflow)


def _measure(airflow: Airflow, wanted: Objects, calls: int) -> list[Figure]:
    converge, rerun = _playbook_twice(airflow, wanted)
    delete(airflow)
    first, again = (_import(airflow, wanted) for _round in range(2))
    require(airflow, wanted, "`airflow … import`")
    delete(airflow)
    looped = _loop(airflow, wanted, calls)
    return figures(len(wanted.connections), (converge, rerun), (first, again), looped, calls)


def figures(
    count: int, ours: tuple[float, float], imports: tuple[float, float], looped: float, calls: int
) -> list[Figure]:
    """``ours``, ``imports``: seconds when no object existed, and when all did. ``looped``: seconds for one of each."""
    (converge, rerun), (first, again) = ours, imports
    what = f"playbook of {2 * count} objects"
    extrapolated = f"one CLI call each, extrapolated from {2 * calls} calls"
    return [
        paired("objects", f"{what} / CLI imports", [converge], [first], goal="ours in 10 s"),
        paired("objects", f"{what}, re-run / CLI imports again", [rerun], [again], goal="ours in 3 s"),
        paired("objects", f"{what} / {extrapolated}", [converge], [looped * count]),
    ]


def require(airflow: Airflow, wanted: Objects, maker: str) -> None:
    """Raise SystemExit unless Airflow has exactly these objects, with these values."""
    if wrong := differing(wanted, read(airflow)):
        total = len(wanted.connections) + len(wanted.variables)
        raise SystemExit(f"{len(wrong)} of {total} objects are not as {maker} should have created them: {wrong[:5]}")


def read(airflow: Airflow) -> Objects:
    """Read with separate requests, so that a module that reports a wrong result is detected."""
    try:
        with patch_module_args(airflow.api):
            client = client_of(api_module({}))
        asked = (
            ("connections", "connection_id", "connection_id_pattern"),
            ("variables", "key", "variable_key_pattern"),
        )
        connections, variables = (
            # To Airflow, the pattern matches any part of a name.
            [thing for thing in client.pages(kind, items=kind, query=query) if thing[key].startswith(PREFIX)]
            for kind, key, pattern in asked
            for query in [{pattern: PREFIX, "order_by": key}]
        )
    except ApiError as error:
        raise SystemExit(str(error)) from error
    return Objects(connections, variables)


def delete(airflow: Airflow) -> None:
    """Delete what the bench has created, now or in a run that was killed."""
    existing = read(airflow)
    if existing.connections:
        names = [{"connection_id": thing["connection_id"]} for thing in existing.connections]
        call("connection", {**airflow.api, "connections": names, "state": "absent"})
    if existing.variables:
        keys = [{"key": thing["key"]} for thing in existing.variables]
        call("variable", {**airflow.api, "variables": keys, "state": "absent"})


def _playbook_twice(airflow: Airflow, wanted: Objects) -> tuple[float, float]:
    in_variables = {f"AIRFLOW_{name.upper()}": value for name, value in airflow.api.items()}
    walls = []
    with tempfile.TemporaryDirectory(prefix="airfield-bench-") as directory:
        meter, file = Meter(Path(directory)), Path(directory) / "objects.yml"
        file.write_text(playbook(wanted))
        for expected in (2, 0):
            cost = meter.measure("ansible-playbook", str(file), environment=in_variables)
            changed = read_recap(meter.log.read_text(), cost.wall).changed
            if changed != expected:
                said = meter.log.read_text()[-3000:]
                raise SystemExit(
                    f"The playbook reports changed={changed} instead of {expected}, so it does not count:\n{said}"
                )
            walls.append(cost.wall)
            print(f"playbook {cost.wall:.2f} s, its modules {cost.modules:.2f} s; changed={changed}", flush=True)
            require(airflow, wanted, "the playbook")
    converge, rerun = walls
    return converge, rerun


def _import(airflow: Airflow, wanted: Objects) -> float:
    connections, variables = import_files(wanted)
    run = partial(in_airflow, "sh", "-c", IMPORT, "sh", "airflow", where=airflow.where)
    first = seconds(lambda: run("connections", "import", "--overwrite", stdin=connections))
    second = seconds(lambda: run("variables", "import", stdin=variables))
    print(f"`airflow connections import` {first:.2f} s, `airflow variables import` {second:.2f} s", flush=True)
    return first + second


def _loop(airflow: Airflow, wanted: Objects, calls: int) -> float:
    """Seconds that one connection and one variable take with a CLI call each, the mean of several."""
    run = partial(in_airflow, "airflow", where=airflow.where)
    few = Objects(wanted.connections[:calls], wanted.variables[:calls])
    connections, variables = import_files(few)
    added = [
        seconds(partial(run, "connections", "add", name, "--conn-json", json.dumps(fields)))
        for name, fields in json.loads(connections).items()
    ]
    set_ = [
        seconds(partial(run, "variables", "set", name, value, "--description", fields["description"]))
        for name, fields in json.loads(variables).items()
        for value in [fields["value"] if isinstance(fields["value"], str) else json.dumps(fields["value"])]
    ]
    require(airflow, few, "one CLI call each")
    add, put = statistics.mean(added), statistics.mean(set_)
    count = len(wanted.connections)
    print(
        f"`airflow connections add` {add:.2f} s, `airflow variables set` {put:.2f} s, the means of {calls} calls each. "
        f"{2 * count} calls are extrapolated from that: {(add + put) * count:.0f} s",
        flush=True,
    )
    return add + put

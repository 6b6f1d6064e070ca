# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Triggering a run: the module dag_run compared with `airflow dags trigger` in the scheduler's pod.

The DAG is paused during that time, so that the runs stay queued and no task disturbs the measurement; they are deleted
at the end.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from ansible.module_utils.testing import patch_module_args
from ansible_collections.airfield.airflow.bench.figures import Figure, paired
from ansible_collections.airfield.airflow.bench.installation import api_arguments, in_airflow
from ansible_collections.airfield.airflow.bench.meter import Meter

DAG = "poc_test"
PREFIX = "bench-trigger-"
GOAL = "5 times"
MODULES = "ansible_collections.airfield.airflow.plugins.modules"
Json = dict[str, Any]


def trigger(runs: int) -> list[Figure]:
    api = api_arguments()
    left_behind = _delete_runs(api)
    dag = call("dag", {**api, "dag_id": DAG, "paused": True})
    # A killed run of this bench has left it paused.
    unpause = bool(dag["changed"] or left_behind)
    try:
        return _measure(api, runs)
    finally:
        _delete_runs(api)
        if unpause:
            call("dag", {**api, "dag_id": DAG, "paused": False})


def _measure(api: Json, runs: int) -> list[Figure]:
    in_variables = {f"AIRFLOW_{key.upper()}": value for key, value in api.items()}
    commands, processes, calls, others = [], [], [], []
    stamp = int(time.time())
    with tempfile.TemporaryDirectory(prefix="airfield-bench-") as directory:
        meter = Meter(Path(directory))
        for number in range(runs):
            name = f"{PREFIX}{stamp}-{number}"
            arguments = json.dumps({"dag_id": DAG, "run_id": f"{name}-command"})
            cost = meter.measure(
                "ansible", "localhost", "-m", "airfield.airflow.dag_run", "-a", arguments, environment=in_variables
            )
            commands.append(cost.wall)
            processes.append(cost.modules)
            in_process = {**api, "dag_id": DAG, "run_id": f"{name}-call"}
            calls.append(seconds(partial(call, "dag_run", in_process)))
            by_kubectl = partial(in_airflow, "airflow", "dags", "trigger", DAG, "--run-id", f"{name}-kubectl")
            others.append(seconds(by_kubectl))
            print(
                f"command {commands[-1]:.2f} s, module's process {processes[-1]:.2f} s, "
                f"call in process {calls[-1]:.2f} s, kubectl exec {others[-1]:.2f} s",
                flush=True,
            )
    made = len(_run_ids(api))
    if made != 3 * runs:
        raise SystemExit(f"Airflow has {made} new runs of {DAG} instead of {3 * runs}, so not all of them count.")
    return [
        paired("trigger", "dag_run, the module's process / kubectl exec", processes, others, goal=GOAL),
        paired("trigger", "dag_run, its calls alone / kubectl exec", calls, others, goal=GOAL),
        paired("trigger", "`ansible localhost -m dag_run` / kubectl exec", commands, others, goal=GOAL),
    ]


def seconds(action: Callable[[], object]) -> float:
    started = time.monotonic()
    action()
    return time.monotonic() - started


def call(module: str, arguments: Json) -> Json:
    """Run one of the collection's modules inside this process. Raises SystemExit with its message if it fails."""
    output = io.StringIO()
    main = importlib.import_module(f"{MODULES}.{module}").main
    with patch_module_args(arguments), contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        main()
    result: Json = json.loads(output.getvalue())
    if result.get("failed"):
        raise SystemExit(f"airfield.airflow.{module}: {result['msg']}")
    return result


def _run_ids(api: Json) -> list[str]:
    result = call("dag_run_info", {**api, "dag_id": DAG, "run_id_prefix": PREFIX, "limit": 1000})
    return [str(run["dag_run_id"]) for run in result["dag_runs"]]


def _delete_runs(api: Json) -> int:
    run_ids = _run_ids(api)
    for run_id in run_ids:
        call("dag_run", {**api, "dag_id": DAG, "run_id": run_id, "state": "absent"})
    return len(run_ids)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module backfill when it waits for runs."""

from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.backfills import (
    BACKFILLS,
    RESET,
    completed,
    create,
    dag,
    dag_run,
    described,
    dry_run,
    get,
    listed,
    run,
    runs,
    unfinished,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import HttpCall, login


def test_another_one_whose_runs_have_finished_is_waited_for_until_airflow_notices() -> None:
    other = described(to_date="2026-01-09T00:00:00Z")
    over = [unfinished(), runs(dag_run(1, "success"))]
    done = HttpCall("GET", f"{BACKFILLS}/3").answers({**other, "completed_at": "2026-11-21T13:00:00Z"})
    found = run([login(), listed(other), *over, get(), done, dag(), dry_run(), create()], poll_interval=7)
    assert found["changed"] is True
    assert found.slept == [7]
    checked = run([login(), listed(other), *over, dag(), dry_run()], check_mode=True)
    assert checked["changed"] is True


def test_waits_and_returns_the_runs_that_it_made() -> None:
    calls = [login(), listed(), dag(), dry_run(), create(), dag(), get()]
    calls += [unfinished(dag_run(1, "running"), dag_run(2, "queued")), get(), unfinished()]
    before = dag_run(3, "failed", queued_at="2026-11-20T00:00:00Z")
    outside = dag_run(9, "failed", logical_date="2026-02-01T00:00:00Z")
    made = [dag_run(2, "success"), before, outside, dag_run(1, "success")]
    found = run([*calls, runs(*made), runs(*made)], wait=True, poll_interval=5)
    assert [item["dag_run_id"] for item in found["dag_runs"]] == ["day1", "day2"]
    assert "conf" not in found["dag_runs"][0]
    assert found.slept == [5]
    assert "2 runs have not finished (1 queued, 1 running)" in found.progress[0]


def test_waits_on_when_airflow_calls_it_completed_too_early_or_shows_no_run_yet() -> None:
    early: dict[str, Any] = {"completed_at": "2026-11-21T12:00:00Z"}
    calls = [login(), listed(described(**early)), get(**early), unfinished(dag_run(1, "running"))]
    calls += [get(**early), unfinished(), runs(dag_run(1, "success"))]
    assert run(calls, wait=True)["dag_runs"][0]["state"] == "success"
    calls = [login(), listed(described()), dag(), get(), unfinished(), runs(), get(**early), unfinished(), runs()]
    assert run(calls, wait=True)["dag_runs"] == []


def test_a_failed_run_fails_also_when_it_had_completed_before() -> None:
    made = [dag_run(1, "success"), dag_run(2, "failed")]
    now = get(completed_at="2026-11-21T13:00:00Z")
    found = run([login(), listed(completed()), now, unfinished(), runs(*made)], wait=True)
    assert found["error"] == "BackfillFailed"
    assert "1 of 2 runs of the backfill 3 of the DAG daily failed: day2." in found["msg"]
    assert [item["dag_run_id"] for item in found["failed_runs"]] == ["day2"]
    assert len(found["dag_runs"]) == 2
    assert found["changed"] is False
    created = [login(), listed(), dag(), dry_run(), create(), dag(), get(), unfinished(), runs(*made), runs(*made)]
    assert run(created, wait=True)["changed"] is True


def test_an_outage_while_waiting_is_waited_through() -> None:
    calls = [login(), listed(described()), dag(), get().fails(RESET), get(), unfinished()]
    calls += [runs(dag_run(1, "success"))] * 2
    found = run(calls, wait=True, poll_interval=1)
    assert not found.failed
    assert found.slept == [1]


def test_a_paused_dag_fails_when_one_waits_and_warns_when_not() -> None:
    assert "is paused" in run([login(), listed(), dag(is_paused=True)], wait=True)["msg"]
    assert "is paused" in run([login(), listed(), dag(is_paused=True), dry_run(), create()]).warnings[0]
    found = run([login(), listed(described()), dag(is_paused=True)], wait=True)
    assert "The backfill 3 cannot continue. The DAG daily is paused" in found["msg"]
    found = run([login(), listed(described()), dag(is_stale=True)], wait=True)
    assert "The backfill 3 cannot continue. Airflow does not know the DAG daily, its file is gone" in found["msg"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module backfill: created, paused, cancelled, and refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.backfills import (
    PLANNED,
    RESET,
    completed,
    create,
    dag,
    dag_run,
    described,
    dry_run,
    get,
    listed,
    put,
    run,
    unfinished,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import HttpCall, login


def test_check_run_rerun_and_rerun_when_it_has_completed() -> None:
    checked = run([login(), listed(), dag(), dry_run()], check_mode=True)
    made = run([login(), listed(), dag(), dry_run(), create()])
    again = run([login(), listed(described())])
    later = run([login(), listed(completed())])
    assert [found["changed"] for found in (checked, made, again, later)] == [True, True, False, False]
    assert checked["diff"] == made["diff"]
    assert made["diff"]["before"] == {}
    assert checked["planned"] == made["planned"] == PLANNED
    assert [made["backfill"]["state"], later["backfill"]["state"]] == ["running", "completed"]
    assert [made["backfill"]["id"], checked["backfill"]["id"]] == [3, None]


def test_sends_every_setting_and_days_as_midnights_in_utc() -> None:
    given: dict[str, Any] = {
        "run_backwards": True,
        "max_active_runs": 2,
        "reprocess_behavior": "failed",
        "dag_run_conf": {"a": 1},
    }
    calls = [login(), listed(), dag(), dry_run(**given), create(**given, run_on_latest_version=False)]
    found = run(calls, **given, dag_version="original", from_date="2026-01-01", to_date="2026-01-03T01:00:00+01:00")
    assert found["diff"]["after"]["max_active_runs"] == 2
    assert found["diff"]["after"]["state"] == "running"


def test_paused_and_at_work_again() -> None:
    made = run([login(), listed(), dag(), dry_run(), create(), put("pause", is_paused=True)], state="paused")
    again = run([login(), listed(described(is_paused=True))], state="paused")
    checked = run([login(), listed(described(is_paused=True))], check_mode=True)
    resumed = run([login(), listed(described(is_paused=True)), put("unpause")])
    assert [found["changed"] for found in (made, again, checked, resumed)] == [True, False, True, True]
    assert checked["diff"] == resumed["diff"]
    assert [resumed["diff"][side]["state"] for side in ("before", "after")] == ["paused", "running"]
    assert made["backfill"]["state"] == "paused"
    assert run([login(), listed(completed())], state="paused")["changed"] is False


def test_a_backfill_that_completes_before_it_is_paused() -> None:
    late = put("pause").answers({"detail": "Backfill is already completed."}, status=409)
    found = run([login(), listed(described()), late, get(completed_at="2026-11-21T13:00:00Z")], state="paused")
    assert found["backfill"]["state"] == "completed"


def test_cancelled_and_cancelled_again() -> None:
    ended: dict[str, Any] = {"is_paused": True, "completed_at": "2026-11-21T13:00:00Z"}
    checked = run([login(), listed(described())], check_mode=True, state="cancelled")
    gone = run([login(), listed(described()), put("cancel", **ended)], state="cancelled")
    again = run([login(), listed(described(**ended))], state="cancelled")
    assert [checked["changed"], gone["changed"], again["changed"]] == [True, True, False]
    assert checked["diff"] == gone["diff"]
    assert [gone["backfill"]["state"], again["backfill"]] == ["cancelled", None]
    assert checked["backfill"]["completed_at"] is None


def test_cancels_whichever_is_at_work_but_only_the_one_of_the_dates_if_there_are_any() -> None:
    other = described(to_date="2026-01-09T00:00:00Z")
    calls = [login(), listed(other), put("cancel", is_paused=True, completed_at="2026-11-21T13:00:00Z")]
    assert run(calls, state="cancelled", from_date=None, to_date=None)["changed"] is True
    assert run([login(), listed(other)], state="cancelled")["changed"] is False


def test_a_cancelled_backfill_is_created_again() -> None:
    assert run([login(), listed(completed(is_paused=True)), dag(), dry_run(), create()])["changed"] is True


def test_a_backfill_that_ran_something_else_is_another_one() -> None:
    given: dict[str, Any] = {"reprocess_behavior": "none", "dag_run_conf": {"a": 1}}
    same: dict[str, Any] = {"dag_run_conf": {"a": 1}}
    for known in (completed(reprocess_behavior="failed", **same), completed(dag_run_conf={"a": 2})):
        assert run([login(), listed(known), dag(), dry_run(**given), create(**given)], **given)["changed"] is True
    assert run([login(), listed(completed(**same))], **given)["changed"] is False


def test_force_creates_one_again_but_not_while_it_is_at_work() -> None:
    assert run([login(), listed(completed()), dag(), dry_run(), create()], force=True)["changed"] is True
    assert run([login(), listed(described())], force=True)["changed"] is False


def test_nothing_to_run_creates_nothing() -> None:
    found = run([login(), listed(), dag(), dry_run([])])
    assert found["changed"] is False
    assert [found["backfill"], found["planned"]] == [None, []]
    assert "has nothing to backfill from 2026-01-01" in found.warnings[0]


def test_another_one_at_work_fails_and_names_options_not_values() -> None:
    other = described(to_date="2026-01-09T00:00:00Z", dag_run_conf={"key": "s3cret-a"}, max_active_runs=5)
    calls = [login(), listed(other), unfinished(dag_run(1, "running"))]
    found = run(calls, dag_run_conf={"key": "s3cret-b"}, max_active_runs=10)
    assert found["error"] == "BackfillDiffers"
    assert "it differs in to_date, max_active_runs, dag_run_conf." in found["msg"]
    assert "s3cret" not in found["msg"]


def test_a_creation_whose_answer_was_lost_is_looked_for_and_not_repeated() -> None:
    calls = [login(), listed(completed(2)), dag(), dry_run(), create().fails(RESET)]
    found = run([*calls, listed(described(), completed(2))], force=True)
    assert found["changed"] is True
    assert found["backfill"]["id"] == 3
    found = run([*calls, listed(completed(2))], force=True)
    assert found["error"] == "ConnectionFailed"


def test_a_creation_that_somebody_else_was_faster_with_is_theirs() -> None:
    taken = create().answers({"detail": "There is already a running backfill for dag daily"}, status=409)
    assert run([login(), listed(), dag(), dry_run(), taken, listed(described())])["backfill"]["id"] == 3
    other = described(to_date="2026-01-09T00:00:00Z")
    assert run([login(), listed(), dag(), dry_run(), taken, listed(other)])["error"] == "Conflict"


def test_warns_when_airflow_calls_it_completed_before_it_is_paused() -> None:
    late = put("pause").answers({"detail": "Backfill is already completed."}, status=409)
    calls = [login(), listed(), dag(), dry_run(), create(), late, get(completed_at="2026-11-21T12:00:00Z")]
    assert "its runs continue" in run(calls, state="paused").warnings[0]


def test_an_unknown_dag_fails_and_only_warns_in_check_mode() -> None:
    unknown = dag().answers({"detail": "not found"}, status=404)
    assert "Airflow does not know the DAG daily." in run([login(), listed(), unknown])["msg"]
    found = run([login(), listed(), unknown], check_mode=True)
    assert found["changed"] is True
    assert "does not know the DAG" in found.warnings[0]
    assert "its file is gone" in run([login(), listed(), dag(is_stale=True)])["msg"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"from_date": "yesterday"}, "2026-11-21T00:00:00Z, or a date such as 2026-11-21, not yesterday."),
        ({"to_date": "2026-01-03T00:00:00"}, "to_date must be a date and time with a time zone"),
        ({"from_date": "2026-01-04"}, "from_date (2026-01-04) must not be after to_date (2026-01-03T00:00:00Z)."),
        ({"to_date": None}, "required together"),
        ({"from_date": None, "to_date": None}, "from_date, to_date"),
        ({"state": "paused", "wait": True}, "wait requires state: present"),
    ],
)
def test_wrong_input_is_refused_before_any_request(given: dict[str, Any], sentence: str) -> None:
    assert sentence in run([], **given)["msg"]


def test_another_version_of_the_dag_needs_airflow_3_2() -> None:
    old = HttpCall("GET", "/api/v2/version").token(None).answers({"version": "3.1.8"})
    assert "A backfill with dag_version requires Airflow 3.2 or later" in run([old], dag_version="latest")["msg"]


def test_a_backfill_that_was_created_and_cannot_be_paused_is_a_change() -> None:
    denied = put("pause").answers({"detail": "Forbidden"}, status=403)
    found = run([login(), listed(), dag(), dry_run(), create(), denied], state="paused")
    assert found.failed
    assert (found["changed"], found["backfill"]["state"]) == (True, "running")


def test_secrets_in_the_conf_are_kept_out_of_the_output() -> None:
    conf = {"api_key": "kept-to-oneself"}
    found = run([login(), listed(), dag(), dry_run(dag_run_conf=conf), create(dag_run_conf=conf)], dag_run_conf=conf)
    assert found["changed"] is True
    assert "kept-to-oneself" not in found.printed

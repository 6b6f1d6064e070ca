# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import urllib.error
from typing import Any

from ansible_collections.airfield.airflow.plugins.modules import dag
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

DAG = "/api/v2/dags/poc_test"
REFUSED = urllib.error.URLError(ConnectionRefusedError(111, "Connection refused"))
SYNTAX_ERROR = """Traceback (most recent call last):
  File "/opt/airflow/dags/poc_test.py", line 3
SyntaxError: '(' was never closed
"""


def described(**changed: Any) -> dict[str, Any]:
    known = {"dag_id": "poc_test", "is_paused": True, "is_stale": False, "has_import_errors": False}
    return {**known, "bundle_name": "dags-folder", "relative_fileloc": "poc_test.py", **changed}


def get(**changed: Any) -> HttpCall:
    return HttpCall("GET", DAG).answers(described(**changed))


def unknown() -> HttpCall:
    return HttpCall("GET", DAG).answers({"detail": "The Dag with ID: `poc_test` was not found"}, status=404)


def patch(paused: bool) -> HttpCall:
    return HttpCall("PATCH", DAG).body({"is_paused": paused}).answers(described(is_paused=paused))


def error(filename: str = "poc_test.py", text: str = SYNTAX_ERROR, at: str = "12:00:00") -> dict[str, Any]:
    return {
        "import_error_id": 1,
        "timestamp": at,
        "filename": filename,
        "bundle_name": "dags-folder",
        "stack_trace": text,
    }


def errors(*found: dict[str, Any]) -> HttpCall:
    call = HttpCall("GET", "/api/v2/importErrors").query(limit=100, offset=0)
    return call.answers({"import_errors": list(found), "total_entries": len(found)})


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(dag.main, {"dag_id": "poc_test", **arguments}, calls, check_mode=check_mode)


def test_check_run_rerun_and_back() -> None:
    checked = run([login(), get()], check_mode=True, paused=False)
    changed = run([login(), get(), patch(False)], paused=False)
    again = run([login(), get(is_paused=False)], paused=False)
    back = run([login(), get(is_paused=False), patch(True)], paused=True)
    assert [checked["changed"], changed["changed"], again["changed"], back["changed"]] == [True, True, False, True]
    assert checked["diff"] == changed["diff"]
    assert changed["diff"]["before"] == {"dag_id": "poc_test", "is_paused": True}
    assert changed["diff"]["after"] == {"dag_id": "poc_test", "is_paused": False}
    assert changed["dag"]["is_paused"] is checked["dag"]["is_paused"] is False


def test_without_paused_nothing_changes() -> None:
    found = run([login(), get()])
    assert found["changed"] is False
    assert found["dag"] == described()


def test_waits_until_the_dag_is_parsed_through_an_outage() -> None:
    down = HttpCall("GET", DAG).fails(REFUSED)
    found = run([login(), unknown(), errors(), down, get()], poll_interval=2)
    assert not found.failed
    assert found.slept == [2, 2]
    assert "Airflow does not know it yet" in found.progress[0]
    assert "connection refused" in found.progress[1]


def test_a_stale_dag_is_not_there() -> None:
    found = run([login(), get(is_stale=True), errors(), get()])
    assert found["dag"]["is_stale"] is False
    assert found.slept == [2]


def test_an_import_error_that_appears_fails_at_once_with_its_text() -> None:
    found = run([login(), unknown(), errors(), unknown(), errors(error())], file="poc_test.py")
    assert found.failed
    assert found["error"] == "DagBroken"
    assert "SyntaxError: '(' was never closed" in found["msg"]
    assert "poc_test.py" in found["msg"]
    assert found["import_errors"] == [error()]
    assert found.slept == [2]


def test_an_import_error_that_was_there_is_given_a_grace() -> None:
    broken = [unknown(), errors(error())]
    found = run([login(), *broken, *broken, *broken, get()], import_error_grace=10, poll_interval=3)
    assert not found.failed
    found = run([login(), *broken, *broken], import_error_grace=3, poll_interval=3)
    assert "SyntaxError" in found["msg"]


def test_an_import_error_recorded_again_counts_despite_the_grace() -> None:
    again = errors(error(at="12:00:31"))
    found = run([login(), unknown(), errors(error()), unknown(), again], import_error_grace=60)
    assert "SyntaxError" in found["msg"]


def test_a_known_dag_that_broke_fails_by_the_file_that_airflow_knows() -> None:
    broken = get(relative_fileloc="team/x.py", is_stale=True, has_import_errors=True)
    found = run([login(), broken, errors(error("y.py", "boom"), error("team/x.py"))], wait=False)
    assert "Airflow cannot read team/x.py" in found["msg"]


def test_after_a_timeout_it_lists_what_airflow_cannot_read() -> None:
    other = errors(error("other.py", "Traceback:\nModuleNotFoundError: No module named 'x'\n"))
    found = run([login(), *[unknown(), other] * 3], wait_timeout=4, poll_interval=2)
    assert found.failed
    assert found["error"] == "WaitTimedOut"
    assert "Timed out after 4 s waiting for the DAG poc_test: Airflow does not know it yet" in found["msg"]
    assert "other.py: ModuleNotFoundError: No module named 'x'" in found["msg"]


def test_the_api_down_all_the_time_ends_with_a_timeout_that_says_so() -> None:
    down = [HttpCall("POST", "/auth/token").token(None).body(login().expected_body).fails(REFUSED)] * 3
    found = run(down, wait_timeout=4, poll_interval=2)
    assert "Airflow's API has not answered for the last 4 s" in found["msg"]
    assert "connection refused" in found["msg"]


def test_without_wait_a_missing_dag_fails_at_once() -> None:
    found = run([login(), unknown(), errors()], wait=False)
    assert found["error"] == "DagMissing"
    assert found.slept == []


def test_check_mode_warns_of_a_dag_that_is_not_there_yet() -> None:
    found = run([login(), unknown(), errors(error())], check_mode=True, paused=False)
    assert not found.failed
    assert found["changed"] is True
    assert found["dag"] is None
    assert "Outside check mode" in found.warnings[0]


def test_a_forbidden_list_of_import_errors_is_told() -> None:
    denied = (
        HttpCall("GET", "/api/v2/importErrors").query(limit=100, offset=0).answers({"detail": "Forbidden"}, status=403)
    )
    found = run([login(), unknown(), denied])
    assert found["status"] == 403
    assert "role" in found["msg"]

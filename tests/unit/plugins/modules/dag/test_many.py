# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module dag with several DAGs, and with DAGs to delete."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import dag
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

DAGS = "/api/v2/dags"


def described(dag_id: str, **changed: Any) -> dict[str, Any]:
    known = {"dag_id": dag_id, "is_paused": True, "is_stale": False, "has_import_errors": False}
    return {**known, "bundle_name": "dags", "relative_fileloc": f"{dag_id}.py", **changed}


def get(dag_id: str, **changed: Any) -> HttpCall:
    return HttpCall("GET", f"{DAGS}/{dag_id}").answers(described(dag_id, **changed))


def unknown(dag_id: str) -> HttpCall:
    return HttpCall("GET", f"{DAGS}/{dag_id}").answers({"detail": "was not found"}, status=404)


def patch(dag_id: str, paused: bool) -> HttpCall:
    call = HttpCall("PATCH", f"{DAGS}/{dag_id}").body({"is_paused": paused})
    return call.answers(described(dag_id, is_paused=paused))


def delete(dag_id: str) -> HttpCall:
    return HttpCall("DELETE", f"{DAGS}/{dag_id}").answers(b"", status=204)


def running(dag_id: str) -> HttpCall:
    detail = f"Task instances of dag with id: '{dag_id}' are still running"
    return HttpCall("DELETE", f"{DAGS}/{dag_id}").answers({"detail": detail}, status=409)


def listed(pattern: str, *found: dict[str, Any], stale: bool = False, **query: Any) -> HttpCall:
    call = HttpCall("GET", DAGS).query(dag_id_pattern=pattern, exclude_stale="false" if stale else "true", **query)
    call.query(order_by="dag_id", limit=100, offset=0)
    return call.answers({"dags": list(found), "total_entries": len(found)})


def errors(*found: dict[str, Any]) -> HttpCall:
    call = HttpCall("GET", "/api/v2/importErrors").query(limit=100, offset=0)
    return call.answers({"import_errors": list(found), "total_entries": len(found)})


def error(filename: str, text: str = "SyntaxError: boom") -> dict[str, Any]:
    return {"import_error_id": 1, "timestamp": "1", "filename": filename, "bundle_name": "dags", "stack_trace": text}


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(dag.main, arguments, [login(), *calls] if calls else [], check_mode=check_mode)


def test_check_run_and_rerun_of_several() -> None:
    seen = [get("a"), get("b", is_paused=False)]
    checked = run(seen, check_mode=True, dag_ids=["a", "b"], paused=False)
    changed = run([*seen, patch("a", False)], dag_ids=["a", "b"], paused=False)
    again = run([get("a", is_paused=False), seen[1]], dag_ids=["a", "b"], paused=False)
    assert [checked["changed"], changed["changed"], again["changed"]] == [True, True, False]
    assert checked["updated"] == changed["updated"] == ["a"]
    assert checked["diff"] == changed["diff"]
    assert changed["diff"]["before"] == {"a": {"dag_id": "a", "is_paused": True}}
    assert changed["diff"]["after"] == {"a": {"dag_id": "a", "is_paused": False}}
    assert again["diff"] == {"before": {}, "after": {}}
    assert [item["is_paused"] for item in changed["dags"]] == [False, False]
    assert checked["dags"] == changed["dags"] == again["dags"]


def test_waits_for_those_that_are_missing_and_looks_no_more_at_the_others() -> None:
    found = run([unknown("b"), get("a"), errors(), unknown("b"), errors(), get("b")], dag_ids=["b", "a"])
    assert [item["dag_id"] for item in found["dags"]] == ["b", "a"]
    assert found.slept == [2, 2]
    assert "2 DAGs: 1 of 2 are available; b: Airflow does not know it yet" in found.progress[0]


def test_after_a_timeout_it_names_the_missing_ones() -> None:
    looks = [unknown("a"), unknown("b"), errors(error("other.py"))]
    found = run([*looks, *looks], dag_ids=["a", "b"], wait_timeout=2)
    assert found["error"] == "WaitTimedOut"
    assert "Timed out after 2 s waiting for the 2 DAGs: 0 of 2 are available; a: Airflow does not" in found["msg"]
    assert "Are their files in the DAG directory" in found["msg"]
    assert "other.py: SyntaxError: boom" in found["msg"]


def test_one_that_is_broken_fails_at_once() -> None:
    looks = [unknown("a"), get("b", has_import_errors=True), errors(error("b.py"))]
    found = run(looks, dag_ids=["a", "b"], import_error_grace=0)
    assert found["error"] == "DagBroken"
    assert found["import_errors"] == [error("b.py")]
    assert "the file of the DAG b. Fix the file" in found["msg"]


def test_airflow_3_0_names_a_broken_file_by_its_full_path() -> None:
    told = error("/dags/team/x.py")
    looks = [get("b", has_import_errors=True, relative_fileloc="team/x.py", fileloc="/dags/team/x.py"), errors(told)]
    assert run(looks, dag_ids=["b"], wait=False)["import_errors"] == [told]


def test_without_wait_missing_ones_fail_at_once() -> None:
    found = run([unknown("a"), get("b"), errors()], dag_ids=["a", "b"], wait=False)
    assert found["error"] == "DagMissing"
    assert "The 2 DAGs are not all available: 1 of 2 are available; a: Airflow does not know it yet." in found["msg"]


def test_check_mode_warns_of_missing_ones_and_judges_the_others() -> None:
    found = run([unknown("a"), get("b"), errors()], check_mode=True, dag_ids=["a", "b"], paused=False)
    assert not found.failed
    assert found["updated"] == ["b", "a"]
    assert [item["dag_id"] for item in found["dags"]] == ["b"]
    assert found["diff"]["after"]["a"] == {"dag_id": "a", "is_paused": False}
    assert "Outside check mode" in found.warnings[0]


def test_a_failure_in_the_middle_tells_what_was_done() -> None:
    denied = HttpCall("PATCH", f"{DAGS}/b").body({"is_paused": False}).answers({"detail": "Forbidden"}, status=403)
    found = run([get("a"), get("b"), patch("a", False), denied], dag_ids=["a", "b"], paused=False)
    assert found.failed
    assert (found["changed"], found["updated"]) == (True, ["a"])


def test_one_that_cannot_be_changed_keeps_nobody_from_the_others() -> None:
    denied = HttpCall("PATCH", f"{DAGS}/a").body({"is_paused": False}).answers({"detail": "Forbidden"}, status=403)
    found = run([get("a"), get("b"), denied, patch("b", False)], dag_ids=["a", "b"], paused=False)
    assert found["status"] == 403
    assert (found["changed"], found["updated"]) == (True, ["b"])
    down = HttpCall("PATCH", f"{DAGS}/a").body({"is_paused": False}).answers({"detail": "boom"}, status=500)
    assert run([get("a"), get("b"), down], dag_ids=["a", "b"], paused=False)["updated"] == []


def test_shows_the_version_of_each() -> None:
    version = {"version_number": 2, "bundle_name": "dags", "bundle_version": None, "created_at": "12:00"}
    asked = HttpCall("GET", f"{DAGS}/a/dagVersions").query(order_by="-version_number", limit=1)
    found = run(
        [get("a"), asked.answers({"dag_versions": [version], "total_entries": 1})], dag_ids=["a"], show_version=1
    )
    assert found["dags"] == [{**described("a"), "dag_version": version}]


def test_no_ids_are_no_work() -> None:
    found = run_module(dag.main, {"dag_ids": [], "paused": True}, [])
    assert (found["changed"], found["dags"], found["updated"]) == (False, [], [])


def test_a_pattern_and_tags_select_among_the_dags_that_are_there() -> None:
    seen = listed("team", described("a"), described("b", is_paused=False), tags=["x", "y"], tags_match_mode="all")
    selection: dict[str, Any] = {"dag_id_pattern": "team", "tags": ["x", "y"], "tags_match": "all", "paused": True}
    checked = run([seen], check_mode=True, **selection)
    changed = run([seen, patch("b", True)], **selection)
    assert checked["updated"] == changed["updated"] == ["b"]
    assert [item["dag_id"] for item in changed["dags"]] == ["a", "b"]


def test_tags_alone_select_among_all_dags() -> None:
    found = run([listed("~", described("a"), tags="x", tags_match_mode="any")], tags=["x"], paused=True)
    assert found["changed"] is False


def test_alternatives_of_a_pattern_are_asked_for_one_by_one() -> None:
    calls = [listed("b", described("b"), described("ab")), listed("a", described("a"), described("ab"))]
    found = run(calls, dag_id_pattern="b | a|")
    assert [item["dag_id"] for item in found["dags"]] == ["a", "ab", "b"]


def test_a_selection_of_nothing_is_a_warning() -> None:
    found = run([listed("x")], dag_id_pattern="x", paused=True)
    assert found["changed"] is False
    assert "select no DAG that Airflow knows" in found.warnings[0]


def test_check_absent_and_absent_again() -> None:
    seen = listed("a", described("a"), described("ab"), stale=True)
    checked = run([seen], check_mode=True, dag_id="a", state="absent")
    changed = run([seen, delete("a")], dag_id="a", state="absent")
    again = run([listed("a", described("ab"), stale=True)], dag_id="a", state="absent")
    assert [checked["changed"], changed["changed"], again["changed"]] == [True, True, False]
    assert checked["diff"] == changed["diff"] == {"before": {"dag_id": "a", "is_paused": True}, "after": {}}
    assert [checked["deleted"], changed["deleted"], again["deleted"]] == [["a"], ["a"], []]
    assert checked["dag"] is changed["dag"] is again["dag"] is None


def test_absent_of_a_dag_that_somebody_else_deletes_meanwhile() -> None:
    gone = HttpCall("DELETE", f"{DAGS}/a").answers({"detail": "was not found"}, status=404)
    assert run([listed("a", described("a"), stale=True), gone], dag_id="a", state="absent")["deleted"] == ["a"]


def test_absent_by_pattern_takes_the_stale_ones_too() -> None:
    seen = listed("old", described("old_1", is_stale=True), described("old_2"), stale=True)
    found = run([seen, delete("old_1"), delete("old_2")], dag_id_pattern="old", state="absent")
    assert (found["deleted"], found["dags"]) == (["old_1", "old_2"], [])
    assert sorted(found["diff"]["before"]) == ["old_1", "old_2"]


def test_absent_of_many_reads_all_dags_once() -> None:
    ids = [f"dag_{number:02}" for number in range(11)]
    seen = listed("~", described("dag_03"), described("another"), stale=True)
    found = run([seen, delete("dag_03")], dag_ids=ids, state="absent")
    assert found["deleted"] == ["dag_03"]


def test_absent_of_a_dag_at_work_deletes_the_others_and_fails() -> None:
    seen = [listed(name, described(name), stale=True) for name in ("a", "b")]
    found = run([*seen, running("a"), delete("b")], dag_ids=["a", "b"], state="absent")
    assert found["error"] == "DagsRunning"
    assert found["status"] == 409
    assert (found["changed"], found["deleted"]) == (True, ["b"])
    assert "dag with id: 'a' are still running" in found["msg"]
    assert "airfield.airflow.dag_run" in found["msg"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "one of the following is required: dag_id, dag_ids, dag_id_pattern, tags"),
        ({"dag_id": "a", "dag_ids": ["b"]}, "mutually exclusive"),
        ({"dag_id": "a", "tags": ["b"]}, "mutually exclusive"),
        ({"dag_ids": ["a"], "dag_id_pattern": "b"}, "mutually exclusive"),
        ({"dag_ids": ["a"], "file": "a.py"}, "mutually exclusive"),
        ({"tags": ["a"], "file": "a.py"}, "mutually exclusive"),
        ({"tags": ["a"], "bundle_version": "0"}, "mutually exclusive"),
        ({"dag_id_pattern": "a", "bundle_version": "0"}, "mutually exclusive"),
        ({"dag_id": "", "state": "absent"}, "must not be empty"),
        ({"dag_ids": ["a", "b", "a"]}, "names some DAGs more than once: a. Name each of them once."),
        ({"dag_id_pattern": " | ", "state": "absent"}, "write ~ if you mean all DAGs"),
        ({"tags": [], "state": "absent"}, "name at least one tag"),
        ({"tags": [""], "dag_id_pattern": "a", "state": "absent"}, "name at least one tag"),
    ],
)
def test_refuses_what_does_not_say_which_dags(arguments: dict[str, Any], words: str) -> None:
    found = run([], **arguments)
    assert found.failed
    assert words in found["msg"]

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import dag_info
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

API = "/api/v2"
BROKEN = {"import_error_id": 1, "filename": "b.py", "bundle_name": "dags", "stack_trace": "SyntaxError: boom"}
OTHER = {**BROKEN, "import_error_id": 2, "filename": "never.py"}
WARNING = {"dag_id": "a", "warning_type": "asset conflict", "message": "two of one name", "timestamp": "1"}
VERSION = {"id": "u", "version_number": 2, "bundle_name": "dags", "bundle_version": None, "created_at": "1"}


def described(dag_id: str, **changed: Any) -> dict[str, Any]:
    return {"dag_id": dag_id, "bundle_name": "dags", "relative_fileloc": f"{dag_id}.py", "new_field": 1, **changed}


def listed(pattern: str, *found: dict[str, Any], stale: bool = False, **query: Any) -> HttpCall:
    call = HttpCall("GET", f"{API}/dags").query(dag_id_pattern=pattern, exclude_stale=str(not stale).lower(), **query)
    call.query(order_by="dag_id", limit=100, offset=0)
    return call.answers({"dags": list(found), "total_entries": len(found)})


def page(name: str, key: str, *found: dict[str, Any]) -> HttpCall:
    call = HttpCall("GET", f"{API}/{name}").query(limit=100, offset=0)
    return call.answers({key: list(found), "total_entries": len(found)})


def details(dag_id: str, **told: Any) -> HttpCall:
    call = HttpCall("GET", f"{API}/dags/{dag_id}/details")
    return call.answers({**described(dag_id), "catchup": False, **told})


def run(calls: list[HttpCall], **arguments: Any) -> Finished:
    return run_module(dag_info.main, arguments, [login(), *calls] if calls else [], check_mode=True)


def test_lists_all_dags_that_are_not_stale() -> None:
    found = run([listed("~", described("a"), described("b"))])
    assert found["changed"] is False
    assert (found["dags"], found["missing"]) == ([described("a"), described("b")], [])
    assert "import_errors" not in found.result


def test_turns_the_pages() -> None:
    first = listed("~", described("a")).answers({"dags": [described("a")], "total_entries": 2})
    second = HttpCall("GET", f"{API}/dags").query(dag_id_pattern="~", exclude_stale="true", order_by="dag_id")
    second.query(limit=100, offset=1).answers({"dags": [described("b")], "total_entries": 2})
    assert [dag["dag_id"] for dag in run([first, second])["dags"]] == ["a", "b"]


def test_selects_by_pattern_tags_and_state() -> None:
    query = {"tags": ["x", "y"], "tags_match_mode": "any", "paused": "false"}
    call = listed("a%b", described("a_b"), stale=True, **query)
    found = run([call], dag_id_pattern="a%b", tags=["x", "y"], paused=False, include_stale=True)
    assert found["dags"] == [described("a_b")]


def test_shows_named_ones_in_their_order_and_tells_which_are_missing() -> None:
    calls = [
        listed("b", described("b", is_stale=True), described("bb"), stale=True),
        listed("none", stale=True),
        listed("a", described("a"), stale=True),
    ]
    found = run(calls, dag_ids=["b", "none", "a"])
    assert [dag["dag_id"] for dag in found["dags"]] == ["b", "a"]
    assert found["missing"] == ["none"]


def test_shows_one() -> None:
    assert run([listed("a", described("a"), stale=True)], dag_id="a")["dags"] == [described("a")]
    assert run([listed("a", stale=True)], dag_id="a")["missing"] == ["a"]


def test_details_with_version_import_errors_and_warnings() -> None:
    calls = [
        listed("~", described("a"), described("b")),
        page("importErrors", "import_errors", BROKEN, OTHER),
        page("dagWarnings", "dag_warnings", WARNING),
        details("a", latest_dag_version=VERSION),
        details("b", latest_dag_version=None),
    ]
    found = run(calls, details=True)
    first, second = found["dags"]
    assert first == {
        **described("a"),
        "catchup": False,
        "dag_version": VERSION,
        "import_errors": [],
        "dag_warnings": [WARNING],
    }
    assert (second["dag_version"], second["import_errors"], second["dag_warnings"]) == (None, [BROKEN], [])
    assert found["import_errors"] == [BROKEN, OTHER]


def test_details_of_a_dag_that_was_never_read_whole() -> None:
    gone = HttpCall("GET", f"{API}/dags/b/details").answers({"detail": "not found"}, status=404)
    calls = [
        listed("b", described("b", fileloc="/dags/b.py"), stale=True),
        # Airflow 3.0 returns the full paths of files.
        page("importErrors", "import_errors", {**BROKEN, "filename": "/dags/b.py"}),
        page("dagWarnings", "dag_warnings"),
        gone,
    ]
    found = run(calls, dag_id="b", details=True)
    assert found["dags"][0]["dag_version"] is None
    assert len(found["dags"][0]["import_errors"]) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"dag_id": "a", "paused": True}, "mutually exclusive"),
        ({"dag_ids": ["a"], "dag_id_pattern": "b"}, "mutually exclusive"),
        ({"dag_ids": ["a", "a"]}, "more than once: a"),
        ({"tags": []}, "name at least one tag"),
    ],
)
def test_refuses_what_does_not_say_which_dags(arguments: dict[str, Any], words: str) -> None:
    found = run([], **arguments)
    assert found.failed
    assert words in found["msg"]

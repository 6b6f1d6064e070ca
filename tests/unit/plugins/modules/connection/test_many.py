# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import connection
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

PATH = "/api/v2/connections"


def stored(name: str, **changed: Any) -> dict[str, Any]:
    known = dict.fromkeys(("description", "schema", "host", "login", "port", "password", "extra", "team_name"))
    return {"connection_id": name, "conn_type": "http", **known, **changed}


def page(*things: dict[str, Any], offset: int = 0, total: int | None = None) -> HttpCall:
    answer = {"connections": list(things), "total_entries": len(things) if total is None else total}
    return HttpCall("GET", PATH).query(limit=100, offset=offset).answers(answer)


def create(*entities: dict[str, Any]) -> dict[str, Any]:
    return {"action": "create", "entities": list(entities), "action_on_existence": "overwrite"}


def update(*entities: dict[str, Any]) -> dict[str, Any]:
    return {"action": "update", "entities": list(entities), "action_on_non_existence": "fail"}


def delete(*names: str) -> dict[str, Any]:
    return {"action": "delete", "entities": list(names), "action_on_non_existence": "skip"}


def bulk(*actions: dict[str, Any], **answer: Any) -> HttpCall:
    def names(action: dict[str, Any]) -> list[str]:
        return [one if isinstance(one, str) else one["connection_id"] for one in action["entities"]]

    fine = {action["action"]: {"success": names(action), "errors": []} for action in actions}
    told = {"create": None, "update": None, "delete": None, **fine, **answer}
    return HttpCall("PATCH", PATH).body({"actions": list(actions)}).answers(told)


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(connection.main, arguments, calls, check_mode=check_mode)


A = {"connection_id": "a", "conn_type": "http", "host": "one", "password": "pa55-of-a"}
B = {"connection_id": "b", "conn_type": "ftp", "port": 21}
THERE = (stored("b", conn_type="ftp", port=20), stored("old"), stored("team_b_x"))
WANTED: dict[str, Any] = {"connections": [A, B], "purge": True, "protected": ["team_b_*"]}


def test_one_read_and_one_write_bring_many_about() -> None:
    write = bulk(create(A), update(B), delete("old"))
    checked = run([login(), page(*THERE)], check_mode=True, **WANTED)
    done = run([login(), page(*THERE), write], **WANTED)
    now = (stored("team_b_x"), stored("b", conn_type="ftp", port=21), stored("a", host="one", password="***"))
    again = run([login(), page(*now)], **WANTED)
    assert [checked["changed"], done["changed"], again["changed"]] == [True, True, False]
    assert checked["diff"] == done["diff"]
    assert (done["created"], done["updated"], done["deleted"]) == (["a"], ["b"], ["old"])
    assert [thing["connection_id"] for thing in done["connections"]] == ["a", "b"]
    assert done["diff"]["before"].keys() == {"b", "old"}
    assert done["diff"]["after"].keys() == {"a", "b"}
    assert again["diff"] == {"before": {}, "after": {}}
    assert again["connections"] == []
    # An unknown field is passed on.
    assert done["connections"][1]["team_name"] is None
    for found in (checked, done, again):
        assert "pa55-of-a" not in found.printed


def test_without_purge_nothing_else_is_touched() -> None:
    found = run([login(), page(*THERE), bulk(create(A), update(B))], connections=[B, A])
    assert found["deleted"] == []


def test_every_page_is_read() -> None:
    first = [stored(f"c{number}") for number in range(100)]
    calls = [login(), page(*first, total=101), page(stored("a", host="one", password="***"), offset=100, total=101)]
    assert run(calls, connections=[A])["changed"] is False


def test_a_thousand_changes_go_in_one_request() -> None:
    many = [{"connection_id": f"c{number}", "conn_type": "http"} for number in range(1001)]
    found = run([login(), page(), bulk(create(*many[:1000])), bulk(create(*many[1000:]))], connections=many)
    assert len(found["created"]) == 1001
    # Airflow needs time for many: the request may take longer than another.
    assert [options["timeout"] for options in found.options[2:4]] == [530, 30]


def test_many_are_deleted_and_what_is_gone_already_is_no_error() -> None:
    names = [{"connection_id": name} for name in ("b", "gone", "old")]
    answer = {"success": ["b"], "errors": []}
    found = run([login(), page(*THERE), bulk(delete("b", "old"), delete=answer)], connections=names, state="absent")
    assert (found["deleted"], found["connections"]) == (["b", "old"], [])
    assert run([login(), page()], connections=names, state="absent")["changed"] is False


def test_what_airflow_refuses_is_told_for_each_and_what_it_did_too() -> None:
    error = {"error": "The connections with these connection_ids: {'b'} were not found.", "status_code": 404}
    call = bulk(create(A), update(B), update={"success": [], "errors": [error]})
    found = run([login(), page(*THERE), call], connections=[A, B])
    assert found.failed
    assert found["msg"].startswith("Airflow refused 1 of 2 changes: connection b was not updated: The connections")
    assert (found["changed"], found["created"], found["updated"]) == (True, ["a"], [])


def test_an_error_that_repeats_its_input_is_told_without_it() -> None:
    error = {"error": "[{'type': 'x', 'loc': ('host',), 'msg': 'too long', 'input': {'extra': 'kept-to-oneself'}}]"}
    call = bulk(create(A), create={"success": [], "errors": [error]})
    found = run([login(), page(), call], connections=[A])
    assert found["msg"].endswith("connection a was not created: too long.")
    assert "kept-to-oneself" not in found.printed


def test_only_the_first_refusals_are_told() -> None:
    many = [{"connection_id": f"c{number}", "conn_type": "http"} for number in range(12)]
    call = bulk(create(*many), create={"success": [], "errors": [{"error": "no"}]})
    found = run([login(), page(), call], connections=many)
    assert "connection c9 was not created: no. ... and 2 more." in found["msg"]


def test_a_place_in_the_request_is_told_as_the_name() -> None:
    detail = [{"loc": ["body", "actions", 1, "update", "entities", 0, "port"], "msg": "bad", "input": A}]
    call = bulk(create(A), update(B)).answers({"detail": detail}, status=422)
    found = run([login(), page(*THERE), call], connections=[A, B])
    assert "connection b.port: bad" in found["msg"]
    assert "pa55-of-a" not in found.printed


def test_the_bulk_request_is_repeated_for_it_is_safe() -> None:
    failing = bulk(create(A)).answers(b"", status=502)
    found = run([login(), page(), failing, bulk(create(A))], connections=[A])
    assert (found["created"], found.slept) == (["a"], [0.5])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"connections": [A, A]}, "connections names a more than once"),
        ({"connections": [{"connection_id": "x"}]}, "conn_type of connection x is missing"),
        ({"connections": [{**A, "connection_id": "no way"}]}, "connection_id 'no way' is not valid"),
        ({"connections": [{**A, "port": 65536}]}, "port of connection a must be between 0 and 65535"),
        ({"connections": [{**A, "connection_id": ""}]}, "connection_id is empty"),
        ({"connections": [], "purge": True}, "purge would delete every connection"),
        ({"connections": [A], "purge": True, "state": "absent"}, "purge requires state=present"),
        ({"connection_id": "a", "conn_type": "http", "purge": True}, "missing: connections"),
        ({"connections": [A], "host": "x"}, "mutually exclusive: connections|host"),
        ({}, "one of the following is required: connection_id, connections"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_asked(arguments: dict[str, Any], words: str) -> None:
    found = run([], **arguments)
    assert found.failed
    assert words in found["msg"]


def test_a_text_that_is_a_secret_elsewhere_is_still_hidden() -> None:
    item = {**A, "host": "pa55-of-a"}
    found = run([login(), page(), bulk(create(item))], connections=[item])
    assert "pa55-of-a" not in found.printed


def test_what_was_done_before_the_second_thousand_failed_is_told() -> None:
    many = [{"connection_id": f"c{number}", "conn_type": "http"} for number in range(1001)]
    failing = bulk(create(*many[1000:])).answers({"detail": "boom"}, status=500)
    found = run([login(), page(), bulk(create(*many[:1000])), failing], connections=many)
    assert found.failed
    assert (found["changed"], len(found["created"])) == (True, 1000)


def test_no_secret_is_in_the_arguments_of_a_failure_however_short() -> None:
    item = {**A, "extra": {"token": "x7q", "secret_key": "long-enough"}}
    for arguments in ({"connections": [item, item]}, {**item, "conn_type": None}, {**item, "api_url": "nonsense"}):
        found = run([], **arguments)
        assert found.failed
        assert "long-enough" not in found.printed
        assert "pa55-of-a" not in found.printed
        assert "x7q" not in found.printed or "api_url" in arguments

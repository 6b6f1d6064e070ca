# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import connection
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    PASSWORD,
    TOKEN,
    Finished,
    HttpCall,
    login,
    run_module,
)

PATH = "/api/v2/connections/host_worker"
WANTED: dict[str, Any] = {"conn_type": "http", "host": "172.18.0.1", "port": 8081, "password": "w0rker-secret"}


def described(**changed: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"connection_id": "host_worker", "conn_type": "http", "description": None, "schema": None}
    known |= {"host": "172.18.0.1", "login": None, "port": 8081, "password": "***", "extra": None, "team_name": None}
    return {**known, **changed}


def get(**changed: Any) -> HttpCall:
    return HttpCall("GET", PATH).answers(described(**changed))


def missing() -> HttpCall:
    return HttpCall("GET", PATH).answers({"detail": "The Connection was not found"}, status=404)


def post(**body: Any) -> HttpCall:
    call = HttpCall("POST", "/api/v2/connections").body({"connection_id": "host_worker", **body})
    return call.answers(described(), status=201)


def patch(**body: Any) -> HttpCall:
    sent = {"connection_id": "host_worker", "conn_type": "http", **body}
    return HttpCall("PATCH", PATH).body(sent).answers(described())


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    given = {"connection_id": "host_worker", **arguments}
    return run_module(connection.main, given, calls, check_mode=check_mode)


def test_check_create_rerun() -> None:
    checked = run([login(), missing()], check_mode=True, **WANTED)
    created = run([login(), missing(), post(**WANTED)], **WANTED)
    again = run([login(), get()], **WANTED)
    assert [checked["changed"], created["changed"], again["changed"]] == [True, True, False]
    assert checked["diff"] == created["diff"]
    assert created["diff"]["before"] == {}
    assert created["diff"]["after"]["password"] == "***"
    assert created["connection"]["host"] == "172.18.0.1"
    assert again["diff"]["before"] == again["diff"]["after"]
    for found in (checked, created, again):
        assert "w0rker-secret" not in found.printed
        assert PASSWORD not in found.printed
        assert TOKEN not in found.printed


def test_absent_and_absent_again() -> None:
    delete = HttpCall("DELETE", PATH).answers(b"", status=204)
    checked = run([login(), get()], check_mode=True, state="absent")
    gone = run([login(), get(), delete], state="absent")
    again = run([login(), missing()], state="absent")
    assert [checked["changed"], gone["changed"], again["changed"]] == [True, True, False]
    assert gone["diff"]["before"]["password"] == "***"
    assert gone["connection"] is None


def test_a_changed_field_is_sent_alone_and_the_password_stays() -> None:
    found = run([login(), get(host="old"), patch(host="172.18.0.1")], **WANTED)
    assert found["changed"] is True
    assert found["diff"]["before"]["host"] == "old"
    assert found["diff"]["after"]["host"] == "172.18.0.1"
    assert found["diff"]["after"]["password"] == "***"


def test_an_empty_text_clears_a_field_once() -> None:
    cleared = run([login(), get(description="x"), patch(description="")], conn_type="http", description="")
    again = run([login(), get(description=None)], conn_type="http", description="")
    assert [cleared["changed"], again["changed"]] == [True, False]


def test_the_password_is_sent_when_there_is_none_and_always_on_demand() -> None:
    first = run([login(), get(password=None), patch(password="w0rker-secret")], **WANTED)
    always = run([login(), get(), patch(password="w0rker-secret")], update_password="always", **WANTED)
    assert [first["changed"], always["changed"]] == [True, True]
    # An Airflow that hides nothing ([core] hide_sensitive_var_conn_fields) allows comparing the values.
    same = run([login(), get(password="w0rker-secret")], update_password="always", **WANTED)
    assert same["changed"] is False


EXTRA: dict[str, Any] = {"timeout": 30, "auth": {"api_key": "k3y-in-extra"}}
HIDDEN = {"timeout": 30, "auth": {"api_key": "***"}}


def test_extra_with_hidden_values_is_idempotent_and_keeps_them() -> None:
    created = run([login(), missing(), post(conn_type="http", extra=json.dumps(EXTRA))], conn_type="http", extra=EXTRA)
    again = run([login(), get(extra=json.dumps(HIDDEN))], conn_type="http", extra=EXTRA)
    sent = json.dumps({"timeout": 60, "auth": {"api_key": "***"}})
    changed = run(
        [login(), get(extra=json.dumps(HIDDEN)), patch(extra=sent)], conn_type="http", extra={**EXTRA, "timeout": 60}
    )
    assert [created["changed"], again["changed"], changed["changed"]] == [True, False, True]
    assert created["diff"]["after"]["extra"] == HIDDEN
    assert changed["diff"]["before"]["extra"]["timeout"] == 30
    assert changed["diff"]["after"]["extra"] == {"timeout": 60, "auth": {"api_key": "***"}}
    for found in (created, again, changed):
        assert "k3y-in-extra" not in found.printed


def test_extra_is_sent_whole_with_always() -> None:
    calls = [login(), get(extra=json.dumps(HIDDEN)), patch(extra=json.dumps(EXTRA))]
    found = run(calls, conn_type="http", extra=EXTRA, update_password="always")
    assert found["changed"] is True
    assert "k3y-in-extra" not in found.printed


def test_an_extra_key_that_is_not_wanted_is_removed() -> None:
    calls = [login(), get(extra='{"a": 1, "b": 2}'), patch(extra='{"a": 1}')]
    assert run(calls, conn_type="http", extra={"a": 1})["changed"] is True


def test_present_needs_a_type() -> None:
    found = run([], host="x")
    assert found.failed
    assert "conn_type" in found["msg"]


def test_a_refused_value_is_named_without_the_secret_that_airflow_echoes() -> None:
    body = {"connection_id": "host_worker", **WANTED}
    echo = [{"loc": ["body", "port"], "msg": "Input should be a valid integer", "input": body}]
    found = run([login(), missing(), post(**WANTED).answers({"detail": echo}, status=422)], **WANTED)
    assert found["status"] == 422
    assert "port: Input should be a valid integer" in found["msg"]
    assert "w0rker-secret" not in found.printed


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_create_is_not_repeated(status: int) -> None:
    found = run([login(), missing(), post(**WANTED).answers(b"", status=status)], **WANTED)
    assert found["status"] == status
    assert found.slept == []


def test_the_name_is_quoted_in_the_address() -> None:
    call = HttpCall("GET", "/api/v2/connections/a%3Fb%20c").answers({"detail": "no"}, status=404)
    assert run([login(), call], connection_id="a?b c", state="absent")["changed"] is False


def test_a_hidden_value_in_extra_is_sent_along_to_an_airflow_that_would_store_the_mask() -> None:
    old = HttpCall("GET", "/api/v2/version").token(None).answers({"version": "3.0.0"})
    wanted = {**EXTRA, "timeout": 60}
    calls = [login(), get(extra=json.dumps(HIDDEN)), old, patch(extra=json.dumps(wanted))]
    found = run(calls, conn_type="http", extra=wanted)
    assert found["diff"]["after"]["extra"] == {"timeout": 60, "auth": {"api_key": "***"}}
    assert "k3y-in-extra" not in found.printed


def test_secrets_in_a_list_of_extra_are_compared_so_far_as_they_are_shown() -> None:
    extra = {"servers": [{"password": "pa55-in-a-list", "retries": True}]}
    same = json.dumps({"servers": [{"password": "***", "retries": True}]})
    other = json.dumps({"servers": [{"password": "***", "retries": 1}]})
    again = run([login(), get(extra=same)], conn_type="http", extra=extra)
    changed = run([login(), get(extra=other), patch(extra=json.dumps(extra))], conn_type="http", extra=extra)
    assert [again["changed"], changed["changed"]] == [False, True]
    assert "pa55-in-a-list" not in changed.printed


def test_absent_where_no_airflow_is_fails() -> None:
    nothing = HttpCall("GET", "/api/v2/connections/a").token(TOKEN).answers(b"<html>", status=404)
    nowhere = HttpCall("GET", "/api/v2/version").token(None).answers(b"<html>", status=404)
    arguments = {
        "connection_id": "a",
        "state": "absent",
        "api_token": TOKEN,
        "api_username": None,
        "api_password": None,
    }
    found = run_module(connection.main, arguments, [nothing, nowhere])
    assert found["error"] == "NotAirflow"

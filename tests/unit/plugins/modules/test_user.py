# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import user
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

USERS = "/auth/fab/v1/users"
PATH = f"{USERS}/ada"
NAMES = {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
WANTED: dict[str, Any] = {**NAMES, "password": "pa55-of-ada", "roles": ["Viewer", "Op", "Viewer"]}


def described(**changed: Any) -> dict[str, Any]:
    roles = [{"name": "Viewer"}, {"name": "Op"}]
    return {"username": "ada", **NAMES, "roles": roles, "active": True, "login_count": None, **changed}


def get(**changed: Any) -> HttpCall:
    return HttpCall("GET", PATH).answers(described(**changed))


def missing() -> list[HttpCall]:
    gone = HttpCall("GET", PATH).answers({"detail": "The User with username `ada` was not found"}, status=404)
    return [gone, HttpCall("GET", USERS).query(limit=1).answers({"users": [], "total_entries": 0})]


def post(**body: Any) -> HttpCall:
    return HttpCall("POST", USERS).body({"username": "ada", **body}).answers(described(), status=201)


def patch(**body: Any) -> HttpCall:
    changed = {key: value for key, value in body.items() if key != "password"}
    return HttpCall("PATCH", PATH).body({"username": "ada", **NAMES, **body}).answers(described(**changed))


def enter(status: int, password: str = "pa55-of-ada") -> HttpCall:
    call = HttpCall("POST", "/auth/token").token(None).body({"username": "ada", "password": password})
    return call.answers({"access_token": "t0ken-of-ada", "detail": "Invalid credentials"}, status=status)


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(user.main, {"username": "ada", **arguments}, calls, check_mode=check_mode)


def test_check_create_rerun() -> None:
    body = {**NAMES, "roles": [{"name": "Op"}, {"name": "Viewer"}], "password": "pa55-of-ada"}
    checked = run([login(), *missing()], check_mode=True, **WANTED)
    created = run([login(), *missing(), post(**body)], **WANTED)
    again = run([login(), get()], **WANTED)
    assert [checked["changed"], created["changed"], again["changed"]] == [True, True, False]
    assert checked["diff"] == created["diff"]
    assert created["diff"]["before"] == {}
    assert created["diff"]["after"] == {"username": "ada", **NAMES, "roles": ["Op", "Viewer"], "password": "***"}
    assert created["user"] == described(roles=["Op", "Viewer"])
    assert checked["user"]["roles"] == ["Op", "Viewer"]
    assert again["diff"]["before"] == again["diff"]["after"]
    for found in (checked, created, again):
        assert "pa55-of-ada" not in found.printed


def test_absent_and_absent_again() -> None:
    delete = HttpCall("DELETE", PATH).answers(b"", status=204)
    checked = run([login(), get()], check_mode=True, state="absent")
    gone = run([login(), get(), delete], state="absent")
    again = run([login(), *missing()], state="absent")
    assert [checked["changed"], gone["changed"], again["changed"]] == [True, True, False]
    assert gone["diff"]["before"]["email"] == "ada@example.com"
    assert gone["diff"]["after"] == {}
    assert gone["user"] is None


def test_one_who_is_gone_when_deleted_is_no_error() -> None:
    delete = HttpCall("DELETE", PATH).answers({"detail": "The User with username `ada` was not found"}, status=404)
    assert run([login(), get(), delete], state="absent")["changed"] is True


def test_changed_fields_are_sent_with_all_the_names_that_old_providers_demand() -> None:
    calls = [get(last_name="Byron"), patch(roles=[{"name": "Op"}])]
    checked = run([login(), calls[0]], check_mode=True, last_name="Lovelace", roles=["Op"])
    found = run([login(), *calls], last_name="Lovelace", roles=["Op"])
    assert found["changed"] is True
    assert checked["diff"] == found["diff"]
    assert [found["diff"][side]["last_name"] for side in ("before", "after")] == ["Byron", "Lovelace"]
    assert [found["diff"][side]["roles"] for side in ("before", "after")] == [["Op", "Viewer"], ["Op"]]
    assert checked["user"] == found["user"] == described(roles=["Op"])


def test_the_password_of_a_user_is_left_alone() -> None:
    assert run([login(), get()], password="another")["changed"] is False


def test_always_sets_the_password_only_if_the_user_cannot_log_in_with_it() -> None:
    arguments: dict[str, Any] = {"password": "pa55-of-ada", "update_password": "always"}
    same = run([login(), get(), enter(201)], **arguments)
    checked = run([login(), get(), enter(401)], check_mode=True, **arguments)
    changed = run([login(), get(), enter(401), patch(password="pa55-of-ada")], **arguments)
    assert [same["changed"], checked["changed"], changed["changed"]] == [False, True, True]
    assert checked["diff"] == changed["diff"]
    assert [changed["diff"][side]["password"] for side in ("before", "after")] == ["***", "*** (new)"]
    for found in (same, checked, changed):
        assert "pa55-of-ada" not in found.printed
        assert "t0ken-of-ada" not in found.printed


@pytest.mark.parametrize("check_mode", [True, False])
def test_what_is_missing_to_create_a_user_is_named(check_mode: bool) -> None:
    found = run([login(), *missing()], check_mode=check_mode, email="ada@example.com", first_name="")
    assert found.failed
    assert found["msg"].endswith("to create it, also set first_name, last_name, password.")


def test_no_roles_are_refused_before_anything_is_asked() -> None:
    found = run([], roles=[])
    assert found.failed
    assert "at least one role" in found["msg"]


def test_the_name_as_airflow_has_it_is_kept() -> None:
    call = HttpCall("GET", f"{USERS}/ADA").answers(described())
    found = run([login(), call, patch(email="new@example.com")], username="ADA", email="new@example.com")
    assert found["user"]["username"] == "ada"


def test_an_unknown_role_is_told_without_the_password() -> None:
    answer = {"detail": "Unknown roles: 'Nobody'"}
    body = {**NAMES, "roles": [{"name": "Nobody"}], "password": "pa55-of-ada"}
    calls = [login(), *missing(), post(**body).answers(answer, status=400)]
    found = run(calls, **{**WANTED, "roles": ["Nobody"]})
    assert found["status"] == 400
    assert "Unknown roles: 'Nobody'" in found["msg"]
    assert "pa55-of-ada" not in found.printed

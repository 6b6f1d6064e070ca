# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
from typing import Any

from ansible_collections.airfield.airflow.plugins.modules import user
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    PASSWORD,
    TOKEN,
    USER,
    Finished,
    HttpCall,
    login,
    run_module,
)

USERS = "/auth/fab/v1/users"
PATH = f"{USERS}/ada"
HTML = b"<!doctype html><title>Airflow</title>"


def get(path: str = PATH) -> HttpCall:
    return HttpCall("GET", path)


def listed() -> HttpCall:
    return get(USERS).query(limit=1)


def page(call: HttpCall) -> HttpCall:
    return call.answers(HTML, Content_Type="text/html")


def unauthorized(call: HttpCall) -> HttpCall:
    return call.answers({"detail": None, "title": "Unauthorized"}, status=401)


def by_password(call: HttpCall) -> HttpCall:
    told = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    call.expected_headers["Authorization"] = f"Basic {told}"
    return call


def run(calls: list[HttpCall], **arguments: Any) -> Finished:
    return run_module(user.main, {"username": "ada", "state": "absent", **arguments}, calls)


def version(status: int = 200) -> HttpCall:
    return get("/api/v2/version").token(None).answers({"version": "3.3.2"}, status=status)


def test_an_auth_manager_that_answers_everything_with_its_page_has_no_such_api() -> None:
    found = run([login(), page(get()), page(listed())])
    assert found["error"] == "NotSupported"
    assert "The users of Airflow are not supported by this auth manager" in found["msg"]


def test_an_auth_manager_that_knows_no_such_address_has_no_such_api() -> None:
    nothing = {"detail": "Not Found"}
    found = run([login(), get().answers(nothing, status=404), listed().answers(nothing, status=404)])
    assert found["error"] == "NotSupported"


def test_where_no_airflow_is_the_auth_manager_is_not_blamed() -> None:
    found = run([login().answers(b"no", status=404)])
    assert found["error"] == "NoTokens"
    assert "api_url" in found["msg"]


def test_a_provider_that_takes_no_tokens_gets_the_password() -> None:
    gone = {"detail": "The User with username `ada` was not found"}
    calls = [
        login(),
        unauthorized(get()),
        by_password(get()).answers(gone, status=404),
        by_password(listed()).answers({"users": [], "total_entries": 0}),
    ]
    assert run(calls)["changed"] is False


def test_a_provider_that_takes_neither_is_told_of_without_secrets() -> None:
    found = run([login(), unauthorized(get()), unauthorized(by_password(get()))])
    assert found["status"] == 401
    assert "accepts tokens for users and roles from 3.2.0 on" in found["msg"]
    assert "auth.backend.basic_auth" in found["msg"]
    assert PASSWORD not in found.printed


def test_with_a_token_alone_there_is_nothing_else_to_try() -> None:
    found = run([unauthorized(get())], api_token=TOKEN, api_username=None, api_password=None)
    assert found["status"] == 401
    assert "accepts tokens for users and roles from 3.2.0 on" in found["msg"]


def test_a_wrong_password_is_not_tried_again() -> None:
    found = run([login().answers({"detail": "Invalid credentials"}, status=401)])
    assert found["status"] == 401
    assert "/auth/token" in found["msg"]
    assert "basic_auth" not in found["msg"]

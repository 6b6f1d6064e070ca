# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import urllib.error
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._api import errors
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, ApiSettings
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    PASSWORD,
    TOKEN,
    URL,
    USER,
    HttpCall,
    fake_world,
    login,
)

SETTINGS = ApiSettings(url=URL, username=USER, password=PASSWORD)
RESET = urllib.error.URLError(ConnectionResetError(104, "Connection reset by peer"))


def thing(path: str = "/api/v2/thing") -> HttpCall:
    return HttpCall("GET", path)


def test_one_token_serves_every_request() -> None:
    with fake_world([login(), thing(), thing()]):
        client = ApiClient(SETTINGS)
        client.get("thing")
        client.get("thing")


def test_a_given_token_is_used_and_no_user_is_needed() -> None:
    with fake_world([thing().token("given")]):
        ApiClient(ApiSettings(url=URL, token="given")).get("thing")


@pytest.mark.parametrize(("status", "detail"), [(401, "Token Expired"), (403, "Invalid JWT token")])
def test_a_refused_token_is_renewed_once(status: int, detail: str) -> None:
    refused = thing().token("old").answers({"detail": detail}, status=status)
    with fake_world([refused, login("new"), thing().token("new").answers({"a": 1})]):
        assert ApiClient(replace(SETTINGS, token="old")).get("thing") == {"a": 1}
    with (
        fake_world([refused, login("new"), thing().token("new").answers({"detail": detail}, status=status)]),
        pytest.raises(errors.ApiError, match=detail),
    ):
        ApiClient(replace(SETTINGS, token="old")).get("thing")


def test_a_refused_token_of_somebody_without_a_password_is_an_error() -> None:
    with (
        fake_world([thing().token("old").answers({"detail": "Token Expired"}, status=401)]),
        pytest.raises(errors.Unauthorized, match="whether api_token has expired"),
    ):
        ApiClient(ApiSettings(url=URL, token="old")).get("thing")


def test_a_fresh_token_that_is_refused_is_not_renewed() -> None:
    with (
        fake_world([login(), thing().answers({"detail": "Not authenticated"}, status=401)]),
        pytest.raises(errors.Unauthorized),
    ):
        ApiClient(SETTINGS).get("thing")


def test_a_403_for_want_of_permission_fetches_no_token() -> None:
    with (
        fake_world([thing().token("old").answers({"detail": "Forbidden"}, status=403)]),
        pytest.raises(errors.Forbidden, match="Give the API user a role"),
    ):
        ApiClient(replace(SETTINGS, token="old")).get("thing")


def test_nobody_is_told_to_say_who_asks() -> None:
    with fake_world([]), pytest.raises(errors.Unauthorized, match="set api_username and api_password"):
        ApiClient(ApiSettings(url=URL)).get("thing")


@pytest.mark.parametrize("url", ["https://host/airflow", "https://host/airflow/", "https://host/airflow/api/v2/"])
def test_airflow_may_live_below_a_path(url: str) -> None:
    token = HttpCall("POST", "https://host/airflow/auth/token").token(None).body(login().expected_body)
    calls = [token.answers({"access_token": TOKEN}, status=201), thing("https://host/airflow/api/v2/thing")]
    with fake_world(calls):
        ApiClient(replace(SETTINGS, url=url)).get("thing")


@pytest.mark.parametrize("url", ["host:8080", "ftp://host", "http://", "http://u:pass@host", "http://host/?a=b"])
def test_an_impossible_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(errors.ApiError, match="api_url must") as raised:
        ApiClient(replace(SETTINGS, url=url))
    assert "pass@" not in str(raised.value)


def test_settings_reach_the_request_and_neither_netrc_nor_redirects_do() -> None:
    with fake_world([login(), thing()]) as (fake, _clock, _progress):
        ApiClient(replace(SETTINGS, validate_certs=False, ca_path="/ca.pem", timeout=7)).get("thing")
    for options in fake.options:
        assert options["validate_certs"] is False
        assert options["ca_path"] == "/ca.pem"
        assert options["timeout"] == 7
        assert options["use_netrc"] is False
        assert options["follow_redirects"] == "none"


def test_what_is_safe_is_repeated_with_growing_pauses() -> None:
    calls = [login(), thing().fails(RESET), thing().answers(b"", status=502), thing().answers(b"", status=503), thing()]
    with fake_world(calls) as (_fake, clock, _progress):
        ApiClient(SETTINGS).get("thing")
    assert clock.slept == [0.5, 1.0, 2.0]


def test_it_gives_up_after_four_attempts() -> None:
    with fake_world([login(), *[thing().fails(RESET)] * 4]), pytest.raises(errors.ConnectionFailed):
        ApiClient(SETTINGS).get("thing")


def test_a_token_that_cannot_be_fetched_costs_four_attempts_not_sixteen() -> None:
    with fake_world([login().fails(RESET)] * 4), pytest.raises(errors.ConnectionFailed):
        ApiClient(SETTINGS).get("thing")


def test_retry_after_is_obeyed_within_reason() -> None:
    limited = [thing().answers({"detail": "slow"}, status=429, Retry_After=str(wait)) for wait in (7, 4000)]
    with fake_world([login(), *limited, thing()]) as (_fake, clock, _progress):
        ApiClient(SETTINGS).get("thing")
    assert clock.slept == [7, 30]


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_what_a_repetition_does_not_heal_is_not_repeated(status: int) -> None:
    with fake_world([login(), thing().answers({"detail": "x"}, status=status)]), pytest.raises(errors.ApiError):
        ApiClient(SETTINGS).get("thing")


def test_what_is_not_safe_is_not_repeated() -> None:
    call = HttpCall("POST", "/api/v2/thing").body({"a": 1}).fails(RESET)
    with fake_world([login(), call]), pytest.raises(errors.ConnectionFailed):
        ApiClient(SETTINGS).request("POST", "thing", body={"a": 1})


REFUSED = urllib.error.URLError(ConnectionRefusedError(111, "Connection refused"))


@pytest.mark.parametrize(
    "call",
    [thing().fails(REFUSED), thing().answers({"detail": "slow down"}, status=429, Retry_After="7")],
    ids=["refused", "429"],
)
def test_what_airflow_surely_did_not_process_is_repeated_even_if_it_is_not_safe(call: HttpCall) -> None:
    call.method = "POST"
    with fake_world([login(), call, HttpCall("POST", "/api/v2/thing").answers({"a": 1})]) as (_fake, clock, _progress):
        assert ApiClient(SETTINGS).request("POST", "thing") == {"a": 1}
    assert len(clock.slept) == 1


def test_a_date_in_retry_after_is_understood() -> None:
    soon = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=20), usegmt=True)
    limited = thing().answers({"detail": "slow down"}, status=429, Retry_After=soon)
    with fake_world([login(), limited, thing()]) as (_fake, clock, _progress):
        ApiClient(SETTINGS).get("thing")
    assert 15 < clock.slept[0] <= 20


def test_json_that_breaks_off_is_asked_for_again_and_then_named() -> None:
    broken = thing().answers(b'{"a": [1, 2')
    with fake_world([login(), broken, thing().answers({"a": 1})]):
        assert ApiClient(SETTINGS).get("thing") == {"a": 1}
    with (
        fake_world(
            [login(), *[broken] * 4],
        ),
        pytest.raises(errors.BrokenAnswer, match="truncated or damaged JSON"),
    ):
        ApiClient(SETTINGS).get("thing")


def test_other_roots_than_the_api_s() -> None:
    users = HttpCall("GET", "/auth/fab/v1/users").query(limit=100, offset=0).answers({"users": [{"a": 1}]})
    with fake_world([login(), users, HttpCall("POST", "/auth/fab/v1/users").body({"a": 1})]):
        client = ApiClient(SETTINGS)
        assert list(client.pages("users", items="users", root="auth/fab/v1")) == [{"a": 1}]
        client.request("POST", "users", body={"a": 1}, root="auth/fab/v1")


@pytest.mark.parametrize(
    ("found", "wanted", "old_enough"),
    [("3.0.0", "3.1", False), ("3.1.0", "3.1", True), ("3.10.0rc1", "3.2", True), ("", "3.0", False)],
)
def test_a_version_can_be_required(found: str, wanted: str, old_enough: bool) -> None:
    version = HttpCall("GET", "/api/v2/version").token(None).answers({"version": found})
    with fake_world([version]):
        client = ApiClient(SETTINGS)
        if old_enough:
            client.require(wanted, "This")
        else:
            with pytest.raises(errors.ApiError, match=f"This requires Airflow {wanted} or later"):
                client.require(wanted, "This")
        assert client.airflow == (found or "0")  # not requested twice


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><html>Airflow</html>", b"[1]", b'"text"'])
def test_an_answer_that_is_not_a_json_object_is_named(content: bytes) -> None:
    call = thing().answers(content, Content_Type="text/html; charset=utf-8")
    with fake_world([login(), call]), pytest.raises(errors.NotJson, match="text/html instead of a JSON object"):
        ApiClient(SETTINGS).get("thing")


def test_a_root_without_tokens_is_named() -> None:
    with (
        fake_world([login().answers({"detail": "Not Found"}, status=404)]),
        pytest.raises(errors.NoTokens, match="not the root of Airflow 3"),
    ):
        ApiClient(SETTINGS).get("thing")
    with fake_world([login().answers({"other": 1})]), pytest.raises(errors.NotJson, match="without an access_token"):
        ApiClient(SETTINGS).get("thing")


@pytest.mark.parametrize(("content", "kind"), [(b"no", "text/plain"), (b"<html>", "text/html")])
def test_what_is_not_found_where_no_airflow_is_may_well_exist(content: bytes, kind: str) -> None:
    nowhere = thing("/api/v2/version").token(None).answers(content, status=404, Content_Type=kind)
    with (
        fake_world([login(), thing().answers(content, status=404), nowhere]),
        pytest.raises(errors.NotAirflow, match=r"There is no Airflow 3 API at http://airflow.test:32080: set"),
    ):
        ApiClient(SETTINGS).get("thing")


def test_airflow_is_asked_for_its_version_once_to_tell_what_is_missing() -> None:
    there = thing("/api/v2/version").token(None).answers({"version": "3.3.2"})
    with fake_world([login(), thing().answers(b"", status=404), there, thing().answers(b"", status=404)]):
        client = ApiClient(SETTINGS)
        for _attempt in range(2):
            with pytest.raises(errors.NotFound):
                client.get("thing")


def page(offset: int, total: int, *names: str) -> HttpCall:
    call = thing("/api/v2/things").query(limit=100, offset=offset)
    return call.answers({"things": [{"name": name} for name in names], "total_entries": total})


def names_in(*calls: HttpCall) -> str:
    with fake_world([login(), *calls]):
        return "".join(item["name"] for item in ApiClient(SETTINGS).pages("things", items="things"))


def test_a_list_that_shrinks_while_it_is_read_is_read_whole() -> None:
    # a is deleted after the first page, so that c moves there.
    assert names_in(page(0, 4, "a", "b"), page(2, 3, "d"), page(1, 3, "c", "d")) == "abcd"
    # d is deleted: nothing has moved, and an item that is read twice is returned once.
    assert names_in(page(0, 4, "a", "b"), page(2, 3, "c"), page(1, 3, "b", "c")) == "abc"


def test_a_list_that_grows_at_its_front_tells_nothing_twice() -> None:
    assert names_in(page(0, 3, "a", "b"), page(2, 4, "b", "c")) == "abc"

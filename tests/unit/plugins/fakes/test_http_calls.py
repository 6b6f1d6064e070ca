# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fake itself: what must make a test fail, does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, ApiSettings
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import URL, HttpCall, fake_world


def ask(calls: Sequence[HttpCall], method: str = "GET", check_mode: bool = False) -> None:
    with fake_world(calls, check_mode=check_mode):
        client = ApiClient(ApiSettings(url=URL, token="t0ken-of-robot"))
        client.request(method, "thing", query={"a": "1"}, body=None if method == "GET" else {"b": 2})


def thing(method: str = "GET") -> HttpCall:
    call = HttpCall(method, "/api/v2/thing").query(a=1)
    return call if method == "GET" else call.body({"b": 2})


def test_what_is_expected_passes() -> None:
    ask([thing()])
    ask([thing("POST")], "POST")


@pytest.mark.parametrize(
    ("calls", "method"),
    [
        ([], "GET"),
        ([thing(), thing()], "GET"),
        ([thing("POST")], "GET"),
        ([HttpCall("GET", "/api/v2/other").query(a=1)], "GET"),
        ([HttpCall("GET", "/api/v2/thing")], "GET"),
        ([HttpCall("GET", "/api/v2/thing").query(a=2)], "GET"),
        ([HttpCall("GET", "/api/v2/thing").query(a=1, b=1)], "GET"),
        ([thing().token(None)], "GET"),
        ([thing().token("another")], "GET"),
        ([HttpCall("POST", "/api/v2/thing").query(a=1).body({"b": 3})], "POST"),
        ([HttpCall("POST", "/api/v2/thing").query(a=1)], "POST"),
    ],
)
def test_any_difference_fails(calls: list[HttpCall], method: str) -> None:
    with pytest.raises(AssertionError):
        ask(calls, method)


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_a_write_in_check_mode_fails_even_when_it_is_expected(method: str) -> None:
    with pytest.raises(AssertionError, match="check mode"):
        ask([thing(method)], method, check_mode=True)

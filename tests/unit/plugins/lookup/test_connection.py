# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.airfield.airflow.plugins.lookup import connection
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import HttpCall, login
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.lookup import look_up, missing


def described(name: str, extra: str | None) -> dict[str, Any]:
    return {"connection_id": name, "conn_type": "http", "port": 8443, "password": "***", "extra": extra, "new": 1}


def get(name: str, extra: str | None) -> HttpCall:
    return HttpCall("GET", f"/api/v2/connections/{name}").answers(described(name, extra))


def test_connections_come_with_extra_as_a_dictionary_and_unknown_fields() -> None:
    calls = [login(), get("warehouse", '{"timeout": 30, "api_key": "***"}'), get("plain", None), get("empty", "")]
    found = look_up(connection, calls, "warehouse", "plain", "empty")
    assert found[0] == {**described("warehouse", None), "extra": {"timeout": 30, "api_key": "***"}}
    assert [connection["extra"] for connection in found[1:]] == [{}, {}]


def test_a_default_stands_for_what_is_missing() -> None:
    assert look_up(connection, [login(), missing("connections", "a")], "a", default=None) == [None]


def test_without_a_default_what_is_missing_is_an_error() -> None:
    with pytest.raises(AnsibleError, match=r"It was not found\. Set default if it may be missing"):
        look_up(connection, [login(), missing("connections", "a")], "a")


def test_the_name_is_quoted_in_the_address() -> None:
    call = HttpCall("GET", "/api/v2/connections/a%2Fb").answers(described("a/b", None))
    assert look_up(connection, [login(), call], "a/b")[0]["connection_id"] == "a/b"

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.utils.display import Display
from ansible_collections.airfield.airflow.plugins.lookup import variable
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    PASSWORD,
    TOKEN,
    URL,
    HttpCall,
    login,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.lookup import VARIABLES, look_up, missing, template

LIMITS = {"cpu": 4, "labels": ["a"]}


def get(key: str, value: str | None) -> HttpCall:
    answer = {"key": key, "value": value, "description": None, "is_encrypted": True}
    return HttpCall("GET", f"/api/v2/variables/{key}").answers(answer)


@pytest.fixture(autouse=True)
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(Display(), "warning", told.append)
    return told


def test_values_come_in_the_order_of_their_keys_with_one_login(warnings: list[str]) -> None:
    calls = [login(), get("region", "north"), get("limits", json.dumps(LIMITS))]
    assert look_up(variable, calls, "region", "limits") == ["north", json.dumps(LIMITS)]
    assert warnings == []


def test_json_is_read_on_demand() -> None:
    calls = [login(), get("limits", json.dumps(LIMITS))]
    assert look_up(variable, calls, "limits", deserialize_json=True) == [LIMITS]


@pytest.mark.parametrize("value", ["north", "", None])
def test_what_is_not_json_is_told_without_the_value(value: str | None) -> None:
    with pytest.raises(AnsibleError, match="variable region is not JSON") as caught:
        look_up(variable, [login(), get("region", value)], "region", deserialize_json=True)
    assert "north" not in str(caught.value)


@pytest.mark.parametrize("value", ["***", '{"user": "a", "password": "***"}', "http://a:***@host"])
def test_what_airflow_hides_is_warned_of(value: str, warnings: list[str]) -> None:
    assert look_up(variable, [login(), get("db", value)], "db") == [value]
    assert len(warnings) == 1
    assert "Airflow hides the value of its variable db or a part of it" in warnings[0]


def test_a_hidden_value_is_not_called_wrong_json() -> None:
    assert look_up(variable, [login(), get("password", "***")], "password", deserialize_json=True) == ["***"]


@pytest.mark.parametrize("default", ["none", None, {"cpu": 1}])
def test_a_default_stands_for_what_is_missing(default: Any) -> None:
    calls = [login(), missing("variables", "a"), get("b", "2")]
    assert look_up(variable, calls, "a", "b", default=default) == [default, "2"]


def test_without_a_default_what_is_missing_is_an_error() -> None:
    with pytest.raises(AnsibleError, match=r"It was not found\. Set default if it may be missing"):
        look_up(variable, [login(), missing("variables", "a")], "a")


def test_a_default_does_not_stand_for_a_missing_airflow() -> None:
    nowhere = HttpCall("GET", "/api/v2/version").token(None).answers(b"no", status=404)
    with pytest.raises(AnsibleError, match=r"There is no Airflow 3 API at"):
        look_up(variable, [login(), missing("variables", "a"), nowhere], "a", default="b")


def test_a_refused_login_is_told_without_the_password() -> None:
    refused = login().answers({"detail": "Invalid credentials"}, status=401)
    with pytest.raises(AnsibleError, match="Check api_username and api_password") as caught:
        look_up(variable, [refused], "a", default="b")
    assert PASSWORD not in str(caught.value)


def test_options_come_before_variables_and_variables_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_API_URL", "http://environment.test")
    monkeypatch.setenv("AIRFLOW_API_TOKEN", TOKEN)
    read = get("a", "1")
    assert look_up(variable, [read], "a", variables={"airfield_api_url": URL}) == ["1"]
    read.url = "http://environment.test/api/v2/variables/a"
    assert look_up(variable, [read], "a", variables={}) == ["1"]
    read.url = "http://option.test/api/v2/variables/a"
    assert look_up(variable, [read], "a", api_url="http://option.test", api_token=TOKEN) == ["1"]


def test_variables_may_be_templates() -> None:
    known = {**VARIABLES, "address": URL, "airfield_api_url": template("{{ address }}")}
    assert look_up(variable, [login(), get("a", "1")], "a", variables=known) == ["1"]


def test_an_address_is_needed() -> None:
    with pytest.raises(AnsibleError, match="api_url"):
        look_up(variable, [], "a", variables={})

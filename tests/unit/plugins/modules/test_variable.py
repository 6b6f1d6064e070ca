# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import variable
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

PATH = "/api/v2/variables"


def stored(value: str, key: str = "v", **changed: Any) -> dict[str, Any]:
    return {"key": key, "value": value, "description": None, "is_encrypted": True, **changed}


def get(value: str, key: str = "v", **changed: Any) -> HttpCall:
    return HttpCall("GET", f"{PATH}/{key}").answers(stored(value, key, **changed))


def missing(key: str = "v") -> HttpCall:
    return HttpCall("GET", f"{PATH}/{key}").answers({"detail": "not found"}, status=404)


def page(*things: dict[str, Any]) -> HttpCall:
    answer = {"variables": list(things), "total_entries": len(things)}
    return HttpCall("GET", PATH).query(limit=100, offset=0).answers(answer)


def post(value: str, key: str = "v", **more: Any) -> HttpCall:
    return HttpCall("POST", PATH).body({"key": key, "value": value, **more}).answers({}, status=201)


def patch(value: str, key: str = "v", description: str | None = None) -> HttpCall:
    return HttpCall("PATCH", f"{PATH}/{key}").body({"key": key, "value": value, "description": description})


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(variable.main, arguments, calls, check_mode=check_mode)


def test_check_create_rerun_absent() -> None:
    wanted: dict[str, Any] = {"key": "v", "value": "text", "description": "d"}
    checked = run([login(), missing()], check_mode=True, **wanted)
    created = run([login(), missing(), post("text", description="d")], **wanted)
    again = run([login(), get("text", description="d")], **wanted)
    delete = HttpCall("DELETE", f"{PATH}/v").answers(b"", status=204)
    would = run([login(), get("text")], check_mode=True, key="v", state="absent")
    gone = run([login(), get("text"), delete], key="v", state="absent")
    still = run([login(), missing()], key="v", state="absent")
    runs = (checked, created, again, would, gone, still)
    assert [found["changed"] for found in runs] == [True, True, False, True, True, False]
    assert checked["diff"] == created["diff"] == {"before": {}, "after": {"value": "text", "description": "d"}}
    assert (created["created"], gone["deleted"], gone["variable"]) == (["v"], ["v"], None)
    assert again["variable"]["is_encrypted"] is True


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ({"b": [1, 2], "a": None}, '{"a": null,   "b": [1, 2]}'),
        ('{"a": 1}', '{\n  "a": 1\n}'),
        (" 5 ", "5"),
        (5, "5"),
        (True, "true"),
        ("", ""),
        ("007", "007"),
        ({"password": "inner-secret"}, '{"password": "***"}'),
        ([{"token": "inner-secret", "n": 1}], '[{"token": "***", "n": 1}]'),
        ("inner-secret", "***"),
        ("before inner-secret after", "before *** after"),
    ],
)
def test_the_same_meaning_is_no_change(value: Any, known: str) -> None:
    found = run([login(), get(known)], key="v", value=value)
    assert found["changed"] is False


@pytest.mark.parametrize(
    ("value", "known", "sent"),
    [
        (True, "1", "true"),
        (1.0, "1", "1.0"),
        ("007", "7", "007"),
        ({"a": 2}, '{"a": 1}', json.dumps({"a": 2}, indent=2)),
        ([1], "[1, 2]", json.dumps([1], indent=2)),
        ({"n": 2, "token": "inner-secret"}, '{"n": 1, "token": "***"}', None),
        ("behind inner-secret", "before ***", "behind inner-secret"),
    ],
)
def test_another_meaning_is_sent(value: Any, known: str, sent: str | None) -> None:
    text = sent or json.dumps(value, indent=2)
    found = run([login(), get(known), patch(text)], key="v", value=value)
    assert found["updated"] == ["v"]
    if isinstance(value, dict) and "token" in value:
        assert "inner-secret" not in found.printed


def test_a_json_value_is_returned_and_shown_as_such() -> None:
    found = run([login(), get('{"rows": 1}'), patch('{\n  "rows": 2\n}')], key="v", value={"rows": 2})
    assert found["variable"]["value"] == {"rows": 2}
    assert found["diff"]["before"]["value"] == {"rows": 1}


@pytest.mark.parametrize("given", [{"key": "api_token"}, {"key": "v", "secret": True}])
def test_a_secret_is_never_shown(given: dict[str, Any]) -> None:
    key = given["key"]
    created = run([login(), missing(key), post("s3cret-value", key)], value="s3cret-value", **given)
    seen = run([login(), get("other-secret", key), patch("s3cret-value", key)], value="s3cret-value", **given)
    refused = post("s3cret-value", key).answers({"detail": "s3cret-value is bad"}, status=400)
    failed = run([login(), missing(key), refused], value="s3cret-value", **given)
    assert created["variable"]["value"] == "***"
    for found in (created, seen, failed):
        assert "s3cret-value" not in found.printed
        assert "other-secret" not in found.printed


def test_a_hidden_value_stays_until_always() -> None:
    stays = run([login(), get("***", "api_token")], key="api_token", value="s3cret-value")
    calls = [login(), get("***", "api_token"), patch("s3cret-value", "api_token")]
    sent = run(calls, key="api_token", value="s3cret-value", update_secret="always")
    shown = run([login(), get("12345678", "pin")], key="pin", value=12345678, update_secret="always")
    assert [stays["changed"], sent["changed"], shown["changed"]] == [False, True, False]


def test_a_description_is_changed_without_touching_a_hidden_value() -> None:
    mask = patch("", "api_token", "d").query(update_mask="description")
    one = run([login(), get("***", "api_token"), mask], key="api_token", value="s3cret-value", description="d")
    mask = patch("", "api_token", "d").query(update_mask="description")
    items = [{"key": "api_token", "value": "s3cret-value", "description": "d"}]
    many = run([login(), page(stored("***", "api_token")), mask], variables=items)
    whole = run([login(), get("text", description="old"), patch("text", description="")], key="v", value="text",
                description="")  # fmt: skip
    assert [one["updated"], many["updated"], whole["updated"]] == [["api_token"], ["api_token"], ["v"]]


def test_a_name_with_a_slash_goes_through_the_list_for_airflow_3_0_has_no_address_for_it() -> None:
    entity = {"key": "a/b", "value": "x"}
    body = {"actions": [{"action": "create", "entities": [entity], "action_on_existence": "overwrite"}]}
    bulk = HttpCall("PATCH", PATH).body(body).answers({"create": {"success": ["a/b"], "errors": []}})
    found = run([login(), page(), bulk], key="a/b", value="x")
    assert found["variable"] == {"key": "a/b", "value": "x", "description": None}


def test_a_new_one_needs_a_value() -> None:
    found = run([login(), page(stored("x", "a"))], variables=[{"key": "a", "value": "y"}, {"key": "b"}])
    assert found["msg"] == "value of variable b is missing: there is no such variable yet."


def test_many() -> None:
    entities = {
        "create": [{"key": "new", "value": "1"}],
        "update": [{"key": "a", "value": "y", "description": "kept"}],
        "delete": ["old"],
    }
    existence = {"create": ("action_on_existence", "overwrite"), "update": ("action_on_non_existence", "fail"),
                 "delete": ("action_on_non_existence", "skip")}  # fmt: skip
    actions = [{"action": verb, "entities": each, **dict([existence[verb]])} for verb, each in entities.items()]
    answer = {"create": {"success": ["new"]}, "update": {"success": ["a"]}, "delete": {"success": ["old"]}}
    bulk = HttpCall("PATCH", PATH).body({"actions": actions}).answers(answer)
    there = page(stored("x", "a", description="kept"), stored("x", "old"))
    found = run([login(), there, bulk], variables=[{"key": "a", "value": "y"}, {"key": "new", "value": 1}], purge=True)
    assert (found["created"], found["updated"], found["deleted"]) == (["new"], ["a"], ["old"])
    assert [thing["value"] for thing in found["variables"]] == ["y", "1"]

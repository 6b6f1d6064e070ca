# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import role
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

ROLES = "/auth/fab/v1/roles"
PATH = f"{ROLES}/auditor"
SITE = {"action": "can_read", "resource": "Website"}
DAGS = {"action": "can_read", "resource": "DAGs"}


def actions(*permissions: dict[str, str]) -> list[dict[str, dict[str, str]]]:
    return [{key: {"name": name} for key, name in permission.items()} for permission in permissions]


def get(*permissions: dict[str, str]) -> HttpCall:
    return HttpCall("GET", PATH).answers({"name": "auditor", "actions": actions(*permissions)})


def missing() -> list[HttpCall]:
    gone = HttpCall("GET", PATH).answers({"detail": "Role with name 'auditor' does not exist."}, status=404)
    return [gone, HttpCall("GET", ROLES).query(limit=1).answers({"roles": [], "total_entries": 5})]


def write(method: str, *permissions: dict[str, str]) -> HttpCall:
    body = {"name": "auditor", "actions": actions(*permissions)}
    # Old providers return nothing useful.
    return HttpCall(method, ROLES if method == "POST" else PATH).body(body).answers({"actions": []})


def providers(version: str) -> HttpCall:
    found = [
        {"package_name": "apache-airflow-providers-standard", "version": "9"},
        {"package_name": "apache-airflow-providers-fab", "version": version},
    ]
    call = HttpCall("GET", "/api/v2/providers").query(limit=100, offset=0)
    return call.answers({"providers": found, "total_entries": 2})


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(role.main, {"name": "auditor", **arguments}, calls, check_mode=check_mode)


def test_check_create_rerun() -> None:
    wanted: dict[str, Any] = {"permissions": [SITE, DAGS, SITE]}
    checked = run([login(), *missing()], check_mode=True, **wanted)
    created = run([login(), *missing(), write("POST", DAGS, SITE)], **wanted)
    again = run([login(), get(DAGS, SITE)], **wanted)
    assert [checked["changed"], created["changed"], again["changed"]] == [True, True, False]
    assert checked["diff"] == created["diff"]
    assert created["diff"]["before"] == {}
    assert created["diff"]["after"]["permissions"] == ["can_read on DAGs", "can_read on Website"]
    assert checked["role"] == created["role"] == again["role"] == {"name": "auditor", "permissions": [DAGS, SITE]}
    assert again["diff"]["before"] == again["diff"]["after"]


def test_absent_and_absent_again() -> None:
    # The answer of FAB's API, with status 200.
    delete = HttpCall("DELETE", PATH).answers(None)
    checked = run([login(), get(SITE)], check_mode=True, state="absent")
    gone = run([login(), get(SITE), delete], state="absent")
    again = run([login(), *missing()], state="absent")
    assert [checked["changed"], gone["changed"], again["changed"]] == [True, True, False]
    assert gone["diff"] == {"before": {"name": "auditor", "permissions": ["can_read on Website"]}, "after": {}}
    assert gone["role"] is None


def test_a_role_without_permissions_is_made_and_one_with_some_keeps_them() -> None:
    made = run([login(), *missing(), write("POST")])
    kept = run([login(), get(SITE)])
    assert [made["changed"], kept["changed"]] == [True, False]
    assert kept["role"]["permissions"] == [SITE]


def test_append_adds_to_what_there_is() -> None:
    added = run([login(), get(SITE), write("PATCH", DAGS, SITE)], append=True, permissions=[DAGS])
    again = run([login(), get(DAGS, SITE)], append=True, permissions=[DAGS])
    assert [added["changed"], again["changed"]] == [True, False]
    assert added["diff"]["before"]["permissions"] == ["can_read on Website"]
    assert added["diff"]["after"]["permissions"] == ["can_read on DAGs", "can_read on Website"]


def test_permissions_that_are_not_wanted_are_taken_away() -> None:
    checked = run([login(), get(DAGS, SITE), providers("3.8.1")], check_mode=True, permissions=[SITE])
    taken = run([login(), get(DAGS, SITE), providers("3.10.2"), write("PATCH", SITE)], permissions=[SITE])
    assert [checked["changed"], taken["changed"]] == [True, True]
    assert taken["diff"]["after"]["permissions"] == ["can_read on Website"]
    emptied = run([login(), get(SITE), providers("3.10.2"), write("PATCH")], permissions=[])
    assert emptied["role"]["permissions"] == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_provider_that_only_adds_is_told_before_anything_changes(check_mode: bool) -> None:
    found = run([login(), get(DAGS, SITE), providers("3.8.0")], check_mode=check_mode, permissions=[SITE])
    assert found.failed
    assert found["error"] == "NotSupported"
    assert "(can_read on DAGs)" in found["msg"]
    assert "requires apache-airflow-providers-fab 3.8.1 or later; this Airflow has 3.8.0" in found["msg"]


def test_airflows_own_roles_are_not_deleted() -> None:
    found = run([], name="Admin", state="absent")
    assert found.failed
    assert "one of Airflow's own" in found["msg"]


def test_an_unknown_resource_is_told() -> None:
    refused = write("POST", SITE).answers({"detail": "The specified resource: 'Website' was not found"}, status=400)
    found = run([login(), *missing(), refused], permissions=[SITE])
    assert found["status"] == 400
    assert "The specified resource: 'Website' was not found" in found["msg"]

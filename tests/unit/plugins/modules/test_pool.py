# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.modules import pool
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

PATH = "/api/v2/pools"


def stored(name: str = "p", **changed: Any) -> dict[str, Any]:
    return {"name": name, "slots": 4, "description": None, "include_deferred": False, "open_slots": 4, **changed}


def get(name: str = "p", **changed: Any) -> HttpCall:
    return HttpCall("GET", f"{PATH}/{name}").answers(stored(name, **changed))


def missing() -> HttpCall:
    return HttpCall("GET", f"{PATH}/p").answers({"detail": "not found"}, status=404)


def page(*things: dict[str, Any]) -> HttpCall:
    answer = {"pools": list(things), "total_entries": len(things)}
    return HttpCall("GET", PATH).query(limit=100, offset=0).answers(answer)


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(pool.main, arguments, calls, check_mode=check_mode)


def test_check_create_rerun_absent() -> None:
    wanted: dict[str, Any] = {"name": "p", "slots": 4, "include_deferred": False}
    post = HttpCall("POST", PATH).body(wanted).answers({}, status=201)
    delete = HttpCall("DELETE", f"{PATH}/p").answers(b"", status=204)
    runs = (
        run([login(), missing()], check_mode=True, **wanted),
        run([login(), missing(), post], **wanted),
        run([login(), get()], **wanted),
        run([login(), get()], check_mode=True, name="p", state="absent"),
        run([login(), get(), delete], name="p", state="absent"),
        run([login(), missing()], name="p", state="absent"),
    )
    assert [found["changed"] for found in runs] == [True, True, False, True, True, False]
    assert runs[0]["diff"] == runs[1]["diff"]
    assert runs[2]["pool"]["open_slots"] == 4
    assert runs[4]["pool"] is None


def test_a_change_sends_all_fields_for_airflow_demands_them() -> None:
    body = {"name": "p", "slots": 8, "description": "kept", "include_deferred": True}
    patch = HttpCall("PATCH", f"{PATH}/p").body(body)
    found = run([login(), get(description="kept", include_deferred=True), patch], name="p", slots=8)
    assert found["diff"]["before"]["slots"] == 4
    assert found["diff"]["after"] == {"slots": 8, "description": "kept", "include_deferred": True}


def test_a_description_is_cleared_once() -> None:
    body = {"name": "p", "slots": 4, "description": "", "include_deferred": False}
    cleared = run([login(), get(description="x"), HttpCall("PATCH", f"{PATH}/p").body(body)], name="p", description="")
    again = run([login(), get(description=None)], name="p", description="")
    assert [cleared["changed"], again["changed"]] == [True, False]


def test_of_the_default_pool_only_what_changes_is_sent_and_alone() -> None:
    def patch() -> HttpCall:
        body = {"name": "default_pool", "slots": 9}
        return HttpCall("PATCH", f"{PATH}/default_pool").query(update_mask="slots").body(body)

    create = {"action": "create", "entities": [{"name": "p", "slots": 1}], "action_on_existence": "overwrite"}
    bulk = HttpCall("PATCH", PATH).body({"actions": [create]}).answers({"create": {"success": ["p"]}})
    items = [{"name": "default_pool", "slots": 9}, {"name": "p", "slots": 1}]
    one = run([login(), get("default_pool"), patch()], name="default_pool", slots=9)
    many = run([login(), page(stored("default_pool")), bulk, patch()], pools=items)
    assert (one["updated"], many["updated"], many["created"]) == (["default_pool"], ["default_pool"], ["p"])
    refused = HttpCall("PATCH", f"{PATH}/default_pool").query(update_mask="slots")
    refused.body({"name": "default_pool", "slots": 9}).answers({"detail": "no"}, status=403)
    bulk = HttpCall("PATCH", PATH).body({"actions": [create]}).answers({"create": {"success": ["p"]}})
    failed = run([login(), page(stored("default_pool")), bulk, refused], pools=items)
    assert "pool default_pool was not updated: PATCH" in failed["msg"]
    assert (failed["created"], failed["updated"]) == (["p"], [])


def test_the_default_pool_is_never_deleted() -> None:
    delete = {"action": "delete", "entities": ["old"], "action_on_non_existence": "skip"}
    bulk = HttpCall("PATCH", PATH).body({"actions": [delete]}).answers({"delete": {"success": ["old"]}})
    there = page(stored(), stored("default_pool"), stored("old"))
    assert run([login(), there, bulk], pools=[{"name": "p"}], purge=True)["deleted"] == ["old"]
    for named in ({"name": "default_pool"}, {"pools": [{"name": "p"}, {"name": "default_pool"}]}):
        found = run([], state="absent", **named)
        assert found["msg"] == "The pool default_pool cannot be deleted: Airflow needs it."


def test_the_description_of_the_default_pool_cannot_be_changed() -> None:
    found = run([login(), get("default_pool", description="x")], name="default_pool", description="y")
    assert found["msg"].startswith("The description of default_pool cannot be changed")


def test_slots_are_checked() -> None:
    old = HttpCall("GET", "/api/v2/version").token(None).answers({"version": "3.1.8"})
    assert "slots of pool p must be 0 or more" in run([], name="p", slots=-2)["msg"]
    assert "slots of pool p is missing" in run([login(), missing()], name="p")["msg"]
    assert "requires Airflow 3.2 or later" in run([old], name="p", slots=-1)["msg"]
    assert run([login(), get(slots=-1)], name="p", slots=-1)["changed"] is False

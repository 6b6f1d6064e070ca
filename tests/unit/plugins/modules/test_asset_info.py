# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.modules import asset_info
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

ASSETS = "/api/v2/assets"


def described(number: int = 7, name: str = "orders", **changed: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": number,
        "name": name,
        "uri": f"s3://bucket/{name}",
        "scheduled_dags": [{"dag_id": "consumer"}],
        "producing_tasks": [{"dag_id": "producer", "task_id": "produce"}],
        "last_asset_event": {"id": 5, "timestamp": "T5"},
    }
    return {**known, **changed}


def of_airflow_3_0(number: int = 7) -> dict[str, Any]:
    asset = described(number, consuming_dags=[{"dag_id": "consumer"}])
    return {key: value for key, value in asset.items() if key not in ("scheduled_dags", "last_asset_event")}


def listed(*assets: dict[str, Any], offset: int = 0, total: int | None = None, **query: Any) -> HttpCall:
    call = HttpCall("GET", ASSETS).query(**{"only_active": "true", **query}, order_by="id", limit=100, offset=offset)
    return call.answers({"assets": list(assets), "total_entries": len(assets) if total is None else total})


def events(*ids: int, total: int | None = None) -> HttpCall:
    call = HttpCall("GET", f"{ASSETS}/events").query(asset_id=7, order_by="-timestamp", limit=100, offset=0)
    found = [{"id": number, "timestamp": f"T{number}", "extra": {}} for number in ids]
    return call.answers({"asset_events": found, "total_entries": total or len(found)})


def queued() -> HttpCall:
    return HttpCall("GET", f"{ASSETS}/7/queuedEvents")


def run(calls: list[HttpCall], **arguments: Any) -> Finished:
    return run_module(asset_info.main, arguments, calls, check_mode=True)


def test_lists_by_every_filter_page_by_page() -> None:
    given: dict[str, Any] = {"name_pattern": "ord", "uri_pattern": "s3:", "dag_ids": ["a", "b"], "only_active": False}
    query = {**given, "only_active": "false"}
    first = listed(described(1, "orders"), total=2, **query)
    second = listed(described(2, "old_orders", unheard_of=1), offset=1, total=2, **query)
    found = run([login(), first, second], **given)
    assert found["changed"] is False
    assert [asset["name"] for asset in found["assets"]] == ["orders", "old_orders"]
    assert found["assets"][1]["unheard_of"] == 1
    assert "events" not in found["assets"][0]


def test_finds_one_by_its_name_and_no_other_whose_name_contains_it() -> None:
    calls = [login(), listed(described(6, "old_orders"), described(), name_pattern="orders")]
    assert [asset["id"] for asset in run(calls, asset="orders")["assets"]] == [7]


def test_finds_one_by_its_uri_or_none() -> None:
    uri = "s3://bucket/orders"
    calls = [login(), listed(name_pattern=uri), listed(described(), uri_pattern=uri)]
    assert [asset["id"] for asset in run(calls, asset=uri)["assets"]] == [7]
    calls = [login(), listed(name_pattern=uri), listed(described(8, "orders2"), uri_pattern=uri)]
    assert run(calls, asset=uri)["assets"] == []


def test_shows_as_many_events_as_asked_for_and_the_queued_ones() -> None:
    waiting = queued().answers({"queued_events": [{"dag_id": "both"}], "total_entries": 1})
    found = run([login(), listed(described()), events(5, 4, 3, total=900), waiting], events=2, queued_events=True)
    assert [event["id"] for event in found["assets"][0]["events"]] == [5, 4]
    assert found["assets"][0]["queued_events"] == [{"dag_id": "both"}]


def test_before_airflow_3_2_no_queued_events_are_a_404() -> None:
    none = queued().answers({"detail": "Queue event with asset_id: `7` was not found"}, status=404)
    found = run([login(), listed(described()), none], queued_events=True)
    assert found["assets"][0]["queued_events"] == []


def test_an_asset_of_airflow_3_0_gets_the_names_of_today() -> None:
    found = run([login(), listed(of_airflow_3_0()), events(5, 4)])
    assert found["assets"][0]["scheduled_dags"] == [{"dag_id": "consumer"}]
    assert found["assets"][0]["last_asset_event"] == {"id": 5, "timestamp": "T5"}
    assert run([login(), listed(of_airflow_3_0()), events()])["assets"][0]["last_asset_event"] is None


def test_an_asset_without_an_event_has_none() -> None:
    never = described(last_asset_event={"id": None, "timestamp": None})
    assert run([login(), listed(never)])["assets"][0]["last_asset_event"] is None


def test_one_asset_and_a_pattern_exclude_each_other() -> None:
    assert "mutually exclusive" in run([], asset="orders", uri_pattern="s3:")["msg"]


def test_one_asset_goes_without_filters() -> None:
    for name, value in (("name_pattern", "o"), ("uri_pattern", "o"), ("dag_ids", ["a"])):
        assert f"mutually exclusive: asset|{name}" in run([], asset="orders", **{name: value})["msg"]

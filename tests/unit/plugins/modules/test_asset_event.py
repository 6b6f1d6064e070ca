# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import urllib.error
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.modules import asset_event
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

ASSETS = "/api/v2/assets"
RUNS = "/api/v2/dags/producer/dagRuns"
RESET = urllib.error.URLError(ConnectionResetError(104, "Connection reset by peer"))


def asset(*producers: str) -> HttpCall:
    tasks = [{"dag_id": dag_id, "task_id": "produce"} for dag_id in producers or ("producer",)]
    found = {"id": 7, "name": "orders", "uri": "s3://bucket/orders", "producing_tasks": tasks}
    call = HttpCall("GET", ASSETS).query(only_active="true", name_pattern="orders")
    call.query(order_by="id", limit=100, offset=0)
    return call.answers({"assets": [found if producers != ("",) else {**found, "producing_tasks": []}]})


def version(number: str) -> HttpCall:
    return HttpCall("GET", "/api/v2/version").token(None).answers({"version": number})


def event(number: int = 5, **changed: Any) -> dict[str, Any]:
    return {"id": number, "asset_id": 7, "extra": {"from_rest_api": True}, "partition_key": None, **changed}


def events(*found: dict[str, Any]) -> HttpCall:
    call = HttpCall("GET", f"{ASSETS}/events").query(asset_id=7, order_by="-timestamp", limit=100, offset=0)
    return call.answers({"asset_events": list(found), "total_entries": len(found)})


def send(extra: dict[str, Any], **more: Any) -> HttpCall:
    call = HttpCall("POST", f"{ASSETS}/events").body({"asset_id": 7, "extra": extra, **more})
    return call.answers(event(6, extra={**extra, "from_rest_api": True}, **more))


def dag(paused: bool = False) -> HttpCall:
    return HttpCall("GET", "/api/v2/dags/producer").answers({"dag_id": "producer", "is_paused": paused})


def described(state: str = "queued", **changed: Any) -> dict[str, Any]:
    return {"dag_run_id": "r7", "dag_id": "producer", "state": state, "conf": {}, **changed}


def trigger(body: dict[str, Any] | None = None) -> HttpCall:
    call = HttpCall("POST", f"{ASSETS}/7/materialize")
    return (call.body(body) if body else call).answers(described())


def get(state: str = "queued", **changed: Any) -> HttpCall:
    return HttpCall("GET", f"{RUNS}/r7").answers(described(state, **changed))


def missing() -> HttpCall:
    return HttpCall("GET", f"{RUNS}/r7").answers({"detail": "not found"}, status=404)


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(asset_event.main, {"asset": "orders", **arguments}, calls, check_mode=check_mode)


def materialize(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run(calls, check_mode, materialize=True, **arguments)


def test_sends_an_event_every_time() -> None:
    checked = run([login(), asset()], check_mode=True, extra={"day": 1})
    sent = run([login(), asset(), send({"day": 1})], extra={"day": 1})
    assert [checked["changed"], sent["changed"]] == [True, True]
    assert sent["asset_event"]["id"] == 6
    after = {"asset": "orders", "extra": {"day": 1}, "partition_key": None}
    assert checked["diff"] == sent["diff"] == {"before": {}, "after": after}


def test_once_sends_what_no_event_has_told_yet() -> None:
    other, same = event(4, extra={"day": 2}), event(5, extra={"day": 1, "from_rest_api": True})
    sent = run([login(), asset(), events(other), send({"day": 1})], extra={"day": 1}, once=True)
    again = run([login(), asset(), events(other, same)], extra={"day": 1}, once=True)
    assert [sent["changed"], again["changed"]] == [True, False]
    assert again["asset_event"]["id"] == 5
    assert again["diff"]["before"] == again["diff"]["after"]


def test_once_of_airflow_3_0_whose_events_have_no_partition() -> None:
    old = {key: value for key, value in event().items() if key != "partition_key"}
    assert run([login(), asset(), events(old)], once=True)["changed"] is False


def test_a_partition_is_told_and_compared() -> None:
    calls = [login(), asset(), events(event()), send({}, partition_key="p")]
    assert run(calls, partition_key="p", once=True)["changed"] is True
    old = run([login(), asset(), version("3.1.8")], partition_key="p")
    assert "An asset event with partition_key requires Airflow 3.2 or later" in old["msg"]


def test_an_event_is_not_sent_again_when_its_answer_was_lost() -> None:
    found = run([login(), asset(), send({}).fails(RESET)])
    assert found["error"] == "ConnectionFailed"
    assert found.slept == []


def test_secrets_are_sent_and_never_shown() -> None:
    extra = {"token": "s3cret-token", "day": 1}
    sent = run([login(), asset(), send(extra)], extra=extra)
    checked = run([login(), asset()], check_mode=True, extra=extra)
    assert "s3cret-token" not in sent.printed + checked.printed
    assert checked["diff"]["after"]["extra"] == {"token": "***", "day": 1}


def test_an_unknown_asset_fails_with_what_to_do() -> None:
    none = [HttpCall("GET", ASSETS).query(only_active="true", order_by="id", limit=100, offset=0) for _field in "ab"]
    none[0].query(name_pattern="bills")
    none[1].query(uri_pattern="bills")
    found = run([login(), *none], asset="bills")
    assert found["error"] == "AssetUnknown"
    assert "knows no asset whose name or URI is bills" in found["msg"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"wait": True, "run_id": "r7"}, "run_id, wait requires materialize: true."),
        ({"materialize": True, "once": True}, "once requires materialize: false."),
    ],
)
def test_options_of_the_other_way_are_refused_before_any_request(given: dict[str, Any], sentence: str) -> None:
    assert run([], **given)["msg"] == sentence


def test_materializes_without_a_body_as_airflow_3_0_wants_it() -> None:
    checked = materialize([login(), asset(), dag()], check_mode=True, wait=True)
    made = materialize([login(), asset(), dag(), trigger()])
    assert [checked["changed"], made["changed"]] == [True, True]
    assert checked["diff"] == made["diff"]
    assert checked["dag_run"] == {"dag_id": "producer", "dag_run_id": None}
    assert made["dag_run"]["dag_run_id"] == "r7"


def test_a_run_id_makes_it_repeatable() -> None:
    given: dict[str, Any] = {"run_id": "r7", "conf": {"a": 1}}
    body: dict[str, Any] = {"dag_run_id": "r7", "conf": {"a": 1}}
    exists = trigger(body).answers({"detail": {"reason": "Unique constraint violation"}}, status=409)
    calls = [login(), asset(), missing(), dag(), trigger(body).fails(RESET), exists, get()]
    made = materialize(calls, **given)
    again = materialize([login(), asset(), get(conf={"a": 1})], **given)
    assert [made["changed"], again["changed"]] == [True, False]
    assert made.slept == [0.5]
    assert again["diff"]["before"] == again["diff"]["after"]
    other = materialize([login(), asset(), get(conf={"a": "s3cret"})], **given)
    assert "its conf differs. Choose another run_id." in other["msg"]
    assert "s3cret" not in other["msg"]


def test_without_a_run_id_nothing_is_sent_again() -> None:
    found = materialize([login(), asset(), dag(), trigger().fails(RESET)])
    assert found["error"] == "ConnectionFailed"
    assert found.slept == []


def test_a_run_id_needs_airflow_3_3() -> None:
    found = materialize([login(), asset(), version("3.2.2")], run_id="r7", conf={})
    assert "Materializing an asset with run_id, conf requires Airflow 3.3 or later" in found["msg"]


@pytest.mark.parametrize(
    ("producers", "sentence"),
    [(("",), "No task of a DAG has the asset orders as an outlet"), (("b", "a"), "as an outlet: a, b.")],
)
def test_an_asset_of_no_or_several_dags_cannot_be_materialized(producers: tuple[str, ...], sentence: str) -> None:
    assert sentence in materialize([login(), asset(*producers)])["msg"]


def test_a_paused_dag_fails_when_one_waits_and_warns_when_not() -> None:
    assert "is paused" in materialize([login(), asset(), dag(paused=True)], wait=True)["msg"]
    assert "is paused" in materialize([login(), asset(), dag(paused=True), trigger()]).warnings[0]


def test_a_run_that_is_there_is_not_waited_for_while_its_dag_is_paused() -> None:
    found = materialize([login(), asset(), get("queued"), dag(paused=True)], run_id="r7", wait=True)
    assert (found["error"], found["changed"]) == ("DagNotReady", False)


def test_waits_for_the_run() -> None:
    tasks = HttpCall("GET", f"{RUNS}/r7/taskInstances").query(limit=100, order_by="id")
    tasks.answers({"task_instances": [], "total_entries": 0})
    calls = [login(), asset(), dag(), trigger(), get("running"), tasks, get("success")]
    found = materialize(calls, wait=True, poll_interval=5)
    assert found["dag_run"]["state"] == "success"
    assert found.slept == [5]


def test_a_failed_run_fails() -> None:
    tasks = HttpCall("GET", f"{RUNS}/r7/taskInstances").query(limit=100, offset=0, order_by="id")
    tasks.answers({"task_instances": [], "total_entries": 0})
    found = materialize([login(), asset(), dag(), trigger(), get("failed"), tasks], wait=True)
    assert found["error"] == "RunFailed"
    assert found["changed"] is True
    assert found["dag_run"]["state"] == "failed"

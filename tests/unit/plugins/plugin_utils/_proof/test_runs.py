# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof import runs as checks

RUN: dict[str, Any] = {
    "dag_id": "poc_test",
    "run_id": "airfield-1",
    "error": "",
    "dag_run": {
        "state": "success",
        "duration": 21.7,
        "task_instances": [
            {
                "task_id": "echo",
                "map_index": -1,
                "state": "success",
                "hostname": "pod-1",
                "try_number": 1,
                "log": "Hello from pod-1",
            },
            {
                "task_id": "sleep",
                "map_index": -1,
                "state": "success",
                "hostname": "pod-2",
                "try_number": 1,
                "log": "slept",
            },
        ],
    },
}
FILES = [
    {"path": "/data/logs/dag_id=poc_test/run_id=airfield-1/task_id=echo/attempt=1.log", "size": 10},
    {"path": "/data/logs/dag_id=poc_test/run_id=airfield-1/task_id=sleep/attempt=1.log", "size": 1},
]
LINES = [{"dag_id": "poc_test", "task_id": "echo", "contains": "Hello from {hostname}"}]
REQUEST = {
    "request_id": "r1",
    "task": "host_facts",
    "state": "succeeded",
    "hostname": "outside",
    "parameters": {"password": "hunter2"},
}
ASKED_BY = {"dag_id": "poc_test", "run_id": "airfield-1", "task_id": "echo", "try_number": 1}


def request(**changes: Any) -> dict[str, Any]:
    """An entry of a host worker's record: its context says who requested it."""
    context = {key: changes.pop(key, value) for key, value in ASKED_BY.items()}
    return {**REQUEST, **changes, "context": context}


def run(**changes: Any) -> dict[str, Any]:
    changed = copy.deepcopy(RUN)
    changed["dag_run"].update(changes)
    return changed


def without_run() -> dict[str, Any]:
    return {**RUN, "dag_run": {}}


def task(position: int, **changes: Any) -> dict[str, Any]:
    changed = run()
    changed["dag_run"]["task_instances"][position].update(changes)
    return changed


@pytest.mark.parametrize(
    ("airflow", "passed", "found"),
    [
        ({"version": "3.3.2", "healthy": True, "health": {}}, True, "Airflow 3.3.2, healthy"),
        ({"version": "3.2.0", "healthy": True}, False, "Airflow 3.2.0, healthy"),
        (
            {"version": "3.3.2", "healthy": False, "health": {"scheduler": {"status": "unhealthy"}}},
            False,
            "Airflow 3.3.2, scheduler is unhealthy",
        ),
        (
            {"version": "3.3.2", "healthy": False, "health": {"triggerer": {"status": None}}},
            False,
            "Airflow 3.3.2, triggerer is missing",
        ),
        ({"version": "3.3.2", "healthy": "yes"}, False, "Airflow 3.3.2, not healthy"),
        ({"healthy": True}, False, "no answer"),
        ({}, False, "no answer"),
        ({"msg": "Connection refused."}, False, "Connection refused."),
    ],
)
def test_airflow_must_be_healthy_and_of_the_expected_version(airflow: dict[str, Any], passed: bool, found: str) -> None:
    check = checks.airflow_check(airflow, "3.3.2")
    assert (check["passed"], check["found"]) == (passed, found)


def test_heartbeats_are_not_in_the_report() -> None:
    airflow = {
        "version": "3.3.2",
        "healthy": True,
        "health": {"scheduler": {"status": "healthy", "latest_heartbeat": "now"}},
    }
    assert "now" not in str(checks.airflow_check(airflow, None))


def test_a_run_that_succeeded_passes() -> None:
    check = checks.run_check(RUN)
    assert (check["passed"], check["found"]) == (True, "success in 22 s, 2 tasks")
    assert check["evidence"]["run_id"] == "airfield-1"
    assert [one["hostname"] for one in check["evidence"]["tasks"]] == ["pod-1", "pod-2"]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (without_run(), "no run airfield-1"),
        ({**RUN, "dag_run": None}, "no run airfield-1"),
        (run(state="failed"), "run airfield-1 is failed"),
        (run(state="running"), "run airfield-1 is running"),
        (run(state=None), "run airfield-1 is None"),
        (run(task_instances=[]), "run airfield-1 is success, no task of it is known"),
        (task(1, state="failed"), "run airfield-1 is success, sleep is failed"),
        (task(0, state="skipped", map_index=3), "run airfield-1 is success, echo[3] is skipped"),
        (task(1, try_number=2), "run airfield-1 is success, sleep succeeded at try 2"),
        (task(1, try_number=None), "run airfield-1 is success, sleep succeeded at try None"),
    ],
)
def test_any_other_run_fails(changed: dict[str, Any], found: str) -> None:
    check = checks.run_check(changed)
    assert (check["passed"], check["found"]) == (False, found)


def test_the_words_of_a_failed_run_are_kept() -> None:
    changed = {**run(state="failed"), "error": "Task echo failed: boom"}
    assert checks.run_check(changed)["evidence"]["error"] == "Task echo failed: boom"


def test_each_task_needs_a_log_file() -> None:
    check = checks.log_file_check(RUN, FILES, "/data/logs")
    assert (check["passed"], check["found"]) == (True, "2 files with content")
    assert check["evidence"] == [file["path"] for file in FILES]


@pytest.mark.parametrize(
    ("changed", "files", "found"),
    [
        (RUN, [], "no file with content"),
        (RUN, FILES[:1], "1 file with content, none dag_id=poc_test/run_id=airfield-1/task_id=sleep/attempt=1.log"),
        (RUN, [FILES[0], {**FILES[1], "size": 0}], "1 file with content, none"),
        (
            task(1, try_number=3),
            FILES,
            "1 file with content, none dag_id=poc_test/run_id=airfield-1/task_id=sleep/attempt=3.log",
        ),
        (task(0, map_index=0), FILES, "task_id=echo/map_index=0/attempt=1.log"),
        ({**RUN, "run_id": "airfield-2"}, FILES, "no file with content"),
        (run(task_instances=[]), FILES, "no file with content"),
        (without_run(), FILES, "no file with content"),
    ],
)
def test_a_missing_log_file_fails(changed: dict[str, Any], files: list[dict[str, Any]], found: str) -> None:
    check = checks.log_file_check(changed, files, "/data/logs")
    assert not check["passed"]
    assert found in check["found"]


def test_the_path_of_a_mapped_task() -> None:
    task_instance = {"task_id": "t", "map_index": 7, "try_number": 1}
    assert checks.log_path("d", "r", task_instance) == "dag_id=d/run_id=r/task_id=t/map_index=7/attempt=1.log"


def test_logs_with_the_expected_line_pass() -> None:
    check = checks.log_api_check(RUN, LINES)
    assert (check["passed"], check["found"]) == (True, "2 logs; echo: Hello from pod-1")


def test_without_expected_lines_every_log_must_say_something() -> None:
    assert checks.log_api_check(RUN, [])["passed"]
    assert checks.log_api_check(RUN, [{**LINES[0], "dag_id": "another"}])["passed"]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (without_run(), "no log"),
        (task(1, log=" \n"), "the log of sleep is empty"),
        (task(1, log=None), "the log of sleep is empty"),
        (task(1, log="", log_error="GET /x failed."), "the log of sleep cannot be read: GET /x failed"),
        (task(0, log="Hello from pod-9"), "the log of echo does not contain `Hello from pod-1`"),
        (task(0, hostname=None, log="Hello from "), "the log of echo does not contain `Hello from ?`"),
        (task(0, task_id="other"), "there is no log of echo"),
    ],
)
def test_a_missing_line_fails(changed: dict[str, Any], found: str) -> None:
    check = checks.log_api_check(changed, LINES)
    assert not check["passed"]
    assert found in check["found"]


def test_a_request_of_this_run_in_the_workers_record_passes() -> None:
    check = checks.host_worker_check(RUN, [{"host": "outside", "status": 200, "requests": [request()]}])
    assert (check["passed"], check["found"]) == (True, "host_facts succeeded on outside")
    assert check["evidence"][0]["request_id"] == "r1"
    assert "hunter2" not in str(check)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([], "group host_workers has no host"),
        ([{"host": "a", "status": 200, "requests": []}], "a has no request of run airfield-1"),
        ([{"host": "a", "status": 200, "requests": [request(run_id="airfield-0")]}], "a has no request of run"),
        ([{"host": "a", "status": 200, "requests": [request(dag_id="other")]}], "a has no request of run"),
        ([{"host": "a", "status": 200, "requests": [request(state="failed")]}], "host_facts is failed on a"),
        ([{"host": "a", "status": 200, "requests": [request(state="running")]}], "host_facts is running on a"),
        ([{"host": "a", "status": 200, "requests": [request(task_id="other")]}], "host_facts is succeeded on a"),
        ([{"host": "a", "status": 200, "requests": [request(try_number=2)]}], "host_facts is succeeded on a"),
        ([{"host": "a", "status": 200, "requests": [request(task_id=["echo"])]}], "host_facts is succeeded on a"),
        ([{"host": "a", "status": 200, "requests": [{"context": "poc_test"}]}], "a has no request of run"),
        (
            [{"host": "a", "status": -1, "error": "Connection refused", "requests": []}],
            "a: Connection refused",
        ),
        ([{"host": "a", "status": 401, "requests": None}], "a: HTTP status 401"),
    ],
)
def test_any_other_record_fails(answers: list[dict[str, Any]], found: str) -> None:
    check = checks.host_worker_check(RUN, answers)
    assert not check["passed"]
    assert found in check["found"]


def test_the_dags_word_alone_is_not_enough() -> None:
    """The run is a success, but there is no proof that the host worker did anything."""
    assert checks.run_check(RUN)["passed"]
    assert not checks.host_worker_check(RUN, [{"host": "a", "status": 200, "requests": []}])["passed"]

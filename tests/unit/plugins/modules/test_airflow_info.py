# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import urllib.error
from typing import Any

from ansible_collections.airfield.airflow.plugins.modules import airflow_info
from ansible_collections.airfield.airflow.tests.unit.plugins.fake_http import Finished, HttpCall, login, run_module

EXECUTOR = "/api/v2/config/section/core/option/executor"
REFUSED = urllib.error.URLError(ConnectionRefusedError(111, "Connection refused"))


def health(**statuses: str | None) -> HttpCall:
    told: dict[str, str | None] = {
        "metadatabase": "healthy",
        "scheduler": "healthy",
        "dag_processor": "healthy",
        "triggerer": "healthy",
    }
    told |= statuses
    beats = {name: {"status": status, f"latest_{name}_heartbeat": "12:00"} for name, status in told.items()}
    beats["metadatabase"].pop("latest_metadatabase_heartbeat")
    return HttpCall("GET", "/api/v2/monitor/health").token(None).answers(beats)


def version() -> HttpCall:
    return HttpCall("GET", "/api/v2/version").token(None).answers({"version": "3.3.2", "git_version": None})


def executor() -> HttpCall:
    option = {"key": "executor", "value": "KubernetesExecutor"}
    return HttpCall("GET", EXECUTOR).answers({"sections": [{"name": "core", "options": [option]}]})


def run(calls: list[HttpCall], check_mode: bool = False, **arguments: Any) -> Finished:
    return run_module(airflow_info.main, arguments, calls, check_mode=check_mode)


def test_tells_version_health_and_executor() -> None:
    found = run([health(), login(), executor(), version()], check_mode=True)
    assert found["changed"] is False
    assert found["version"] == "3.3.2"
    assert found["healthy"] is True
    assert found["health"]["scheduler"] == {"status": "healthy", "latest_heartbeat": "12:00"}
    assert found["health"]["metadatabase"] == {"status": "healthy", "latest_heartbeat": None}
    assert found["executor"] == "KubernetesExecutor"
    assert found["executor_unknown_because"] is None


def test_reads_the_body_of_an_answer_that_is_200_although_a_component_is_down() -> None:
    found = run([health(scheduler="unhealthy"), login(), executor(), version()])
    assert not found.failed
    assert found["healthy"] is False


def test_says_why_the_executor_is_not_known() -> None:
    hidden = HttpCall("GET", EXECUTOR).answers({"detail": "Your administrator chose not to expose it."}, status=403)
    found = run([health(), login(), hidden, version()])
    assert found["executor"] is None
    assert "chose not to expose it" in found["executor_unknown_because"]


def test_needs_no_user_for_version_and_health() -> None:
    found = run([health(), version()], api_username=None, api_password=None)
    assert found["version"] == "3.3.2"
    assert "No user" in found["executor_unknown_because"]


def test_a_wrong_password_is_an_error_not_an_unknown_executor() -> None:
    found = run([health(), login().answers({"detail": "Invalid credentials"}, status=401)])
    assert found.failed
    assert "Invalid credentials. Check api_username and api_password" in found["msg"]


def test_waits_through_an_outage_and_until_every_component_is_healthy() -> None:
    down = HttpCall("GET", "/api/v2/monitor/health").token(None).fails(REFUSED)
    calls = [down, health(scheduler="unhealthy", triggerer=None), health(), login(), executor(), version()]
    found = run(calls, wait=True, poll_interval=3)
    assert found["healthy"] is True
    assert found.slept == [3, 3]
    assert "connection refused" in found.progress[0]
    assert "scheduler is unhealthy, triggerer is not running" in found.progress[1]


def test_a_component_that_does_not_count_is_not_waited_for() -> None:
    calls = [health(triggerer=None), login(), executor(), version()]
    found = run(calls, wait=True, components=["metadatabase", "scheduler", "dag_processor"])
    assert found["healthy"] is True
    assert found.slept == []


def test_says_which_component_was_waited_for_in_vain() -> None:
    found = run([health(dag_processor="unhealthy")] * 3, wait=True, wait_timeout=4, poll_interval=2)
    assert found.failed
    assert "Waited 4 s for Airflow to be healthy in vain: dag_processor is unhealthy" in found["msg"]

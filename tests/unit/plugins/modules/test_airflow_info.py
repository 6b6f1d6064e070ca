# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import urllib.error
from datetime import datetime, timezone
from typing import Any
from unittest import mock

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._admin import details as airflow_details
from ansible_collections.airfield.airflow.plugins.modules import airflow_info
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    Finished,
    HttpCall,
    login,
    run_module,
)

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


def test_a_timeout_names_the_component() -> None:
    found = run([health(dag_processor="unhealthy")] * 3, wait=True, wait_timeout=4, poll_interval=2)
    assert found.failed
    assert "Timed out after 4 s waiting for Airflow to become healthy: dag_processor is unhealthy" in found["msg"]


def listed(path: str, items: str, *found: dict[str, Any], **query: Any) -> HttpCall:
    call = HttpCall("GET", f"/api/v2/{path}").query(limit=100, offset=0, **query)
    return call.answers({items: list(found), "total_entries": len(found)})


def config(**options: Any) -> HttpCall:
    told = [{"key": key, "value": value} for key, value in options.items()]
    return HttpCall("GET", "/api/v2/config").answers({"sections": [{"name": "core", "options": told}]})


def test_asks_for_nothing_but_what_is_to_be_gathered() -> None:
    found = run([version()], gather=["version"], api_username=None, api_password=None)
    assert set(found.result) - {"invocation"} == {"changed", "version"}


def test_whoever_waits_sees_the_health() -> None:
    found = run([health()], gather=[], wait=True)
    assert found["healthy"] is True
    assert not {"executor", "version"} & set(found.result)


def test_shows_the_configuration_by_sections() -> None:
    calls = [login(), config(parallelism="4", executor=["LocalExecutor", "airflow.cfg"], fernet_key="")]
    found = run(calls, gather=["config"])
    assert found["config"] == {"core": {"parallelism": "4", "executor": "LocalExecutor", "fernet_key": ""}}
    assert (found["config_exposed"], found["config_hidden_because"]) == (True, None)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("fernet_key", "s3cr3t"),
        ("sql_alchemy_conn", "s3cr3t"),
        ("sql_alchemy_conn_async", "s3cr3t"),
        ("smtp_password", "s3cr3t"),
        ("backend_kwargs", '{"role_id": "s3cr3t"}'),
        ("sentry_dsn", "s3cr3t"),
        ("flower_basic_auth", "robot:s3cr3t"),
        ("jwt_secret", ["s3cr3t", "env var"]),
        ("smtp_url", "https://robot:s3cr3t@host/x"),
        ("repository", "https://s3cr3t@host/x"),
        ("dag_bundle_config_list", '[{"kwargs": {"git_token": "s3cr3t"}}]'),
    ],
)
def test_hides_a_secret_that_airflow_shows(option: str, value: Any) -> None:
    found = run([login(), config(**{option: value})], gather=["config"])
    assert found["config"] == {"core": {option: "< hidden >"}}
    assert "s3cr3t" not in found.printed


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("email_conn_id", "mail"),
        ("enable_proxy_fix", "False"),
        ("base_url", "http://localhost:8080"),
        ("dag_bundle_config_list", '[{"name": "x"}]'),
    ],
)
def test_shows_what_only_looks_like_a_secret(option: str, value: str) -> None:
    assert run([login(), config(**{option: value})], gather=["config"])["config"]["core"] == {option: value}


def test_says_why_the_configuration_is_not_shown() -> None:
    hidden = config().answers({"detail": "Your administrator chose not to expose it."}, status=403)
    found = run([login(), hidden], gather=["config"])
    assert (found["config"], found["config_exposed"]) == ({}, False)
    assert "chose not to expose it" in found["config_hidden_because"]


def test_shows_providers_plugins_import_errors_and_pools() -> None:
    calls = [
        login(),
        listed("providers", "providers", {"package_name": "p", "version": "1.0", "new": "field"}),
        listed("plugins", "plugins", {"name": "menu"}),
        HttpCall("GET", "/api/v2/plugins/importErrors").answers({"import_errors": [{"source": "x", "error": "y"}]}),
        listed("importErrors", "import_errors", {"filename": "broken.py"}),
        listed("pools", "pools", {"name": "default_pool", "open_slots": 128}),
    ]
    found = run(calls, gather=["pools", "import_errors", "plugins", "providers"], check_mode=True)
    assert found["providers"] == [{"package_name": "p", "version": "1.0", "new": "field"}]
    assert (found["plugins"], found["plugin_import_errors"]) == ([{"name": "menu"}], [{"source": "x", "error": "y"}])
    assert found["import_errors"] == [{"filename": "broken.py"}]
    assert found["pools"] == [{"name": "default_pool", "open_slots": 128}]


def test_airflow_3_0_does_not_tell_which_plugins_could_not_be_imported() -> None:
    unknown = HttpCall("GET", "/api/v2/plugins/importErrors").answers({"error": "API route not found"}, status=404)
    assert run([login(), listed("plugins", "plugins"), unknown], gather=["plugins"])["plugin_import_errors"] == []


def test_tells_how_old_the_last_heartbeat_of_each_job_is() -> None:
    found_jobs = [
        {"id": 3, "job_type": "TriggererJob", "hostname": "a", "latest_heartbeat": None},
        {"id": 2, "job_type": "SchedulerJob", "hostname": "b", "latest_heartbeat": "2026-11-21T11:59:57.500000Z"},
        {"id": 1, "job_type": "SchedulerJob", "hostname": "a", "latest_heartbeat": "2026-11-21T12:00:09Z"},
    ]
    calls = [login(), listed("jobs", "jobs", *found_jobs, job_state="running", order_by="id")]
    noon = datetime(2026, 11, 21, 12, 0, 0, tzinfo=timezone.utc)
    with mock.patch.object(airflow_details, "utc_now", lambda: noon):
        found = run(calls, gather=["jobs"])
    assert [(job["id"], job["heartbeat_age"]) for job in found["jobs"]] == [(1, 0.0), (2, 2.5), (3, None)]


def test_what_needs_a_user_says_so() -> None:
    found = run([], gather=["jobs"], api_username=None, api_password=None)
    assert found.failed
    assert "set api_username and api_password, or api_token" in found["msg"]


def test_refuses_to_gather_something_unknown() -> None:
    found = run([], gather=["dags"])
    assert found.failed
    assert "import_errors" in json.dumps(found.result)

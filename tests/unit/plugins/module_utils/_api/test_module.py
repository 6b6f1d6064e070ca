# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all REST modules have in common: options, their fallbacks, and a warning about a newer Airflow."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import run as run_sync
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    PASSWORD,
    URL,
    USER,
    Finished,
    HttpCall,
    login,
    run_module,
)

EVERYTHING = {
    "AIRFLOW_API_URL": f"{URL}/airflow",
    "AIRFLOW_API_USERNAME": USER,
    "AIRFLOW_API_PASSWORD": PASSWORD,
    "AIRFLOW_API_CLIENT_CERT": "/tls/client.crt",
    "AIRFLOW_API_CLIENT_KEY": "/tls/client.key",
    "AIRFLOW_API_CA_PATH": "/tls/ca.crt",
    "AIRFLOW_API_VALIDATE_CERTS": "no",
    "AIRFLOW_API_TIMEOUT": "7",
}


def main() -> None:
    def sync(module: Any, client: ApiClient) -> dict[str, Any]:
        return {"dags": client.get("dags"), "settings": {**vars(client.settings), "password": None}}

    run_sync(api_module({}), sync)


def run(calls: list[HttpCall], **arguments: Any) -> Finished:
    return run_module(main, arguments, calls)


def dags() -> HttpCall:
    return HttpCall("GET", "/api/v2/dags")


def version(text: str) -> HttpCall:
    return HttpCall("GET", "/api/v2/version").token(None).answers({"version": text})


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in EVERYTHING:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("text", ["3.4.0", "3.10.1rc1", "4.0.0"])
def test_a_newer_airflow_is_warned_of_and_used(text: str) -> None:
    found = run([login(), dags(), version(text)])
    assert not found.failed
    assert found.warnings == [
        f"Airflow {text} is newer than 3.3, the newest that this module was tested with. If something does not work, "
        "look for a newer version of airfield.airflow."
    ]


@pytest.mark.parametrize("text", ["3.0.0", "3.3.2", "3.3.99", ""])
def test_any_other_airflow_is_not_warned_of(text: str) -> None:
    assert run([login(), dags(), version(text)]).warnings == []


def test_an_api_that_goes_down_after_the_work_is_no_failure() -> None:
    down = version("").fails(ConnectionRefusedError())
    found = run([login(), dags(), down])
    assert (found.failed, found.slept, found.warnings) == (False, [], [])


def test_the_environment_says_what_the_task_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in EVERYTHING.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AIRFLOW_API_URL", "https://airflow.test/airflow")
    token = HttpCall("POST", "https://airflow.test/airflow/auth/token").token(None)
    token.body({"username": USER, "password": PASSWORD}).answers({"access_token": "t1"}, status=201)
    found = run(
        [token, HttpCall("GET", "https://airflow.test/airflow/api/v2/dags").token("t1")],
        api_url=None,
        api_username=None,
        api_password=None,
    )
    assert not found.failed
    assert found["settings"] == {
        "url": "https://airflow.test/airflow",
        "username": USER,
        "password": None,
        "token": None,
        "client_cert": "/tls/client.crt",
        "client_key": "/tls/client.key",
        "ca_path": "/tls/ca.crt",
        "validate_certs": False,
        "timeout": 7,
    }
    for options in found.options:
        assert (options["client_cert"], options["client_key"]) == ("/tls/client.crt", "/tls/client.key")


def test_a_token_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_API_TOKEN", "of-the-environment")
    assert not run([dags().token("of-the-environment")], api_username=None, api_password=None).failed


def test_a_client_certificate_may_stand_alone() -> None:
    call = HttpCall("GET", "https://airflow.test/api/v2/dags").token(None)
    found = run(
        [call], api_url="https://airflow.test", client_cert="/tls/both.pem", api_username=None, api_password=None
    )
    assert not found.failed
    assert found.options[0]["client_cert"] == "/tls/both.pem"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"api_username": None, "api_password": None}, "one of the following is required: api_token, api_username"),
        ({"api_password": None}, "parameters are required together: api_username, api_password"),
        ({"client_key": "/tls/key"}, "missing parameter(s) required by 'client_key': client_cert"),
        ({"client_cert": "/tls/cert"}, "client_cert requires an api_url with https://"),
        ({"api_url": "airflow.test"}, "api_url must be Airflow's URL with http:// or https://"),
    ],
)
def test_what_cannot_work_is_refused(arguments: dict[str, Any], told: str) -> None:
    found = run([], **arguments)
    assert found.failed
    assert told in found["msg"]

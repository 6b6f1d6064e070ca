# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import http.client
import json
import socket
import ssl
import urllib.error

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._api import errors

URL = "http://airflow.test/api/v2/thing"


@pytest.mark.parametrize(
    ("status", "kind", "retry", "outage", "advice"),
    [
        (400, errors.BadRequest, False, False, "400: told"),
        (401, errors.Unauthorized, False, False, "Check api_username and api_password"),
        (403, errors.Forbidden, False, False, "a role that allows it"),
        (404, errors.NotFound, False, False, "404: told"),
        (405, errors.BadRequest, False, False, "405: told"),
        (409, errors.Conflict, False, False, "409: told"),
        (422, errors.Unprocessable, False, False, "Correct the named values"),
        (429, errors.TooManyRequests, True, True, "limits the request rate"),
        (500, errors.ServerFailed, False, True, "log of Airflow's API server"),
        (501, errors.ServerFailed, False, True, "log of Airflow's API server"),
        (502, errors.GatewayFailed, True, True, "is Airflow's API server running"),
        (503, errors.GatewayFailed, True, True, "is Airflow's API server running"),
        (504, errors.GatewayFailed, True, True, "overloaded"),
    ],
)
def test_every_status_has_its_type_and_advice(
    status: int, kind: type[errors.ApiError], retry: bool, outage: bool, advice: str
) -> None:
    error = errors.error_of_answer("GET", URL, status, {}, b'{"detail": "told"}')
    assert error.__class__ is kind
    assert (error.retry, error.outage, error.status) == (retry, outage, status)
    assert f"GET {URL} was answered with {status}: told" in str(error)
    assert advice in str(error)


def test_a_redirection_names_the_right_address() -> None:
    error = errors.error_of_answer("POST", URL, 308, {"location": "https://airflow.test/"}, b"")
    assert isinstance(error, errors.Redirected)
    assert "https://airflow.test/" in str(error)
    assert "set api_url" in str(error)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"detail": "plain"}, "plain"),
        (
            {"detail": {"reason": "Unique constraint violation", "statement": "INSERT s3cret"}},
            "Unique constraint violation",
        ),
        ({"detail": {"reason": "A", "message": "B"}}, "A: B"),
        (
            {"detail": [{"loc": ["body", "conf", 0], "msg": "no", "input": "s3cret"}, {"msg": "bad"}]},
            "conf.0: no; the request: bad",
        ),
        (
            {"detail": [{"loc": ["a"], "msg": "no"}, {"loc": ["b"], "msg": "no"}, {"loc": ["a"], "msg": "no"}]},
            "a: no; b: no",
        ),
        ({"detail": []}, "an empty list of errors"),
        ({"detail": {}}, "no reason given"),
        ({"detail": ["text"]}, "text"),
        (["s"], '["s"]'),
    ],
)
def test_every_form_of_detail_is_understood_and_no_input_repeated(content: object, told: str) -> None:
    described = errors.describe_detail(json.dumps(content).encode())
    assert described == told
    assert "s3cret" not in described


def test_a_page_in_place_of_json_is_shown_as_text_and_not_at_length() -> None:
    described = errors.describe_detail(b"<html><h1>502 Bad Gateway</h1>" + b"x" * 1000)
    assert described.startswith("502 Bad Gateway x")
    assert len(described) < 310
    assert errors.describe_detail(b"") == "an empty answer"
    assert errors.describe_detail(b"\xff\xfe") != ""


REFUSED = ConnectionRefusedError(111, "Connection refused")


@pytest.mark.parametrize(
    ("failure", "kind", "outage", "told"),
    [
        (urllib.error.URLError(REFUSED), errors.ConnectionRefused, True, "connection refused"),
        (REFUSED, errors.ConnectionRefused, True, "connection refused"),
        (urllib.error.URLError(TimeoutError("timed out")), errors.ConnectionTimedOut, True, "no answer within 7 s"),
        (TimeoutError("The read operation timed out"), errors.ConnectionTimedOut, True, "no answer within 7 s"),
        (
            urllib.error.URLError(ssl.SSLCertVerificationError(1, "self-signed")),
            errors.CertificateRefused,
            False,
            "ca_path",
        ),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), errors.CertificateRefused, False, "http://"),
        (ssl.SSLEOFError(8, "EOF occurred"), errors.CertificateRefused, False, "set client_cert"),
        (urllib.error.URLError(socket.gaierror(-2, "unknown")), errors.NameNotResolved, False, "cannot be resolved"),
        (urllib.error.URLError(socket.gaierror(-3, "again")), errors.NameNotResolved, True, "cannot be resolved"),
        (http.client.RemoteDisconnected("closed"), errors.ConnectionFailed, True, "RemoteDisconnected: closed"),
        (http.client.IncompleteRead(b"x"), errors.ConnectionFailed, True, "IncompleteRead"),
        (urllib.error.URLError(OSError(113, "No route to host")), errors.ConnectionFailed, True, "No route to host"),
    ],
)
def test_every_failure_has_its_type_and_advice(
    failure: Exception, kind: type[errors.ApiError], outage: bool, told: str
) -> None:
    error = errors.error_of_exception("GET", URL, 7, failure)
    assert error.__class__ is kind
    assert error.outage is error.retry is outage
    assert error.status is None
    assert told in str(error)
    assert URL in str(error)

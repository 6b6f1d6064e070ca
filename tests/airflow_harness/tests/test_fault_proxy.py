# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, ApiSettings
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.tests.airflow_harness.certificates import Certificates, make_certificates
from ansible_collections.airfield.airflow.tests.airflow_harness.fault_proxy import fault_proxy
from ansible_collections.airfield.airflow.tests.airflow_harness.faults import Faults

ANSWER = {"name": "default_pool", "slots": 128}


class Airflow(BaseHTTPRequestHandler):
    """Returns the request that it received."""

    came: list[tuple[str, str, str | None, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.came.append((self.command, self.path, self.headers.get("Authorization"), body))
        content = json.dumps(ANSWER).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def airflow() -> Iterator[tuple[str, list[tuple[str, str, str | None, bytes]]]]:
    class Fresh(Airflow):
        came: list[tuple[str, str, str | None, bytes]] = []  # noqa: RUF012

    with ThreadingHTTPServer(("127.0.0.1", 0), Fresh) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", Fresh.came
        finally:
            server.shutdown()


class Proxied:
    def __init__(self, url: str, came: list[tuple[str, str, str | None, bytes]]) -> None:
        self.url = url
        self.came = came

    def ask(self, path: str, method: str = "GET", body: Any = None) -> tuple[int, Any, dict[str, str]]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, {"Authorization": "Bearer t"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read(), dict(error.headers)

    def set(self, *faults: Any) -> None:
        assert self.ask("/__faults__", "PUT", list(faults))[0] == 200

    def read(self, path: str) -> Any:
        return json.loads(self.ask(path)[1])


@pytest.fixture
def proxied() -> Iterator[Proxied]:
    with airflow() as (url, came):
        server = fault_proxy(url, Faults())
        with server as proxy:
            yield Proxied(proxy, came)


def test_requests_pass_unchanged_without_faults(proxied: Proxied) -> None:
    status, content, headers = proxied.ask("/api/v2/pools?limit=1&x=a%2Fb", "POST", {"name": "one"})
    assert (status, json.loads(content), headers["Content-Type"]) == (200, ANSWER, "application/json")
    assert proxied.came == [("POST", "/api/v2/pools?limit=1&x=a%2Fb", "Bearer t", b'{"name": "one"}')]


def test_the_prefix_is_taken_away(proxied: Proxied) -> None:
    proxied.ask("/airflow/api/v2/version")
    proxied.ask("/airflowish")
    assert [path for _method, path, _token, _body in proxied.came] == ["/api/v2/version", "/airflowish"]


def test_a_status_comes_as_often_as_told_and_is_not_forwarded(proxied: Proxied) -> None:
    proxied.set({"kind": "status", "status": 429, "times": 2, "headers": {"Retry-After": "7"}, "detail": "slow down"})
    for _time in range(2):
        status, content, headers = proxied.ask("/x")
        assert (status, json.loads(content), headers["Retry-After"]) == (429, {"detail": "slow down"}, "7")
    assert proxied.came == []
    assert proxied.ask("/x")[0] == 200
    assert len(proxied.came) == 1


def test_a_fault_meets_only_what_it_matches(proxied: Proxied) -> None:
    proxied.set({"kind": "html", "status": 502, "match": {"method": "POST", "path": "/api/v2/pools"}})
    assert proxied.ask("/api/v2/pools")[0] == 200
    assert proxied.ask("/api/v2/pools/one", "POST", {})[0] == 200
    status, content, headers = proxied.ask("/api/v2/pools?limit=1", "POST", {})
    assert (status, headers["Content-Type"]) == (502, "text/html; charset=utf-8")
    assert b"<html>" in content


def test_what_is_left_and_what_came_can_be_read(proxied: Proxied) -> None:
    proxied.set({"kind": "html", "times": 3})
    proxied.ask("/x?y=1")
    assert [(fault["kind"], fault["times"]) for fault in proxied.read("/__faults__")] == [("html", 2)]
    came = proxied.read("/__requests__")
    assert 0 <= came[0].pop("seconds") < 5
    assert came == [{"method": "GET", "path": "/x", "query": "y=1", "fault": "html"}]
    proxied.set()
    assert proxied.read("/__faults__") == proxied.read("/__requests__") == []


@pytest.mark.parametrize(("kind", "forwarded"), [("drop", 0), ("reset", 0), ("drop_answer", 1)])
def test_connections_break_before_or_after_airflow_was_asked(proxied: Proxied, kind: str, forwarded: int) -> None:
    proxied.set({"kind": kind})
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected, urllib.error.URLError)):
        proxied.ask("/x")
    assert len(proxied.came) == forwarded


def test_json_is_cut_though_its_length_is_right(proxied: Proxied) -> None:
    proxied.set({"kind": "truncated_json"})
    status, content, headers = proxied.ask("/x")
    whole = json.dumps(ANSWER).encode()
    assert (status, content, headers["Content-Length"]) == (200, whole[: len(whole) // 2], str(len(whole) // 2))
    assert len(proxied.came) == 1


def test_a_delay_passes_before_airflow_is_asked(proxied: Proxied) -> None:
    proxied.set({"kind": "delay", "seconds": 0.2})
    begin = time.monotonic()
    assert proxied.ask("/x")[0] == 200
    assert time.monotonic() - begin >= 0.2


@pytest.mark.parametrize(
    ("faults", "sentence"),
    [
        ({"kind": "drop"}, "faults are a list"),
        (["drop"], "a fault is a map, not 'drop'"),
        ([{"kind": "explode"}], "kind is 'explode'; choose from delay, drop,"),
        ([{"kind": "drop", "status": 500}], "drop has no status"),
        ([{"kind": "status"}], "status needs status"),
        ([{"kind": "delay", "seconds": "2"}], "seconds cannot be '2'"),
        ([{"kind": "drop", "times": 0}], "times must be 1 at least"),
        ([{"kind": "drop", "times": True}], "times cannot be True"),
        ([{"kind": "drop", "match": {"url": "/x"}}], "match has no url"),
        ([{"kind": "drop", "match": {"path": "("}}], "'(' is no regular expression"),
    ],
)
def test_what_is_no_fault_is_refused(proxied: Proxied, faults: Any, sentence: str) -> None:
    status, content, _headers = proxied.ask("/__faults__", "PUT", faults)
    assert status == 400
    assert sentence in json.loads(content)["detail"]


def test_other_control_paths_are_told(proxied: Proxied) -> None:
    assert proxied.ask("/__fault__")[0] == 404
    assert proxied.came == []


def test_an_airflow_that_is_gone_is_a_bad_gateway() -> None:
    with airflow() as (url, _came):
        pass
    with fault_proxy(url, Faults()) as proxy:
        assert Proxied(proxy, []).ask("/x")[0] == 502


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls") / "made")


def client(url: str, directory: Path, **more: Any) -> ApiClient:
    return ApiClient(ApiSettings(url=url, ca_path=str(directory / "ca.pem"), **more))


def test_tls_knows_who_has_a_certificate(certificates: Certificates) -> None:
    directory = certificates.directory
    mine = {"client_cert": str(directory / "client.pem"), "client_key": str(directory / "client.key")}
    with airflow() as (url, came):
        server = fault_proxy(url, Faults(), certificates.server_context(), lambda: "of-robot")
        with server as tls:
            assert client(tls, directory, **mine).get("pools") == ANSWER
            assert client(tls, directory, token="mine", **mine).get("pools") == ANSWER
            assert [token for _method, _path, token, _body in came] == ["Bearer of-robot", "Bearer mine"]
            with pytest.raises(ApiError, match="400 Bad Request No required SSL certificate was sent"):
                client(tls, directory, token="mine").get("pools")
            assert len(came) == 2


def test_keys_are_private(certificates: Certificates) -> None:
    assert [file.name for file in certificates.directory.glob("*.key") if file.stat().st_mode & 0o077] == []
    assert not (certificates.directory / "ca.key").exists()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client on real sockets: how urllib and ansible-core handle a real server's behaviour."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._api import errors
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, ApiSettings


class Handler(BaseHTTPRequestHandler):
    seen: list[tuple[str, str, dict[str, str], bytes]]

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.seen.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
        if "redirected" in self.path:
            self.send_response(307)
            self.send_header("Location", "https://elsewhere.test/")
            self.end_headers()
        elif "cut" in self.path:
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"{")
        elif "gone" in self.path:
            self.send_response(204)
            self.end_headers()
        else:
            self.send_response(201 if "token" in self.path else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({"access_token": "abc", "ok": True}).encode())

    do_GET = do_POST = do_DELETE = answer

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    Handler.seen = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def client(url: str, timeout: int = 5) -> ApiClient:
    return ApiClient(ApiSettings(url=url, username="u", password="p", timeout=timeout))


def test_token_then_request_with_its_query_and_no_netrc(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert client(server).get("dags", "a b/c", query={"state": ["x", "y"], "full": True})["ok"] is True
    (method, path, _headers, body), second = Handler.seen
    assert (method, path, json.loads(body)) == ("POST", "/auth/token", {"username": "u", "password": "p"})
    assert second[:2] == ("GET", "/api/v2/dags/a%20b%2Fc?state=x&state=y&full=true")
    assert second[2]["Authorization"] == "Bearer abc"


def test_an_answer_without_content_is_empty(server: str) -> None:
    assert client(server).request("DELETE", "gone") == {}


def test_a_redirection_is_not_followed(server: str) -> None:
    with pytest.raises(errors.Redirected, match="elsewhere"):
        client(server).get("redirected")


def test_an_answer_that_breaks_off_is_a_failed_connection(server: str) -> None:
    api = client(server)
    with api.single_attempts(), pytest.raises(errors.ConnectionFailed):
        api.get("cut")


def test_a_closed_port_is_a_refused_connection() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        api = client(f"http://127.0.0.1:{reserved.getsockname()[1]}")
        with api.single_attempts(), pytest.raises(errors.ConnectionFailed, match="connection refused"):
            api.get("x")


def test_a_silent_server_is_a_timeout() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        api = client(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=1)
        with api.single_attempts(), pytest.raises(errors.ConnectionTimedOut, match="no answer within 1 s"):
            api.get("x")


def test_tls_to_a_server_without_it_is_named(server: str) -> None:
    with pytest.raises(errors.CertificateRefused, match="use http://"):
        client(server.replace("http:", "https:")).get("x")

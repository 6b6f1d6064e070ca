# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP proxy in front of Airflow's API that disturbs its answers as networks do.

``PUT /__faults__`` takes a list of faults (see ``faults``) and forgets everything before; ``GET /__faults__`` returns
those that have not happened yet, ``GET /__requests__`` every request since. Below ``/airflow`` it serves the same
Airflow, like an ingress with a path. With a TLS context it speaks HTTPS; with ``token`` it acts as a proxy that
authenticates users by certificate: it forwards requests without credentials with that token, all others get nginx's
answer.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.airfield.airflow.tests.airflow_harness.faults import BadFault, Fault, Faults

PREFIX = "/airflow"
TIMEOUT = 120
# Headers of a connection, not of a message; the body is sent again with its own length.
HOP_BY_HOP = {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}
PAGE = b"<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>This is not Airflow.</body></html>\n"

NO_CERTIFICATE = (
    b"<html><body><center><h1>400 Bad Request</h1>No required SSL certificate was sent</center></body></html>"
)

Answer = tuple[int, list[tuple[str, str]], bytes]


class FaultProxy(ThreadingHTTPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True

    def __init__(
        self,
        airflow: str,
        faults: Faults,
        context: ssl.SSLContext | None = None,
        token: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.airflow = urlsplit(airflow)
        self.faults = faults
        self.token = token
        self.context = context
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.server_address[1]}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the request's own thread: a client that does not complete its handshake must not block the others.
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        try:
            super().finish_request(request, client_address)
        finally:
            if self.context:
                request.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: clients that disconnect or are not trusted are what the tests are about."""


@contextlib.contextmanager
def fault_proxy(
    airflow: str, faults: Faults, context: ssl.SSLContext | None = None, token: Callable[[], str] | None = None
) -> Iterator[str]:
    """A running proxy; yields its address."""
    with FaultProxy(airflow, faults, context, token) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        try:
            yield server.url
        finally:
            server.shutdown()


class Handler(BaseHTTPRequestHandler):
    server: FaultProxy

    def handle_one(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = urlsplit(self.path)
        if target.path.startswith("/__"):
            self._control(target.path, body)
            return
        if isinstance(self.connection, ssl.SSLSocket) and not self.connection.getpeercert():
            self._send(400, [("Content-Type", "text/html")], NO_CERTIFICATE)
            return
        path = target.path.removeprefix(PREFIX) if target.path.startswith(f"{PREFIX}/") else target.path
        fault = self.server.faults.take(self.command, path, target.query)
        self._answer(fault, f"{path}?{target.query}" if target.query else path, body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_one

    def _control(self, path: str, body: bytes) -> None:
        faults = self.server.faults
        if (self.command, path) == ("PUT", "/__faults__"):
            try:
                faults.replace(json.loads(body))
            except (BadFault, ValueError) as error:
                self._send_json(400, {"detail": str(error)})
                return
        if path == "/__faults__" and self.command in ("GET", "PUT"):
            self._send_json(200, faults.left())
        elif (self.command, path) == ("GET", "/__requests__"):
            self._send_json(200, faults.requests())
        else:
            self._send_json(404, {"detail": f"The fault proxy has no {self.command} {path}."})

    def _answer(self, fault: Fault | None, target: str, body: bytes) -> None:
        kind = fault.kind if fault else ""
        if fault and kind == "status":
            headers = [("Content-Type", "application/json"), *fault.headers.items()]
            self._send(fault.status, headers, json.dumps({"detail": fault.detail}).encode())
        elif fault and kind == "html":
            self._send(fault.status, [("Content-Type", "text/html; charset=utf-8")], PAGE)
        elif kind == "drop":
            self._hang_up()
        elif kind == "reset":
            # Without lingering, close sends RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._hang_up(reset=True)
        else:
            if fault and kind == "delay":
                time.sleep(fault.seconds)
            self._forward(kind, target, body)

    def _forward(self, kind: str, target: str, body: bytes) -> None:
        try:
            status, headers, content = self._ask(target, body)
        except (OSError, http.client.HTTPException) as error:
            self._send_json(502, {"detail": f"Airflow does not answer the fault proxy: {error}"})
            return
        if kind == "drop_answer":
            self._hang_up()
            return
        self._send(status, headers, content[: len(content) // 2] if kind == "truncated_json" else content)

    def _ask(self, target: str, body: bytes) -> Answer:
        airflow = self.server.airflow
        headers = {key: value for key, value in self.headers.items() if key.lower() not in HOP_BY_HOP}
        if self.server.token and "Authorization" not in self.headers:
            headers["Authorization"] = f"Bearer {self.server.token()}"
        connection = http.client.HTTPConnection(airflow.hostname or "", airflow.port, timeout=TIMEOUT)
        with contextlib.closing(connection):
            connection.request(self.command, target, body or None, headers)
            answer = connection.getresponse()
            told = [(key, value) for key, value in answer.getheaders() if key.lower() not in HOP_BY_HOP]
            return answer.status, told, answer.read()

    def _send_json(self, status: int, content: Any) -> None:
        self._send(status, [("Content-Type", "application/json")], json.dumps(content).encode())

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for key, value in headers:
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _hang_up(self, *, reset: bool = False) -> None:
        if not reset:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: /__requests__ has the requests."""

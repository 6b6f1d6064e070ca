# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every request passes before it reaches the service: its token, its size, its log line."""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import Mapping
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN_PATHS = frozenset({"/healthz"})
BODY_SECONDS = 30.0

log = logging.getLogger(__name__)


class Refusal(Exception):
    """An unsuccessful answer: status, a sentence, and further headers for the caller."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(reason)
        self.answer = answer({"error": reason, **more}, status, headers)


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    # ASCII, since a string inside may be a lone surrogate, which UTF-8 cannot encode.
    body = json.dumps(content, allow_nan=False) + "\n"
    return Response(body, status, dict(headers or {}), media_type="application/json")


class Gate:
    """ASGI middleware: 401 without the token, before a single byte of the body is read."""

    def __init__(self, app: ASGIApp, token: bytes) -> None:
        self._app = app
        self._expected = b"Bearer " + token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.monotonic()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            if scope["path"] in OPEN_PATHS or self._is_known(scope):
                await self._app(scope, receive, send_and_note)
            else:
                refusal = Refusal(
                    401,
                    "This requires the host worker's token: send the header 'Authorization: Bearer TOKEN'.",
                    {"WWW-Authenticate": 'Bearer realm="airfield-host-worker"'},
                )
                await refusal.answer(scope, receive, send_and_note)
        finally:
            level = logging.DEBUG if scope["path"] in OPEN_PATHS and status == 200 else logging.INFO
            fields = {
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "seconds": round(time.monotonic() - begun, 4),
                "client": (scope.get("client") or ["unknown"])[0],
            }
            log.log(level, "http request", extra=fields)

    def _is_known(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        # The scheme is case-insensitive (RFC 9110), the token is not. compare_digest takes as long for any wrong token.
        scheme, _space, token = given[0].partition(b" ") if len(given) == 1 else (b"", b"", b"")
        return hmac.compare_digest(scheme.lower().capitalize() + b" " + token.strip(), self._expected)


async def read_body(request: Request, largest: int) -> bytes:
    """Read the body, but never more than ``largest`` bytes and no longer than BODY_SECONDS."""
    too_large = Refusal(413, f"The body is larger than {largest} bytes.", {"Connection": "close"})
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > largest:
        raise too_large
    body = bytearray()
    try:
        with anyio.fail_after(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > largest:
                    raise too_large
    except TimeoutError as error:
        raise Refusal(408, "The body did not arrive in time.", {"Connection": "close"}) from error
    return bytes(body)

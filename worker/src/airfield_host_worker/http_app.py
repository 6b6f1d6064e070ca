# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP service: its endpoints, and their answers."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from airfield_host_worker import __version__
from airfield_host_worker.gate import Gate, Refusal, answer, read_body
from airfield_host_worker.record import LONGEST_PAGE, STATES, Entry, Record, RecordError
from airfield_host_worker.registry import Registry
from airfield_host_worker.request import InvalidRequest, RunRequest
from airfield_host_worker.runner import Busy, Conflict, Runner, UnknownTask, has_ended
from airfield_host_worker.settings import Settings

LONGEST_WAIT_SECONDS = 300.0
USUAL_WAIT_SECONDS = 30.0
RETRY_AFTER_SECONDS = 2
HEALTH_SECONDS = 2.0


class Service:
    """Holds what the endpoints need; each public method is one of them."""

    def __init__(self, settings: Settings, record: Record, registry: Registry, runner: Runner) -> None:
        self._settings = settings
        self._record = record
        self._registry = registry
        self._runner = runner
        self._health_until = 0.0

    async def run_task(self, request: Request) -> Response:
        """POST /run-task[?wait=SECONDS]: 200 with the ended request, 202 if it has not ended within the wait."""
        wait = _seconds(request.query_params.get("wait"))
        try:
            wish = RunRequest.parse(await read_body(request, self._settings.max_body_bytes))
            entry, end = await run_sync(self._runner.submit, wish)
        except InvalidRequest as error:
            raise Refusal(422, str(error)) from error
        except UnknownTask as error:
            raise Refusal(404, str(error), tasks=sorted(self._registry.tasks)) from error
        except Conflict as error:
            raise Refusal(409, str(error)) from error
        except Busy as error:
            raise Refusal(429, str(error), {"Retry-After": str(RETRY_AFTER_SECONDS)}) from error
        if end is not None and wait > 0:
            try:
                entry = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(end)), wait)
            except asyncio.TimeoutError:  # its own class until Python 3.11
                entry = await run_sync(self._record.get, wish.request_id)
        return answer(entry, 200 if has_ended(entry) else 202)

    async def list_requests(self, request: Request) -> Response:
        """GET /requests[?dag_id=&run_id=&state=&after=&limit=]: oldest first; ``next`` is the next page's ``after``."""
        given = dict(request.query_params)
        unknown = sorted(given.keys() - {"dag_id", "run_id", "state", "after", "limit"})
        if unknown:
            raise Refusal(422, f"There is no filter {', '.join(unknown)}: use dag_id, run_id, state, after, limit.")
        state = given.get("state")
        if state is not None and state not in STATES:
            raise Refusal(422, f"There is no state {state!r}: use one of {', '.join(STATES)}.")
        limit = _whole(given, "limit", 100, 1, LONGEST_PAGE)
        after = _whole(given, "after", 0, 0, 2**63 - 1)

        def read() -> list[Entry]:
            names = {"dag_id": given.get("dag_id"), "run_id": given.get("run_id"), "state": state}
            return self._record.select(**names, after=after, limit=limit)

        entries = await run_sync(read)
        return answer({"requests": entries, "next": entries[-1]["sequence"] if len(entries) == limit else None})

    async def show_request(self, request: Request) -> Response:
        """GET /requests/{request_id}"""
        entry = await run_sync(self._record.find, request.path_params["request_id"])
        if entry is None:
            raise Refusal(404, "The record has no request with this id.")
        return answer(entry)

    async def list_tasks(self, request: Request) -> Response:
        """GET /tasks: the names that POST /run-task accepts, and registered tasks that cannot be used."""
        return answer({"tasks": sorted(self._registry.tasks), "broken": dict(self._registry.broken)})

    async def show_service(self, request: Request) -> Response:
        """GET /service: the version and configuration of this worker, for installers."""
        return answer(
            {
                "version": __version__,
                "revision": self._settings.revision,
                "hostname": socket.gethostname(),
                "process_id": os.getpid(),
                "limits": {"running": self._settings.max_running, "queued": self._settings.max_queued},
                "now": self._runner.counts(),
            }
        )

    async def show_health(self, request: Request) -> Response:
        """GET /healthz, without a token: 200 only if the record could be written within the last seconds."""
        if time.monotonic() >= self._health_until:
            try:
                await run_sync(self._record.write_health)
            except sqlite3.Error as error:
                reason = f"The record cannot be written: {error}"
                return answer({"status": "unhealthy", "error": reason, "version": __version__}, 503)
            # Anybody may ask, so the disk is not used each time.
            self._health_until = time.monotonic() + HEALTH_SECONDS
        return answer({"status": "healthy", "version": __version__})

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        await run_sync(self._runner.resume)
        yield
        await run_sync(self._runner.stop, self._settings.grace_seconds)


def make_app(service: Service, token: bytes) -> Starlette:
    routes = [
        Route("/run-task", service.run_task, methods=["POST"]),
        Route("/requests", service.list_requests),
        Route("/requests/{request_id:path}", service.show_request),
        Route("/tasks", service.list_tasks),
        Route("/service", service.show_service),
        Route("/healthz", service.show_health),
    ]
    handlers: Mapping[Any, Any] = {
        Refusal: _refuse,
        HTTPException: _refuse_address,
        ClientDisconnect: _drop,
        sqlite3.Error: _refuse_without_record,
        RecordError: _refuse_without_record,
        Exception: _refuse_without_reason,
    }
    middleware = [Middleware(Gate, token=token)]
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=service.lifespan)


async def _refuse(request: Request, error: Refusal) -> Response:
    return error.answer


async def _refuse_address(request: Request, error: HTTPException) -> Response:
    reason = f"{request.method} {request.url.path} does not exist on this host worker: {error.detail}."
    return answer({"error": reason}, error.status_code, error.headers)


async def _drop(request: Request, error: ClientDisconnect) -> Response:
    return answer({"error": "The client closed the connection before the body was complete."}, 400)


async def _refuse_without_record(request: Request, error: Exception) -> Response:
    reason = f"The record cannot be written or read: {error}. Send the request again; it will not run twice."
    return answer({"error": reason}, 503, {"Retry-After": str(RETRY_AFTER_SECONDS)})


async def _refuse_without_reason(request: Request, error: Exception) -> Response:
    return answer({"error": "The host worker has an internal error; see its log."}, 500)


def _seconds(text: str | None) -> float:
    try:
        seconds = USUAL_WAIT_SECONDS if text is None else float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= LONGEST_WAIT_SECONDS:
        raise Refusal(422, f"wait is {text!r}: give seconds from 0 to {LONGEST_WAIT_SECONDS:.0f}.")
    return seconds


def _whole(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = given.get(name, str(usual))
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and least <= int(text) <= most):
        raise Refusal(422, f"{name} is {text!r}: give an integer from {least} to {most}.")
    return int(text)

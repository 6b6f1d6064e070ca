# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates all parts and serves until a signal ends it."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
import time
from types import FrameType

import uvicorn

from airfield_host_worker import __version__
from airfield_host_worker.http_app import Service, make_app
from airfield_host_worker.lock import RecordLock
from airfield_host_worker.record import Record
from airfield_host_worker.registry import Registry
from airfield_host_worker.runner import Limits, Runner
from airfield_host_worker.settings import Settings, SettingsError

ADDRESS_WAIT_SECONDS = 60
CONNECTIONS = 500

log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Notifies the runner of a stop at once: uvicorn itself first waits for the callers, who wait for tasks."""

    def __init__(self, config: uvicorn.Config, runner: Runner) -> None:
        super().__init__(config)
        self._runner = runner

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._runner.refuse_new()
        await super().shutdown(sockets)


def serve(settings: Settings, token: bytes) -> None:
    """Serve until SIGTERM or SIGINT, then raise SystemExit(0).

    Raises SettingsError, RecordError, sqlite3.Error or OSError if it cannot start.
    """
    # uvicorn handles these while it serves and raises them again at its end: then leave through `finally`.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    lock = RecordLock(settings.database)
    record = Record(settings.database)
    registry = Registry.load()
    runner = Runner(record, registry, Limits(settings.max_running, settings.max_queued))
    app = make_app(Service(settings, record, registry, runner), token)
    listener = _listen(settings.host, settings.port)
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=max(1, round(settings.grace_seconds)),
    )
    host, port = listener.getsockname()[:2]
    fields = {"host": host, "port": port, "version": __version__, "tasks": sorted(registry.tasks)}
    log.info("serving", extra=fields)
    try:
        Server(config, runner).run(sockets=[listener])
    finally:
        record.close()
        lock.release()
        log.info("stopped")


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _listen(host: str, port: int) -> socket.socket:
    """Listen on the address. The bridge that owns it may come up after this service: wait for it for a while."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + ADDRESS_WAIT_SECONDS
    while True:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
            return listener
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRNOTAVAIL or time.monotonic() > deadline:
                raise SettingsError(f"Cannot listen on {host} port {port}: {error}") from error
            log.warning("address is not available yet", extra={"host": host, "port": port})
            time.sleep(1)

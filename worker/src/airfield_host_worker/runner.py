# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepts requests, runs their tasks, a few at a time, and writes every step to the record first."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass

from airfield_host_worker.record import ENDED, Entry, Record, RecordError
from airfield_host_worker.registry import Registry, TaskContext, TaskError
from airfield_host_worker.request import RunRequest

LARGEST_RESULT_BYTES = 1024 * 1024
LONGEST_ERROR = 10_000
RECORD_RETRY_SECONDS = 1.0

log = logging.getLogger(__name__)


class UnknownTask(Exception):
    """No task is registered with this name."""


class Conflict(Exception):
    """The request id exists, with different content."""


class Busy(Exception):
    """All slots are taken, or the worker is stopping."""


@dataclass(frozen=True)
class Limits:
    """How many tasks run at once and how many more may wait for a slot."""

    running: int
    queued: int


class Runner:
    """Safe to use from several threads. Each task has a thread of its own."""

    def __init__(self, record: Record, registry: Registry, limits: Limits) -> None:
        self._record = record
        self._registry = registry
        self._limits = limits
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._waiting: deque[RunRequest] = deque()
        self._running: set[str] = set()
        self._ends: dict[str, Future[Entry]] = {}
        self._stopping = False

    def resume(self) -> None:
        """Handle what an earlier process left: running requests are marked as interrupted, queued ones are run now."""
        for entry in self._record.interrupt_running("The host worker ended while the task was running."):
            log.warning("request interrupted", extra={"request_id": entry["request_id"], "task": entry["task"]})
        after = 0
        while page := self._record.select(state="queued", after=after):
            for entry in page:
                request = _request(entry)
                self._expect(request)
            after = page[-1]["sequence"]
        with self._lock:
            self._fill_places()

    def submit(self, request: RunRequest) -> tuple[Entry, Future[Entry] | None]:
        """Accept a request; return its entry and, while it has not ended, the future of the ended entry.

        Raises Conflict, UnknownTask, Busy, or sqlite3.Error if the record cannot be written.
        """
        with self._lock:
            known = self._record.find(request.request_id)
            if known is not None:
                if _request(known) != request:
                    raise Conflict(
                        f"The request id {request.request_id!r} is used by a request with different content."
                    )
                return known, self._ends.get(request.request_id)
            if request.task not in self._registry.tasks:
                raise UnknownTask(f"The task {request.task!r} does not exist on this host worker.")
            if self._stopping:
                raise Busy("The host worker is stopping: send the request again in a few seconds.")
            if len(self._waiting) + len(self._running) >= self._limits.running + self._limits.queued:
                raise Busy(
                    f"The host worker is full: {len(self._running)} tasks are running and {len(self._waiting)} are "
                    "waiting. Send the request again later."
                )
            self._record.add(request)
            self._expect(request)
            self._fill_places()
            return self._record.get(request.request_id), self._ends.get(request.request_id)

    def counts(self) -> dict[str, int]:
        with self._lock:
            return {"running": len(self._running), "queued": len(self._waiting)}

    def stop(self, grace_seconds: float) -> None:
        """Start nothing more, give running tasks some time to end, then mark the rest as interrupted.

        Waiting requests stay ``queued`` in the record: the next process runs them.
        """
        deadline = time.monotonic() + grace_seconds
        with self._lock:
            self._stopping = True
            while self._running and (left := deadline - time.monotonic()) > 0:
                self._idle.wait(left)
        self._record.interrupt_running("The host worker was stopped while the task was running.")

    def refuse_new(self) -> None:
        """Start nothing more; running tasks continue."""
        with self._lock:
            self._stopping = True

    def _expect(self, request: RunRequest) -> None:
        end: Future[Entry] = Future()
        end.set_running_or_notify_cancel()  # a caller that disconnects must not cancel it for the others
        self._ends[request.request_id] = end
        self._waiting.append(request)

    def _fill_places(self) -> None:
        """Start waiting requests while there are free slots. The caller holds the lock."""
        while self._waiting and not self._stopping and len(self._running) < self._limits.running:
            request = self._waiting.popleft()
            try:
                self._record.start(request.request_id)
            except sqlite3.Error:
                # Not stored, so not started: it keeps its turn until the record can be written again.
                self._waiting.appendleft(request)
                log.exception("record cannot be written", extra={"request_id": request.request_id})
                again = threading.Timer(RECORD_RETRY_SECONDS, self._fill_places_again)
                again.daemon = True
                again.start()
                return
            self._running.add(request.request_id)
            threading.Thread(target=self._work, args=(request,), name=request.request_id, daemon=True).start()

    def _fill_places_again(self) -> None:
        with self._lock:
            self._fill_places()

    def _work(self, request: RunRequest) -> None:
        begun = time.monotonic()
        entry: Entry | None = None
        failure: Exception | None = None
        try:
            entry = self._run(request)
            seconds = round(time.monotonic() - begun, 3)
            names = {"request_id": request.request_id, "task": request.task, "run_id": request.run_id}
            log.info("request ended", extra={**names, "state": entry["state"], "seconds": seconds})
        except (sqlite3.Error, RecordError) as error:
            failure = error
            log.exception("record cannot be written", extra={"request_id": request.request_id})
        finally:
            with self._lock:
                self._running.discard(request.request_id)
                end = self._ends.pop(request.request_id)
                self._fill_places()
                self._idle.notify_all()
            if entry is not None:
                end.set_result(entry)
            else:
                end.set_exception(failure or RecordError("The task's thread ended without a result."))

    def _run(self, request: RunRequest) -> Entry:
        task = self._registry.tasks.get(request.task)
        if task is None:  # accepted by an earlier process that had the task
            return self._record.fail(request.request_id, f"The task {request.task!r} no longer exists on this worker.")
        try:
            # Strict: NaN is not valid JSON, and a caller could not parse it.
            result = json.dumps(task(request.parameters, TaskContext.of(request)), allow_nan=False)
            if len(result) > LARGEST_RESULT_BYTES:
                raise TaskError(f"The result has {len(result)} bytes: at most {LARGEST_RESULT_BYTES} are stored.")
        except TaskError as error:
            return self._record.fail(request.request_id, _storable(str(error)))
        except BaseException as error:  # a task may raise anything, even SystemExit
            log.exception("task raised", extra={"request_id": request.request_id, "task": request.task})
            return self._record.fail(request.request_id, _storable(f"{type(error).__name__}: {error}"))
        return self._record.succeed(request.request_id, result)


def has_ended(entry: Entry) -> bool:
    return entry["state"] in ENDED


def _storable(text: str) -> str:
    """No database stores lone surrogates, and nobody reads an error message of a megabyte."""
    return text[:LONGEST_ERROR].encode("utf-8", "replace").decode("utf-8")


def _request(entry: Entry) -> RunRequest:
    return RunRequest(
        request_id=entry["request_id"], task=entry["task"], parameters=entry["parameters"], **entry["context"]
    )

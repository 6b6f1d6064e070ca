# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of requests: one SQLite file that survives a restart, a kill -9 and a power cut.

Every step of a request is committed to the disk (WAL, synchronous=FULL) before the step is taken, so that the record
never says less than what happened: a request is ``queued`` before its caller is answered and ``running`` before the
first line of its task runs.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from airfield_host_worker.request import RunRequest

SCHEMA_VERSION = 1
STATES = ("queued", "running", "succeeded", "failed", "interrupted")
ENDED = ("succeeded", "failed", "interrupted")
LONGEST_PAGE = 1000

_SCHEMA = f"""
CREATE TABLE requests (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id  TEXT NOT NULL UNIQUE,
    task        TEXT NOT NULL,
    parameters  TEXT NOT NULL,
    dag_id      TEXT NOT NULL,
    run_id      TEXT NOT NULL,
    task_id     TEXT NOT NULL,
    try_number  INTEGER NOT NULL,
    map_index   INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN {STATES!r}),
    result      TEXT,
    error       TEXT,
    hostname    TEXT,
    process_id  INTEGER,
    received_at TEXT NOT NULL,
    started_at  TEXT,
    finished_at TEXT
);
CREATE INDEX requests_by_run ON requests (dag_id, run_id);
CREATE INDEX requests_by_state ON requests (state) WHERE state IN ('queued', 'running');
CREATE TABLE health (one INTEGER PRIMARY KEY CHECK (one = 1), written_at TEXT NOT NULL);
PRAGMA user_version = {SCHEMA_VERSION};
"""

Entry = dict[str, Any]


class RecordError(Exception):
    """The record cannot be used; the message says which file and what to do."""


class Record:
    """The only writer of the record. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the record at ``path``; create it if it does not exist. Raises RecordError or sqlite3.Error."""
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=5)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        with self._transaction() as connection:
            if _schema_version(connection, path) == 0:
                # Not executescript: that would commit first, and two statements are one step here.
                for statement in _SCHEMA.split(";\n"):
                    connection.execute(statement)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def add(self, request: RunRequest) -> Entry:
        """Store a new request as ``queued``. The caller has made sure that its id is new."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO requests (request_id, task, parameters, dag_id, run_id, task_id, try_number, map_index,"
                " state, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)",
                (
                    request.request_id,
                    request.task,
                    json.dumps(request.parameters, sort_keys=True),
                    request.dag_id,
                    request.run_id,
                    request.task_id,
                    request.try_number,
                    request.map_index,
                    _now(),
                ),
            )
            return _by_id(connection, request.request_id)

    def start(self, request_id: str) -> None:
        """Store that the task starts now, here."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE requests SET state = 'running', started_at = ?, hostname = ?, process_id = ?"
                " WHERE request_id = ? AND state = 'queued'",
                (_now(), socket.gethostname(), os.getpid(), request_id),
            )

    def succeed(self, request_id: str, result: str) -> Entry:
        """Store the task's result (a JSON string)."""
        return self._end(request_id, "succeeded", result, None)

    def fail(self, request_id: str, error: str) -> Entry:
        """Store why the task failed."""
        return self._end(request_id, "failed", None, error)

    def interrupt_running(self, reason: str) -> list[Entry]:
        """Mark what is still ``running`` as ``interrupted``: its progress is unknown, so it is not run again."""
        with self._transaction() as connection:
            ids = [row["request_id"] for row in connection.execute(f"{_COLUMNS} WHERE state = 'running'")]
            connection.execute(
                "UPDATE requests SET state = 'interrupted', error = ?, finished_at = ? WHERE state = 'running'",
                (reason, _now()),
            )
            return [_by_id(connection, request_id) for request_id in ids]

    def find(self, request_id: str) -> Entry | None:
        with self._lock:
            return _find(self._connection, request_id)

    def get(self, request_id: str) -> Entry:
        with self._lock:
            return _by_id(self._connection, request_id)

    def select(self, **filters: Any) -> list[Entry]:
        """Same as select_entries."""
        with self._lock:
            return select_entries(self._connection, **filters)

    def write_health(self) -> None:
        """Check that the record can be written; raises sqlite3.Error if not."""
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO health (one, written_at) VALUES (1, ?)", (_now(),))

    def _end(self, request_id: str, state: str, result: str | None, error: str | None) -> Entry:
        with self._transaction() as connection:
            # Only a running request can end: a task that outlives the worker's shutdown stays `interrupted`.
            connection.execute(
                "UPDATE requests SET state = ?, result = ?, error = ?, finished_at = ?"
                " WHERE request_id = ? AND state = 'running'",
                (state, result, error, _now(), request_id),
            )
            return _by_id(connection, request_id)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def read_record(path: Path, **filters: Any) -> list[Entry]:
    """Read entries from the file itself, with or without a running service. Filters as in select_entries."""
    if not path.is_file():
        raise RecordError(f"There is no record at {path}: use the path of `serve --database`.")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
        connection.row_factory = sqlite3.Row
        if _schema_version(connection, path) == 0:
            return []
        return select_entries(connection, **filters)


def select_entries(
    connection: sqlite3.Connection,
    *,
    request_id: str | None = None,
    dag_id: str | None = None,
    run_id: str | None = None,
    state: str | None = None,
    after: int = 0,
    limit: int = LONGEST_PAGE,
) -> list[Entry]:
    """The entries that match every given filter, oldest first, starting after the sequence number ``after``."""
    filters = {"request_id": request_id, "dag_id": dag_id, "run_id": run_id, "state": state}
    given = {column: value for column, value in filters.items() if value is not None}
    where = "".join(f" AND {column} = ?" for column in given)
    rows = connection.execute(
        f"{_COLUMNS} WHERE sequence > ?{where} ORDER BY sequence LIMIT ?",
        (after, *given.values(), min(limit, LONGEST_PAGE)),
    )
    return [_entry(row) for row in rows]


_COLUMNS = (
    "SELECT sequence, request_id, task, parameters, dag_id, run_id, task_id, try_number, map_index, state, result,"
    " error, hostname, process_id, received_at, started_at, finished_at FROM requests"
)
_CONTEXT = ("dag_id", "run_id", "task_id", "try_number", "map_index")


def _find(connection: sqlite3.Connection, request_id: str) -> Entry | None:
    row = connection.execute(f"{_COLUMNS} WHERE request_id = ?", (request_id,)).fetchone()
    return None if row is None else _entry(row)


def _by_id(connection: sqlite3.Connection, request_id: str) -> Entry:
    entry = _find(connection, request_id)
    if entry is None:
        raise RecordError(f"The record does not contain the request {request_id!r} any more.")
    return entry


def _entry(row: sqlite3.Row) -> Entry:
    entry: Entry = {key: row[key] for key in row.keys() if key not in _CONTEXT}  # noqa: SIM118 - a Row is not a dict
    entry["parameters"] = json.loads(row["parameters"])
    entry["result"] = None if row["result"] is None else json.loads(row["result"])
    entry["context"] = {key: row[key] for key in _CONTEXT}
    return entry


def _schema_version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise RecordError(
            f"The record at {path} was written by a newer host worker (format {version}, this one knows"
            f" {SCHEMA_VERSION}): install that version again or move the file away."
        )
    return version


def _now() -> str:
    """UTC with microseconds, such as 2026-01-31T12:00:00.000000+00:00: these strings sort like the times."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds")

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `airfield-host-worker`."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from pathlib import Path

from airfield_host_worker import __version__
from airfield_host_worker.record import LONGEST_PAGE, STATES, RecordError, read_record
from airfield_host_worker.settings import Settings, SettingsError, read_token

TOKEN_FILE_VARIABLE = "AIRFIELD_HOST_WORKER_TOKEN_FILE"  # noqa: S105 - the name of a variable that holds a path


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.action(options))
    except (SettingsError, RecordError, sqlite3.Error, OSError) as error:
        sys.stderr.write(f"airfield-host-worker: {error}\n")
        return 1


def _serve(options: argparse.Namespace) -> int:
    if options.token_file is None:
        raise SettingsError(f"No token file is given: use --token-file PATH or set {TOKEN_FILE_VARIABLE}.")
    # Imported here: reading the record does not need the HTTP stack.
    from airfield_host_worker.json_log import log_as_json
    from airfield_host_worker.server import serve

    os.umask(0o077)  # the record contains the parameters of every task
    log_as_json()
    settings = Settings(
        host=options.host,
        port=options.port,
        database=options.database,
        max_running=options.max_running,
        max_queued=options.max_queued,
        max_body_bytes=options.max_body_bytes,
        grace_seconds=options.grace_seconds,
        revision=options.revision,
    )
    serve(settings, read_token(options.token_file))
    return 0


def _requests(options: argparse.Namespace) -> int:
    entries = read_record(
        options.database,
        request_id=options.request_id,
        dag_id=options.dag_id,
        run_id=options.run_id,
        state=options.state,
        after=options.after,
        limit=options.limit,
    )
    sys.stdout.write(json.dumps({"requests": entries}, indent=2) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="airfield-host-worker", description="Runs named tasks on this machine, on request over HTTP."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="offer the registered tasks over HTTP")
    serve.set_defaults(action=_serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=_Number(0, 65535), default=5000, help="port; 0 takes a free one (%(default)s)")
    token_file = os.environ.get(TOKEN_FILE_VARIABLE)
    serve.add_argument(
        "--token-file",
        type=Path,
        default=Path(token_file) if token_file else None,
        help=f"file with the bearer token (${TOKEN_FILE_VARIABLE})",
    )
    serve.add_argument("--database", type=Path, required=True, help="the record, an SQLite file; created if missing")
    serve.add_argument("--max-running", type=_Number(1, 1000), default=4, help="tasks at once (%(default)s)")
    serve.add_argument("--max-queued", type=_Number(0, 100000), default=16, help="requests that wait (%(default)s)")
    serve.add_argument(
        "--max-body-bytes", type=_Number(1, 2**30), default=1024 * 1024, help="largest body (%(default)s)"
    )
    serve.add_argument(
        "--grace-seconds",
        type=_Number(0, 3600),
        default=10,
        help="time for tasks to end when the worker stops (%(default)s)",
    )
    serve.add_argument("--revision", default="", help="a value that GET /service returns")

    requests = commands.add_parser("requests", help="print the record as JSON; works with and without the service")
    requests.set_defaults(action=_requests)
    requests.add_argument("--database", type=Path, required=True, help="the record")
    requests.add_argument("--request-id", help="only this request")
    requests.add_argument("--dag-id", help="only requests of this dag")
    requests.add_argument("--run-id", help="only requests of this run")
    requests.add_argument("--state", choices=STATES, help="only requests in this state")
    requests.add_argument("--after", type=_Number(0, 2**63 - 1), default=0, help="start after this sequence number")
    requests.add_argument(
        "--limit", type=_Number(1, LONGEST_PAGE), default=LONGEST_PAGE, help="print at most this many"
    )
    return parser


class _Number:
    """An argparse type: a whole number between two bounds."""

    def __init__(self, least: int, most: int) -> None:
        self._least = least
        self._most = most

    def __call__(self, text: str) -> int:
        if not (text.isascii() and text.isdecimal() and self._least <= int(text) <= self._most):
            raise argparse.ArgumentTypeError(f"{text!r} is not an integer from {self._least} to {self._most}")
        return int(text)

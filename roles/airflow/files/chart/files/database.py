# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One query to Airflow's database with nothing but its driver: importing Airflow would cost five seconds of CPU."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

CONNECTION_VARIABLE = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
CONNECT_SECONDS = 5


class DatabaseError(Exception):
    """The database could not be reached or refused the query; the message says which."""


def database_url() -> SplitResult:
    """Return Airflow's SQLAlchemy URL, taken apart."""
    url = os.environ.get(CONNECTION_VARIABLE, "")
    if not url:
        raise DatabaseError(f"The environment variable {CONNECTION_VARIABLE} is empty.")
    return urlsplit(url)


def is_mysql(url: SplitResult) -> bool:
    """Say whether the URL's dialect is MySQL."""
    return url.scheme.split("+")[0] == "mysql"


def query(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows that the query yields.

    Raises DatabaseError for everything that the driver raises.
    """
    url = database_url()
    return _query_mysql(url, sql, parameters) if is_mysql(url) else _query_postgresql(url, sql, parameters)


def _query_postgresql(url: SplitResult, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    try:
        import psycopg2 as driver
    except ImportError:
        import psycopg as driver
    # libpq reads the same URL as SQLAlchemy, but for the driver's name in the scheme.
    address = urlunsplit(url._replace(scheme="postgresql"))
    try:
        connection = driver.connect(address, connect_timeout=CONNECT_SECONDS)
        return _rows(connection, sql, parameters)
    except driver.Error as error:
        raise DatabaseError(str(error).strip()) from error


def _query_mysql(url: SplitResult, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    import MySQLdb as driver

    try:
        connection = driver.connect(**mysql_options(url))
        # Airflow writes its times in UTC sessions: ask in one, or now() is in another zone than they are.
        return _rows(connection, sql, parameters, "SET time_zone = '+00:00'")
    except driver.Error as error:
        raise DatabaseError(str(error).strip()) from error


def mysql_options(url: SplitResult) -> dict[str, Any]:
    """Translate the URL as SQLAlchemy's mysqldb dialect does, as far as a connection needs it."""
    options: dict[str, Any] = {
        "host": url.hostname or "127.0.0.1",
        "port": url.port or 3306,
        "user": unquote(url.username or ""),
        "passwd": unquote(url.password or ""),
        "db": unquote(url.path.lstrip("/")),
        "connect_timeout": CONNECT_SECONDS,
    }
    tls: dict[str, str] = {}
    for name, value in parse_qsl(url.query):
        if name in ("charset", "unix_socket", "ssl_mode"):
            options[name] = value
        elif name.startswith("ssl_"):
            tls[name.removeprefix("ssl_")] = value
    if tls:
        options["ssl"] = tls
    return options


def _rows(connection: Any, sql: str, parameters: Sequence[Any], *before: str) -> list[tuple[Any, ...]]:
    try:
        cursor = connection.cursor()
        for statement in before:
            cursor.execute(statement)
        # Without parameters a driver takes the text as it is, so that a percent sign needs no doubling.
        cursor.execute(sql, tuple(parameters) or None)
        return list(cursor.fetchall())
    finally:
        connection.close()


def own_host_names() -> list[str]:
    """Return the names under which Airflow may have recorded this host.

    [core] hostname_callable is airflow.utils.net.getfqdn (the canonical name that the resolver gives) unless
    configured; its documented alternatives are the plain host name and the host's address.
    """
    name = socket.gethostname()
    names = {name}
    try:
        for _family, _type, _protocol, canonical, address in socket.getaddrinfo(
            name, None, 0, socket.SOCK_DGRAM, 0, socket.AI_CANONNAME
        ):
            names.update(item for item in (canonical, str(address[0])) if item)
    except OSError:
        pass  # a host that does not know its own name is recorded by the plain name
    return sorted(names)

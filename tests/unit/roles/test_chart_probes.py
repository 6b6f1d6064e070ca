# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded chart's scripts, with the database driver replaced by answers."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest

SCRIPTS = Path(__file__).parents[3] / "roles" / "airflow" / "files" / "chart" / "files"
CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
URL = "postgresql+psycopg2://airflow:p%40ss@db:5433/airflow?sslmode=require"


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the scripts importable as they are in a pod, and leave nothing of them behind."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setenv(CONNECTION, URL)
    yield
    for name in ("database", "heartbeat", "wait_for_migrations"):
        sys.modules.pop(name, None)


class Driver(ModuleType):
    """A database driver: remembers how it was called, answers what it was given."""

    Error = type("Error", (Exception,), {})

    def __init__(self, name: str, answers: dict[str, list[tuple[Any, ...]]]) -> None:
        super().__init__(name)
        self.answers = answers
        self.connections: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self.statements: list[tuple[str, Any]] = []
        self.closed = 0

    def connect(self, *arguments: Any, **options: Any) -> Driver:
        self.connections.append((arguments, options))
        return self

    def cursor(self) -> Driver:
        return self

    def execute(self, sql: str, parameters: Any = None) -> None:
        self.statements.append((sql, parameters))
        if sql.startswith("select") and self._answer(sql) is None:
            raise self.Error("relation does not exist")

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._answer(self.statements[-1][0]) or []

    def close(self) -> None:
        self.closed += 1

    def _answer(self, sql: str) -> list[tuple[Any, ...]] | None:
        return next((rows for part, rows in self.answers.items() if sql.endswith(part) or f"from {part} " in sql), None)


def use(monkeypatch: pytest.MonkeyPatch, name: str, answers: dict[str, list[tuple[Any, ...]]]) -> Driver:
    driver = Driver(name, answers)
    monkeypatch.setitem(sys.modules, name, driver)
    return driver


def heartbeat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["heartbeat.py", "--job-type=TriggererJob", "--max-age=60"])
    code = importlib.import_module("heartbeat").main()
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ([(12.5,)], 0, ""),
        ([(61,)], 1, "heartbeat of this TriggererJob is 61 s old"),
        ([(None,)], 1, "no running TriggererJob of this host"),
    ],
)
def test_heartbeat_is_judged_by_its_age(
    rows: list[tuple[Any, ...]],
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    driver = use(monkeypatch, "psycopg2", {"job": rows})
    found, message = heartbeat(monkeypatch, capsys)
    assert (found, words in message) == (code, True)
    # Without the driver's name in the scheme, and with nothing else changed.
    assert driver.connections == [
        (("postgresql://airflow:p%40ss@db:5433/airflow?sslmode=require",), {"connect_timeout": 5})
    ]
    ((_sql, parameters),) = driver.statements
    assert parameters[:2] == ("TriggererJob", "running")
    assert driver.closed == 1


def test_heartbeat_tells_what_the_database_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(monkeypatch, "psycopg2", {})
    assert heartbeat(monkeypatch, capsys) == (1, "Airflow's database does not answer: relation does not exist\n")


def test_heartbeat_asks_mysql_in_its_own_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(CONNECTION, "mysql+mysqldb://a:p%40@db/airflow?ssl_ca=/ca&charset=utf8mb4")
    driver = use(monkeypatch, "MySQLdb", {"job": [(3,)]})
    assert heartbeat(monkeypatch, capsys) == (0, "")
    options = driver.connections[0][1]
    assert (options["user"], options["passwd"], options["port"]) == ("a", "p@", 3306)
    assert (options["ssl"], options["charset"]) == ({"ca": "/ca"}, "utf8mb4")
    assert driver.statements[0][0] == "SET time_zone = '+00:00'"
    assert "timestampdiff" in driver.statements[1][0]


def script(directory: Path, name: str, revision: str, down: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text(f'revision = "{revision}"\ndown_revision: str | None = {down}\n', encoding="utf-8")


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script, for an image with an Airflow of three migrations and a FAB provider of one."""
    package = tmp_path / "airflow"
    for number, (revision, down) in enumerate([("a", "None"), ("b", '"a"'), ("c", '("b",)')]):
        script(package / "migrations" / "versions", f"{number}.py", revision, down)
    script(package / "providers" / "fab" / "migrations" / "versions", "0.py", "f", "None")
    script(package / "providers" / "edge3" / "migrations" / "versions", "0.py", "e", "None")
    (package / "__init__.py").write_text("raise SystemExit('Airflow was imported')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return importlib.import_module("wait_for_migrations")


def test_heads_are_read_without_importing_airflow(migrations: ModuleType) -> None:
    assert migrations.expected_heads() == {
        "alembic_version": {"c"},
        "alembic_version_fab": {"f"},
        "alembic_version_edge3": {"e"},
    }


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"alembic_version": [("c",)], "alembic_version_fab": [("f",)]}, ""),
        ({"alembic_version": [("b",)], "alembic_version_fab": [("f",)]}, "alembic_version has b, the image wants c"),
        ({"alembic_version": [("c",)]}, "alembic_version_fab cannot be read"),
        ({}, "alembic_version cannot be read"),
        ({"alembic_version": [], "alembic_version_fab": [("f",)]}, "alembic_version has nothing"),
        (
            {"alembic_version": [("c",)], "alembic_version_fab": [("f",)], "alembic_version_edge3": [("d",)]},
            "alembic_version_edge3 has d, the image wants e",
        ),
    ],
)
def test_only_a_migrated_database_is_enough(
    tables: dict[str, list[tuple[Any, ...]]],
    words: str,
    migrations: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    use(monkeypatch, "psycopg2", tables)
    monkeypatch.setattr(sys, "argv", ["wait_for_migrations.py", "--timeout=0"])
    assert migrations.main() == (1 if words else 0)
    assert (words or "The database is migrated.") in capsys.readouterr().out


def test_migrations_are_awaited_on_mysql(
    migrations: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(CONNECTION, "mysql+mysqldb://a:p%40%2F@airflow-mysql:3306/airflow?charset=utf8mb4")
    driver = use(monkeypatch, "MySQLdb", {"alembic_version": [("c",)]})
    monkeypatch.setattr(sys, "argv", ["wait_for_migrations.py", "--timeout=0"])
    assert migrations.main() == 1
    assert "alembic_version_fab cannot be read: relation does not exist" in capsys.readouterr().out
    driver.answers["alembic_version_fab"] = [("f",)]
    assert migrations.main() == 0
    options = driver.connections[0][1]
    assert (options["host"], options["user"], options["passwd"]) == ("airflow-mysql", "a", "p@/")
    assert (options["db"], options["charset"], "ssl" in options) == ("airflow", "utf8mb4", False)
    # Each connection asks in UTC, one thing, and is closed.
    assert [sql for sql, _parameters in driver.statements[::2]] == ["SET time_zone = '+00:00'"] * driver.closed
    assert driver.closed == len(driver.connections)


def test_a_mysql_that_is_down_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(CONNECTION, "mysql+mysqldb://a:p@db/airflow")
    driver = use(monkeypatch, "MySQLdb", {})

    def refuse(**_options: Any) -> Driver:
        raise driver.Error(2002, "Can't connect to server on 'db'")

    monkeypatch.setattr(driver, "connect", refuse)
    code, message = heartbeat(monkeypatch, capsys)
    assert code == 1
    assert "Airflow's database does not answer: (2002" in message


def test_host_names_include_the_canonical_one(monkeypatch: pytest.MonkeyPatch) -> None:
    database = importlib.import_module("database")
    monkeypatch.setattr(database.socket, "gethostname", lambda: "pod-1")
    monkeypatch.setattr(
        database.socket, "getaddrinfo", lambda *_arguments: [(2, 2, 17, "pod-1.example.com", ("10.0.0.7", 0))]
    )
    assert database.own_host_names() == ["10.0.0.7", "pod-1", "pod-1.example.com"]
    assert database.is_mysql(urlsplit("mysql://h/d")) and not database.is_mysql(urlsplit(URL))

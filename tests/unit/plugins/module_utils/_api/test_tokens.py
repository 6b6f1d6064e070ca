# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token of one task is used by the next ones, and by nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._api import tokens as api_session
from ansible_collections.airfield.airflow.plugins.module_utils._api.tokens import Session
from ansible_collections.airfield.airflow.plugins.modules import airflow_info
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    PASSWORD,
    TOKEN,
    USER,
    Finished,
    HttpCall,
    login,
    run_module,
)

ROOT = "http://airflow.test:32080"


def health() -> HttpCall:
    return HttpCall("GET", "/api/v2/monitor/health").token(None)


def pools(token: str = TOKEN) -> HttpCall:
    """The requests of airflow_info as a user."""
    return HttpCall("GET", "/api/v2/config/section/core/option/executor").token(token)


def run(sessions: Path, calls: list[HttpCall], **arguments: Any) -> Finished:
    return run_module(airflow_info.main, arguments, calls, sessions=sessions)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(api_session, "directory", lambda: tmp_path / "tokens")
    return Session(ROOT, USER, PASSWORD)


def test_nothing_is_known_at_first(session: Session) -> None:
    assert session.token() is None


def test_the_token_is_known_to_the_same_user_with_the_same_password(session: Session) -> None:
    session.remember("t1")
    assert session.token() == "t1"
    assert Session(ROOT, USER, PASSWORD).token() == "t1"


@pytest.mark.parametrize(
    "other",
    [(f"{ROOT}/airflow", USER, PASSWORD), (ROOT, "other", PASSWORD), (ROOT, USER, "wrong")],
    ids=["address", "user", "password"],
)
def test_the_token_is_not_known_to_another(session: Session, other: tuple[str, str, str]) -> None:
    session.remember("t1")
    assert Session(*other).token() is None


def test_only_the_owner_can_read_it_and_it_holds_no_password(session: Session, tmp_path: Path) -> None:
    session.remember("t1")
    (file,) = (tmp_path / "tokens").iterdir()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert PASSWORD not in file.read_text()
    assert USER not in file.name


def test_a_new_token_replaces_the_old_one(session: Session, tmp_path: Path) -> None:
    session.remember("t1")
    session.remember("t2")
    assert session.token() == "t2"
    assert len(list((tmp_path / "tokens").iterdir())) == 1


@pytest.mark.parametrize("content", ["", "{", "[]", '{"token": "t"}', "\x00"])
def test_a_damaged_file_is_no_token(session: Session, tmp_path: Path, content: str) -> None:
    session.remember("t1")
    (file,) = (tmp_path / "tokens").iterdir()
    file.write_text(content)
    assert session.token() is None


def test_without_a_place_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    for place in (None, tmp_path / "file" / "below"):
        monkeypatch.setattr(api_session, "directory", lambda place=place: place)
        session = Session(ROOT, USER, PASSWORD)
        session.remember("t1")
        assert session.token() is None


def test_the_directory_is_in_memory_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert api_session.directory() == tmp_path / "airfield"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "missing"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert api_session.directory() == tmp_path / "cache/airfield/tokens"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert api_session.directory() == tmp_path / ".cache/airfield/tokens"


def test_the_second_task_of_a_play_does_not_log_in(tmp_path: Path) -> None:
    assert not run(tmp_path, [health(), login(), pools()]).failed
    assert not run(tmp_path, [health(), pools()]).failed


def test_a_token_that_expired_is_renewed_for_the_tasks_after_it(tmp_path: Path) -> None:
    run(tmp_path, [health(), login(), pools()])
    expired = pools().answers({"detail": "Invalid JWT token"}, status=401)
    assert not run(tmp_path, [health(), expired, login("t2"), pools("t2")]).failed
    assert not run(tmp_path, [health(), pools("t2")]).failed


def test_a_wrong_password_is_refused_although_the_right_one_has_logged_in(tmp_path: Path) -> None:
    run(tmp_path, [health(), login(), pools()])
    refused = HttpCall("POST", "/auth/token").token(None).body({"username": USER, "password": "wrong"})
    found = run(tmp_path, [health(), refused.answers({"detail": "no"}, status=401)], api_password="wrong")
    assert found.failed


def test_a_token_of_the_user_s_own_is_not_kept(tmp_path: Path) -> None:
    run(tmp_path, [health(), pools("mine")], api_token="mine", api_username=None, api_password=None)
    assert list(tmp_path.iterdir()) == []

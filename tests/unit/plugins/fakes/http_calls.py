# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An exact fake of the HTTP calls of a module: every request is expected, in order, with everything that it sends.

A test lists ``HttpCall``s, each with the expected request and its answer, and runs the module's own
``main()`` on them. An unexpected request fails, an expected one that does not come fails, and so does any write in
check mode, except for fetching a token and for a dry run. The version, which every module requests at its end, is
answered without being expected, unless a test expects it. No time passes: the module's clock is advanced instead.
"""

from __future__ import annotations

import contextlib
import io
import json
import urllib.error
from collections.abc import Callable, Iterator, Sequence
from email.message import Message
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.airfield.airflow.plugins.module_utils import _clock, _waiting
from ansible_collections.airfield.airflow.plugins.module_utils._api import client as api_client
from ansible_collections.airfield.airflow.plugins.module_utils._api import tokens as api_session
from ansible_collections.airfield.airflow.plugins.module_utils._api import transport as api_transport

URL = "http://airflow.test:32080"
USER = "robot"
PASSWORD = "pa55-of-robot"
TOKEN = "t0ken-of-robot"
VERSION = "3.3.2"
LOGIN = {"api_url": URL, "api_username": USER, "api_password": PASSWORD}


class HttpCall:
    """One expected request and its answer; by default as the user, without query and body, answered with {}."""

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.url = path if "://" in path else URL + path
        self.expected_query: list[tuple[str, str]] = []
        self.expected_body: Any = None
        self.expected_headers: dict[str, str] = {"Accept": "application/json", "Authorization": f"Bearer {TOKEN}"}
        self.failure: Exception | None = None
        self.status = 200
        self.content = b"{}"
        self.headers = {"Content-Type": "application/json"}

    def query(self, **expected: Any) -> HttpCall:
        for key, value in expected.items():
            values = value if isinstance(value, list) else [value]
            self.expected_query += [(key, str(item)) for item in values]
        return self

    def body(self, expected: Any) -> HttpCall:
        self.expected_body = expected
        self.expected_headers["Content-Type"] = "application/json"
        return self

    def token(self, token: str | None) -> HttpCall:
        """The expected credentials; None: without any."""
        del self.expected_headers["Authorization"]
        if token is not None:
            self.expected_headers["Authorization"] = f"Bearer {token}"
        return self

    def answers(self, content: Any, status: int = 200, **headers: str) -> HttpCall:
        self.status = status
        self.content = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.headers |= {key.replace("_", "-"): value for key, value in headers.items()}
        return self

    def fails(self, failure: Exception) -> HttpCall:
        self.failure = failure
        return self

    def __repr__(self) -> str:
        return f"{self.method} {self.url} {self.expected_query}"


def login(token: str = TOKEN) -> HttpCall:
    """The request for a token."""
    call = HttpCall("POST", "/auth/token").token(None).body({"username": USER, "password": PASSWORD})
    return call.answers({"access_token": token}, status=201)


class Answer(io.BytesIO):
    def __init__(self, call: HttpCall) -> None:
        super().__init__(call.content)
        self.headers = message(call.headers)


def message(headers: dict[str, str]) -> Message:
    made = Message()
    for key, value in headers.items():
        made[key] = value
    return made


class FakeHttp:
    """Replaces ``open_url``."""

    def __init__(self, calls: Sequence[HttpCall], *, check_mode: bool = False) -> None:
        self.expected = list(calls)
        self.check_mode = check_mode
        self.options: list[dict[str, Any]] = []

    def __call__(self, url: str, *, method: str, data: bytes | None, headers: dict[str, str], **options: Any) -> Answer:
        address, _mark, query = url.partition("?")
        if self.check_mode and method != "GET" and not address.endswith(("/auth/token", "/dry_run")):
            raise AssertionError(f"a write in check mode: {method} {url}")
        versions = [call for call in self.expected if call.url.endswith("/api/v2/version")]
        if address.endswith("/api/v2/version") and not versions:
            return Answer(HttpCall("GET", address).answers({"version": VERSION, "git_version": None}))
        if not self.expected:
            raise AssertionError(f"an unexpected request after the last expected one: {method} {url}")
        call = self.expected.pop(0)
        assert (method, address) == (call.method, call.url), f"expected {call}, got {method} {url}"
        assert sorted(parse_qsl(query, keep_blank_values=True)) == sorted(call.expected_query), f"query of {call}"
        assert headers == call.expected_headers, f"headers of {call}"
        assert (json.loads(data) if data is not None else None) == call.expected_body, f"body of {call}"
        self.options.append(options)
        if call.failure is not None:
            raise call.failure
        if call.status >= 300:
            told = message(call.headers)
            raise urllib.error.HTTPError(url, call.status, "", told, io.BytesIO(call.content))
        return Answer(call)


class FakeClock:
    """A clock that only advances by sleeping."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class Finished:
    """The outcome of a module: its result, its output and warnings, how long it slept, and its progress messages."""

    def __init__(
        self, printed: str, fake: FakeHttp, clock: FakeClock, progress: list[str], warnings: list[str]
    ) -> None:
        self.printed = printed
        self.result: dict[str, Any] = json.loads(printed)
        self.options = fake.options
        self.slept = clock.slept
        self.progress = progress
        self.warnings = warnings

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed", False))

    def __getitem__(self, key: str) -> Any:
        return self.result[key]


@contextlib.contextmanager
def fake_world(
    calls: Sequence[HttpCall], *, check_mode: bool = False, sessions: Path | None = None
) -> Iterator[tuple[FakeHttp, FakeClock, list[str]]]:
    """``sessions``: the directory of the tokens; None: there is none, so each module logs in."""
    fake, clock = FakeHttp(calls, check_mode=check_mode), FakeClock()
    progress: list[str] = []
    with (
        mock.patch.object(api_transport, "open_url", fake),
        mock.patch.object(api_session, "directory", lambda: sessions),
        mock.patch.object(api_client, "jitter", lambda: 1.0),
        mock.patch.object(_clock, "now", clock.now),
        mock.patch.object(_clock, "sleep", clock.sleep),
        mock.patch.object(_waiting, "report_progress", progress.append),
    ):
        yield fake, clock, progress
    assert not fake.expected, f"requests that never came: {fake.expected}"


def run_module(
    main: Callable[[], None],
    arguments: dict[str, Any],
    calls: Sequence[HttpCall],
    *,
    check_mode: bool = False,
    sessions: Path | None = None,
) -> Finished:
    """Run a module's main() as Ansible would, on the expected calls."""
    module_arguments = {**LOGIN, **arguments, "_ansible_check_mode": check_mode, "_ansible_diff": True}
    given = {key: value for key, value in module_arguments.items() if value is not None}
    printed = io.StringIO()
    warnings: list[str] = []
    with (
        fake_world(calls, check_mode=check_mode, sessions=sessions) as (fake, clock, progress),
        patch_module_args(given),
        mock.patch.object(AnsibleModule, "warn", lambda _module, text: warnings.append(text)),
        contextlib.redirect_stdout(printed),
        contextlib.suppress(SystemExit),
    ):
        main()
    return Finished(printed.getvalue(), fake, clock, progress, warnings)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of Airflow's REST API (version 2, Airflow 3) on nothing but ansible-core."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import urllib.error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ansible.module_utils.urls import open_url
from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._api_errors import (
    ApiError,
    Forbidden,
    NotFound,
    NotJson,
    Unauthorized,
    error_of_answer,
    error_of_exception,
)

JsonObject = dict[str, Any]
Query = Mapping[str, Any]

ATTEMPTS = 4
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Airflow clamps a page to [api] maximum_page_limit without a word; 100 is that option's default.
PAGE = 100


@dataclass(frozen=True)
class ApiSettings:
    """Where the API is and who asks; ``url`` may have a path, as ``https://host/airflow`` behind an ingress."""

    url: str
    username: str | None = None
    password: str | None = None
    token: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: int = 30


class ApiClient:
    """Sends requests and returns the decoded JSON objects of the answers; every failure is an ``ApiError``."""

    def __init__(self, settings: ApiSettings) -> None:
        parts = urlsplit(settings.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ApiError("api_url must be Airflow's address with http:// or https://, as http://127.0.0.1:32080.")
        if parts.username is not None or parts.query or parts.fragment:
            raise ApiError("api_url must hold neither user, password, ? nor #: use api_username and api_password.")
        self.settings = settings
        # People copy the address of the API itself, too.
        self.root = settings.url.rstrip("/").removesuffix("/api/v2").rstrip("/")
        self._token = settings.token
        self._attempts = ATTEMPTS

    @property
    def can_log_in(self) -> bool:
        return bool(self.settings.username and self.settings.password)

    @property
    def has_credentials(self) -> bool:
        return bool(self._token) or self.can_log_in

    def get(self, *path: str, query: Query | None = None, anonymous: bool = False) -> JsonObject:
        return self.request("GET", *path, query=query, repeatable=True, anonymous=anonymous)

    def request(
        self,
        method: str,
        *path: str,
        query: Query | None = None,
        body: JsonObject | None = None,
        repeatable: bool = False,
        anonymous: bool = False,
    ) -> JsonObject:
        """Call ``/api/v2/<path>``. ``repeatable``: sending it twice does no more than sending it once."""
        url = "/".join([self.root, "api/v2", *(quote(part, safe="~") for part in path)])
        if query:
            url += "?" + urlencode({key: _query_value(value) for key, value in query.items()}, doseq=True)
        return self._repeat(lambda: self._authorized(method, url, body, anonymous), repeatable)

    def pages(self, *path: str, items: str, query: Query | None = None) -> Iterator[JsonObject]:
        """Every item of a list that Airflow hands out in pages, read page by page as the caller goes on."""
        offset = 0
        while True:
            page = self.get(*path, query={**(query or {}), "limit": PAGE, "offset": offset})
            found = page.get(items) or []
            yield from found
            # Go by what came, not by what was asked for: the server's page may be shorter.
            offset += len(found)
            if not found or offset >= int(page.get("total_entries") or 0):
                return

    @contextlib.contextmanager
    def single_attempts(self) -> Iterator[None]:
        """For a caller that asks again anyway: no pauses inside one call."""
        self._attempts, before = 1, self._attempts
        try:
            yield
        finally:
            self._attempts = before

    def _repeat(self, send: Any, repeatable: bool) -> JsonObject:
        for attempt in range(1, self._attempts + 1):
            try:
                answer: JsonObject = send()
                return answer
            except ApiError as error:
                if attempt == self._attempts or not (repeatable and error.retry):
                    raise
                _clock.sleep(_pause(attempt, error.retry_after))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _authorized(self, method: str, url: str, body: JsonObject | None, anonymous: bool) -> JsonObject:
        if anonymous:
            return self._send(method, url, body, None)
        fresh = self._token is None
        if self._token is None:
            self._token = self._log_in()
        try:
            return self._send(method, url, body, self._token)
        except (Unauthorized, Forbidden) as error:
            # 403 with these words is what Airflow says of a token signed with another key than today's.
            stale = isinstance(error, Unauthorized) or "Invalid JWT token" in str(error)
            if fresh or not stale or not self.can_log_in:
                raise
        self._token = self._log_in()
        return self._send(method, url, body, self._token)

    def _log_in(self) -> str:
        """A token for user and password; outside ``/api/v2``, answered with 201, the same for every auth manager."""
        if not self.can_log_in:
            raise Unauthorized("Airflow wants to know who asks: set api_username and api_password, or api_token.")
        url = f"{self.root}/auth/token"
        body = {"username": self.settings.username, "password": self.settings.password}
        try:
            answer = self._send("POST", url, body, None)
        except NotFound as error:
            raise NotFound(
                f"{error} Either api_url is not the root of Airflow 3, or its auth manager issues no tokens: "
                "then pass one in api_token.",
                status=404,
            ) from error
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise NotJson(f"POST {url} was answered without an access_token: is api_url the root of Airflow 3?")
        return token

    def _send(self, method: str, url: str, body: JsonObject | None, token: str | None) -> JsonObject:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        shown = url.partition("?")[0]
        try:
            answer = open_url(
                url,
                method=method,
                data=None if body is None else json.dumps(body).encode(),
                headers=headers,
                timeout=self.settings.timeout,
                validate_certs=self.settings.validate_certs,
                ca_path=self.settings.ca_path,
                follow_redirects="none",  # a redirected POST becomes a GET: name the right address instead
                use_netrc=False,  # an entry in ~/.netrc would replace the token
                http_agent="airfield.airflow",
            )
            content = answer.read()
            kind = str(answer.headers.get("Content-Type", "no content type"))
        except urllib.error.HTTPError as error:
            told = {key.lower(): value for key, value in (error.headers or {}).items()}
            raise error_of_answer(method, shown, error.code, told, _body_of(error)) from error
        except (OSError, http.client.HTTPException) as error:
            raise error_of_exception(method, shown, self.settings.timeout, error) from error
        return _decode(method, shown, kind, content)


def _body_of(error: urllib.error.HTTPError) -> bytes:
    try:
        return error.read()
    except (OSError, AttributeError, http.client.HTTPException):
        return b""


def _decode(method: str, url: str, kind: str, content: bytes) -> JsonObject:
    if not content.strip():
        return {}
    try:
        decoded = json.loads(content)
    except ValueError:
        decoded = None
    if isinstance(decoded, dict):
        return decoded
    raise NotJson(
        f"{method} {url} was answered with {kind.partition(';')[0]} instead of a JSON object: something else than "
        "Airflow's API answers there. Set api_url to the root of Airflow 3, as https://host/airflow."
    )


def _query_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _pause(attempt: int, retry_after: float | None) -> float:
    """Seconds before the next attempt: as the server says, or doubling, spread so that many clients do not meet."""
    if retry_after is not None:
        return min(retry_after, LONGEST_PAUSE)
    return min(FIRST_PAUSE * 2.0 ** (attempt - 1), LONGEST_PAUSE) * jitter()


def jitter() -> float:
    return random.SystemRandom().uniform(0.5, 1.5)

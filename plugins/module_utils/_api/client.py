# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client for Airflow's REST API (version 2, Airflow 3) that requires only ansible-core."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import (
    ApiError,
    Forbidden,
    NotAirflow,
    NotFound,
    NotJson,
    NoTokens,
    Unauthorized,
)
from ansible_collections.airfield.airflow.plugins.module_utils._api.tokens import Session
from ansible_collections.airfield.airflow.plugins.module_utils._api.transport import ApiSettings, JsonObject, send

__all__ = ["ATTEMPTS", "PAGE", "ApiClient", "ApiSettings", "JsonObject"]

Query = Mapping[str, Any]

ATTEMPTS = 4
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Airflow silently reduces a page to [api] maximum_page_limit; 100 is the default of that option.
PAGE = 100
API = "api/v2"


class ApiClient:
    """Sends requests and returns the decoded JSON objects of the answers; every failure is an ``ApiError``."""

    def __init__(self, settings: ApiSettings) -> None:
        parts = urlsplit(settings.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ApiError("api_url must be Airflow's URL with http:// or https://, such as http://127.0.0.1:32080.")
        if parts.username is not None or parts.query or parts.fragment:
            raise ApiError("api_url must not contain a user, a password, ? or #: use api_username and api_password.")
        if settings.client_cert and parts.scheme == "http":
            raise ApiError("client_cert requires an api_url with https://: without TLS no certificate is exchanged.")
        self.settings = settings
        # People also copy the URL of the API itself.
        self.root = settings.url.rstrip("/").removesuffix(f"/{API}").rstrip("/")
        self._session = (
            Session(self.root, settings.username, settings.password)
            if settings.username and settings.password
            else None
        )
        self._token = settings.token
        self._version: str | None = None
        self._attempts = ATTEMPTS

    @property
    def can_log_in(self) -> bool:
        return self._session is not None

    @property
    def has_credentials(self) -> bool:
        return bool(self._token or self.settings.client_cert) or self.can_log_in

    @property
    def airflow(self) -> str:
        """Airflow's version, such as ``3.3.2``; requested once."""
        if self._version is None:
            self._version = str(self.get("version", anonymous=True).get("version") or "0")
        return self._version

    @property
    def version(self) -> tuple[int, ...]:
        """The numbers of Airflow's version, such as (3, 3, 2)."""
        return numbers(self.airflow)

    def require(self, version: str, purpose: str) -> None:
        """Raise ``ApiError`` if Airflow is older than ``version``; ``purpose`` is what requires it."""
        if self.version < numbers(version):
            raise ApiError(f"{purpose} requires Airflow {version} or later; {self.root} is {self.airflow}.")

    def get(self, *path: str, query: Query | None = None, anonymous: bool = False, root: str = API) -> JsonObject:
        return self.request("GET", *path, query=query, repeatable=True, anonymous=anonymous, root=root)

    def request(
        self,
        method: str,
        *path: str,
        query: Query | None = None,
        body: JsonObject | None = None,
        repeatable: bool = False,
        anonymous: bool = False,
        root: str = API,
        patience: float = 0,
    ) -> JsonObject:
        """Call ``/<root>/<path>``. ``repeatable``: sending it twice does no more than sending it once.

        ``patience``: how many seconds it may take in addition to what the user allows for an ordinary request.
        """
        url = "/".join([self.root, root, *(quote(part, safe="~") for part in path)])
        if query:
            url += "?" + urlencode({key: _query_value(value) for key, value in query.items()}, doseq=True)
        settings = replace(self.settings, timeout=self.settings.timeout + int(patience))
        try:
            return self._repeat(lambda: self._authorized(settings, method, url, body, anonymous), repeatable)
        except NotFound as error:
            if not anonymous:
                self._demand_airflow(error)
            raise

    def pages(self, *path: str, items: str, query: Query | None = None, root: str = API) -> Iterator[JsonObject]:
        """Every item of a paginated list; the next page is read when the caller gets there."""
        offset = total = 0
        last: list[JsonObject] = []
        while True:
            page = self.get(*path, query={**(query or {}), "limit": PAGE, "offset": offset}, root=root)
            page_items = page.get(items) or []
            before, total = total, int(page.get("total_entries") or 0)
            if offset and total < before:
                # Items deleted between two pages have moved others to a page that was read already.
                offset = max(0, offset - (before - total))
                continue
            # And items created in between have moved some to the next page.
            yield from (item for item in page_items if item not in last)
            # Use the number of items received, not requested: the server's page may be shorter.
            offset += len(page_items)
            last = page_items
            if not page_items or offset >= total:
                return

    @contextlib.contextmanager
    def single_attempts(self) -> Iterator[None]:
        """For a caller that polls anyway: no pauses inside one call."""
        self._attempts, before = 1, self._attempts
        try:
            yield
        finally:
            self._attempts = before

    def _repeat(self, send_once: Callable[[], JsonObject], repeatable: bool) -> JsonObject:
        for attempt in range(1, self._attempts + 1):
            try:
                return send_once()
            except ApiError as error:
                if attempt == self._attempts or not (error.retry and (repeatable or error.unprocessed)):
                    raise
                _clock.sleep(pause(attempt, error.retry_after))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _demand_airflow(self, missing: NotFound) -> None:
        """Raise ``NotAirflow`` if there is no Airflow at the URL at all: the missing item may well exist."""
        try:
            version = self.airflow
        except (NotFound, NotJson):
            version = ""
        if not version:
            raise NotAirflow(
                f"{missing} There is no Airflow 3 API at {self.root}: set api_url to its root, including the path if "
                "it has one, such as https://host/airflow.",
                status=404,
            ) from missing

    def _authorized(
        self, settings: ApiSettings, method: str, url: str, body: JsonObject | None, anonymous: bool
    ) -> JsonObject:
        if anonymous:
            return send(settings, method, url, body, None)
        fresh = False
        if self._token is None and self._session is not None:
            self._token = self._session.token()
        if self._token is None and not (self.settings.client_cert and not self.can_log_in):
            self._token, fresh = self._log_in(), True
        try:
            return send(settings, method, url, body, self._token)
        except (Unauthorized, Forbidden) as error:
            # 403 with this message is how Airflow rejects a token signed with another key than the current one.
            stale = isinstance(error, Unauthorized) or "Invalid JWT token" in str(error)
            if fresh or not stale or not self.can_log_in:
                raise
        self._token = self._log_in()
        return send(settings, method, url, body, self._token)

    def _log_in(self) -> str:
        """A token for user and password; outside ``/api/v2``, answered with 201, the same for every auth manager."""
        if self._session is None:
            raise Unauthorized("Airflow requires authentication: set api_username and api_password, or api_token.")
        url = f"{self.root}/auth/token"
        body = {"username": self.settings.username, "password": self.settings.password}
        try:
            answer = send(self.settings, "POST", url, body, None)
        except NotFound as error:
            # Not as NotFound: the requested item may well exist.
            raise NoTokens(
                f"{error} Either api_url is not the root of Airflow 3, or its auth manager issues no tokens: "
                "then pass one in api_token.",
                status=404,
            ) from error
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise NotJson(f"POST {url} was answered without an access_token: is api_url the root of Airflow 3?")
        self._session.remember(token)
        return token


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: (3, 3, 2) of ``3.3.2``, (3, 4, 0) of ``3.4.0rc1``."""
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(number) for number in match.group().split(".")) if match else ()


def _query_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def pause(attempt: int, retry_after: float | None) -> float:
    """Seconds before the next attempt: as the server says, or doubling, with jitter so that clients spread out."""
    if retry_after is not None:
        return min(retry_after, LONGEST_PAUSE)
    return min(FIRST_PAUSE * 2.0 ** (attempt - 1), LONGEST_PAUSE) * jitter()


def jitter() -> float:
    return random.SystemRandom().uniform(0.5, 1.5)

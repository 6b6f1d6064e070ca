# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to Airflow's REST API and its answer, with nothing but ansible-core."""

from __future__ import annotations

import http.client
import json
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.urls import open_url
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import (
    BrokenAnswer,
    NotJson,
    error_of_answer,
    error_of_exception,
)

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class ApiSettings:
    """The API's URL and credentials; ``url`` may have a path, such as ``https://host/airflow`` behind an ingress."""

    url: str
    username: str | None = None
    password: str | None = None
    token: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: int = 30

    @classmethod
    def of(cls, option: Callable[[str], Any]) -> ApiSettings:
        """The settings from the options of a module or a lookup."""
        credentials = {name: option(f"api_{name}") for name in ("url", "username", "password", "token")}
        others = ("client_cert", "client_key", "validate_certs", "ca_path", "timeout")
        return cls(**credentials, **{name: option(name) for name in others})


def send(
    settings: ApiSettings,
    method: str,
    url: str,
    body: JsonObject | None,
    token: str | None,
    scheme: str = "Bearer",
) -> JsonObject:
    """The decoded JSON object of the answer, empty when the answer is empty; every failure is an ``ApiError``."""
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if token is not None:
        headers["Authorization"] = f"{scheme} {token}"
    plain_url = url.partition("?")[0]
    try:
        answer = open_url(
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            timeout=settings.timeout,
            validate_certs=settings.validate_certs,
            ca_path=settings.ca_path,
            client_cert=settings.client_cert,
            client_key=settings.client_key,
            follow_redirects="none",  # a redirected POST becomes a GET: report the right URL instead
            use_netrc=False,  # an entry in ~/.netrc would replace the token
            http_agent="airfield.airflow",
        )
        content = answer.read()
        kind = str(answer.headers.get("Content-Type", "no content type"))
    except urllib.error.HTTPError as error:
        answer_headers = {key.lower(): value for key, value in (error.headers or {}).items()}
        raise error_of_answer(method, plain_url, error.code, answer_headers, _body_of(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise error_of_exception(method, plain_url, settings.timeout, error) from error
    return _decode(method, plain_url, kind.partition(";")[0], content)


def _body_of(error: urllib.error.HTTPError) -> bytes:
    try:
        return error.read()
    except (OSError, AttributeError, http.client.HTTPException):
        return b""


def _decode(method: str, url: str, kind: str, content: bytes) -> JsonObject:
    if content.strip() in (b"", b"null"):
        return {}
    try:
        decoded = json.loads(content)
    except ValueError as error:
        if kind == "application/json":
            raise BrokenAnswer(
                f"{method} {url} was answered with truncated or damaged JSON ({error}): something "
                "between here and Airflow cuts off its answers."
            ) from error
        decoded = None
    if isinstance(decoded, dict):
        return decoded
    raise NotJson(
        f"{method} {url} was answered with {kind} instead of a JSON object: this is not Airflow's API. "
        "Set api_url to the root of Airflow 3, such as https://host/airflow."
    )

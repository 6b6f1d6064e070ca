# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of calls to Airflow's REST API, each a type of its own whose message says what to do.

No message repeats a request's body, because it may contain a password. That is why of a 422 only ``loc`` and ``msg``
are shown, never ``input``.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import urllib.error
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

LONGEST_EXCERPT = 300


class ApiError(Exception):
    """A call that failed.

    ``outage``: the API is down for now, so a caller that waits may go on waiting.
    ``retry``: the same request may succeed in a moment (429, 502 to 504, no connection).
    ``unprocessed``: Airflow certainly did nothing, so any request may be sent again.
    ``facts``: what the module returns in addition to the message.
    """

    outage = False
    retry = False
    unprocessed = False

    def __init__(self, message: str, *, status: int | None = None, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.facts: dict[str, Any] = dict(facts or {})
        self.retry_after: float | None = None


class ConnectionFailed(ApiError):
    """No connection, or it broke: refused, reset, closed without an answer."""

    outage = True
    retry = True


class ConnectionRefused(ConnectionFailed):
    """Nothing listens on the port."""

    unprocessed = True


class BrokenAnswer(ConnectionFailed):
    """Truncated JSON: the request was received, its answer was cut off."""


class ConnectionTimedOut(ConnectionFailed):
    """No answer within the timeout of one request."""


class NameNotResolved(ApiError):
    """The host name of the URL cannot be resolved."""


class CertificateRefused(ApiError):
    """TLS failed: an untrusted certificate, a certificate of another host, or no TLS at all."""


class BadRequest(ApiError):
    """400, and every status without a type of its own."""


class Unauthorized(ApiError):
    """401: no token, an expired token, or a wrong password."""


class Forbidden(ApiError):
    """403: a valid user without the permission, or an invalid token."""


class NoTokens(ApiError):
    """Nothing at the URL issues tokens."""


class NotFound(ApiError):
    """404"""


class Conflict(ApiError):
    """409: it already exists."""


class Unprocessable(ApiError):
    """422: a value that Airflow rejects."""


class TooManyRequests(ApiError):
    """429"""

    outage = True
    retry = True
    unprocessed = True


class ServerFailed(ApiError):
    """500, and every 5xx that does not come from a gateway."""

    outage = True


class GatewayFailed(ServerFailed):
    """502, 503, 504: a proxy in front of Airflow answers, Airflow does not."""

    retry = True


class Redirected(ApiError):
    """3xx: the API is at another URL."""


class NotJson(ApiError):
    """An answer that is not from Airflow's API: a login page, another service, the UI."""


class NotAirflow(ApiError):
    """404 even for Airflow's version: there is no Airflow at the URL."""


class WaitTimedOut(ApiError):
    """What a module waited for did not happen in time."""


_ADVICE: dict[int, tuple[type[ApiError], str]] = {
    400: (BadRequest, ""),
    401: (Unauthorized, "Check api_username and api_password, or whether api_token has expired."),
    403: (Forbidden, "Give the API user a role that allows it, or check that api_token belongs to this Airflow."),
    404: (NotFound, ""),
    409: (Conflict, ""),
    422: (Unprocessable, "Correct the named values."),
    429: (TooManyRequests, "Airflow or a proxy limits the request rate: try again later."),
    500: (ServerFailed, "See the log of Airflow's API server."),
    502: (GatewayFailed, "A proxy in front of Airflow answers, Airflow does not: is Airflow's API server running?"),
    503: (GatewayFailed, "A proxy in front of Airflow answers, Airflow does not: is Airflow's API server running?"),
    504: (GatewayFailed, "A proxy in front of Airflow answers, Airflow does not: is Airflow's API server overloaded?"),
}


def error_of_answer(method: str, url: str, status: int, headers: Mapping[str, str], body: bytes) -> ApiError:
    """The error for an answer whose status is not 2xx."""
    if 300 <= status < 400:
        return Redirected(
            f"{method} {url} is redirected ({status}) to {headers.get('location', 'an unnamed address')}: "
            "set api_url to the URL at which Airflow itself answers.",
            status=status,
        )
    kind, advice = _ADVICE.get(status, (ServerFailed, _ADVICE[500][1]) if status >= 500 else (BadRequest, ""))
    sentence = f"{method} {url} was answered with {status}: {describe_detail(body)}"
    error = kind(f"{sentence.rstrip('.')}. {advice}".rstrip(), status=status)
    error.retry_after = _seconds(headers.get("retry-after", ""))
    return error


def _seconds(retry_after: str) -> float | None:
    """How long to wait: the header contains seconds or a date."""
    if retry_after.isdigit():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    # -0000 in a date means UTC too, and is parsed as no time zone.
    return max(0.0, (until.replace(tzinfo=until.tzinfo or timezone.utc) - datetime.now(timezone.utc)).total_seconds())


def describe_detail(body: bytes) -> str:
    """The message in an error's body: Airflow sends ``detail`` as a string, as a map with a reason, or a list (422)."""
    text = body.decode("utf-8", errors="replace")
    try:
        answer = json.loads(text)
        detail = answer["detail"] if answer["detail"] is not None else answer["title"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return _excerpt(re.sub(r"<[^>]*>", " ", text)) or "an empty answer"
    if isinstance(detail, list):
        # Airflow 3.3 sends each error twice for a bulk request.
        return "; ".join(dict.fromkeys(map(_describe_invalid, detail))) or "an empty list of errors"
    if isinstance(detail, dict):
        parts = [str(detail[key]) for key in ("reason", "message") if detail.get(key)]
        return _excerpt(": ".join(parts)) or "no reason given"
    return _excerpt(str(detail))


def _describe_invalid(item: Any) -> str:
    if not isinstance(item, dict):
        return _excerpt(str(item))
    where = ".".join(str(part) for part in item.get("loc", ()) if part != "body")
    return f"{where or 'the request'}: {_excerpt(str(item.get('msg', 'is invalid')))}"


def _excerpt(text: str) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= LONGEST_EXCERPT else f"{joined[:LONGEST_EXCERPT]} ..."


def error_of_exception(method: str, url: str, timeout: float, error: Exception) -> ApiError:
    """The error of a request that got no answer at all."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    request = f"{method} {url}"
    if isinstance(reason, ssl.SSLError) and not isinstance(reason, TimeoutError):
        return CertificateRefused(
            f"{request}: TLS failed ({reason}). Set ca_path to the certificate of the authority, correct the host name "
            "in api_url, set client_cert if the server requires a client certificate, or use http:// if it does not "
            "use TLS.",
        )
    if isinstance(reason, socket.gaierror):
        failed = NameNotResolved(f"{request}: the host name cannot be resolved ({reason}). Correct it in api_url.")
        # A name server that is temporarily down answers differently from one that does not know the name.
        failed.outage = failed.retry = reason.errno == socket.EAI_AGAIN
        return failed
    if isinstance(reason, TimeoutError) or "timed out" in str(reason):
        return ConnectionTimedOut(
            f"{request}: no answer within {timeout:g} s. Is the host reachable from here, and Airflow's API server not "
            "overloaded? Raise timeout if it is only slow."
        )
    if isinstance(reason, ConnectionRefusedError):
        return ConnectionRefused(
            f"{request}: connection refused, nothing listens there. Is Airflow's API server running, and are host and "
            "port of api_url correct?"
        )
    return ConnectionFailed(
        f"{request}: the connection failed ({type(reason).__name__}: {reason}). Is Airflow's API server running, and "
        "is api_url correct?"
    )

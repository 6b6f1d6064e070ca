# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fault proxy must do to which requests: faults are given as JSON, validated strictly, and each is used once.

    {"match": {"method": "GET", "path": "/pools/.*"}, "times": 2, "kind": "status", "status": 503}

``path`` is a regular expression for the whole path without the query, ``times`` is 1 by default. The kinds:

======================  ====================================================================================
``status``              answers ``status`` with ``headers`` and ``detail``, as Airflow would; not forwarded
``html``                answers ``status`` (200) with a page of HTML; not forwarded
``delay``               waits ``seconds``, then forwards
``drop``                closes the connection without an answer; not forwarded
``reset``               resets the connection; not forwarded
``drop_answer``         forwards, then closes the connection without the answer
``truncated_json``      forwards, then answers with the first half of the answer as if it were the whole
======================  ====================================================================================
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# Which options a kind has, and whether it needs them.
OPTIONS: dict[str, dict[str, bool]] = {
    "delay": {"seconds": True},
    "drop": {},
    "drop_answer": {},
    "html": {"status": False},
    "reset": {},
    "status": {"status": True, "headers": False, "detail": False},
    "truncated_json": {},
}
TYPES: dict[str, type | tuple[type, ...]] = {
    "detail": str,
    "headers": dict,
    "kind": str,
    "match": dict,
    "seconds": (int, float),
    "status": int,
    "times": int,
}


class BadFault(ValueError):
    """A fault that is not valid; the message says why."""


@dataclass
class Fault:
    kind: str
    method: str = ".*"
    path: str = ".*"
    times: int = 1
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    detail: str = "a fault of the test"
    seconds: float = 0.0

    def matches(self, method: str, path: str) -> bool:
        wanted = re.fullmatch(self.method, method) and re.fullmatch(self.path, path)
        return self.times > 0 and wanted is not None


def read_fault(told: Any) -> Fault:
    """The fault of its JSON; raise ``BadFault`` for anything that is not a valid fault with known keys only."""
    if not isinstance(told, Mapping):
        raise BadFault(f"a fault is a map, not {told!r}")
    kind = told.get("kind")
    if kind not in OPTIONS:
        raise BadFault(f"kind is {kind!r}; choose from {', '.join(OPTIONS)}")
    options = OPTIONS[kind]
    if unknown := set(told) - {"kind", "match", "times", *options}:
        raise BadFault(f"{kind} has no {', '.join(sorted(unknown))}")
    if lacking := [name for name, needed in options.items() if needed and name not in told]:
        raise BadFault(f"{kind} needs {', '.join(lacking)}")
    for name, value in told.items():
        if not isinstance(value, TYPES[name]) or isinstance(value, bool):
            raise BadFault(f"{name} cannot be {value!r}")
    match = told.get("match", {})
    if unknown := set(match) - {"method", "path"}:
        raise BadFault(f"match has no {', '.join(sorted(unknown))}")
    for pattern in match.values():
        _check_pattern(pattern)
    if told.get("times", 1) < 1:
        raise BadFault("times must be 1 at least")
    return Fault(**{name: value for name, value in told.items() if name != "match"}, **match)


def _check_pattern(pattern: Any) -> None:
    try:
        re.compile(pattern)
    except (re.error, TypeError) as error:
        raise BadFault(f"{pattern!r} is no regular expression: {error}") from None


class Faults:
    """The pending faults, and the received requests, shared by several threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._requests: list[dict[str, Any]] = []
        self._begin = time.monotonic()
        self._lock = threading.Lock()

    def replace(self, told: Any) -> None:
        """Forget all faults and requests, and take these."""
        if not isinstance(told, list):
            raise BadFault("faults are a list")
        faults = [read_fault(one) for one in told]
        with self._lock:
            self._faults, self._requests, self._begin = faults, [], time.monotonic()

    def take(self, method: str, path: str, query: str) -> Fault | None:
        """The first fault for this request, counted down; the request is recorded."""
        with self._lock:
            fault = next((one for one in self._faults if one.matches(method, path)), None)
            if fault:
                fault.times -= 1
            kind = fault.kind if fault else None
            seconds = time.monotonic() - self._begin
            self._requests.append(
                {"method": method, "path": path, "query": query, "fault": kind, "seconds": round(seconds, 3)}
            )
            return fault

    def left(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults if fault.times > 0]

    def requests(self) -> list[dict[str, Any]]:
        """The requests since the faults were set, each with its ``seconds`` since then and the kind of its fault."""
        with self._lock:
            return list(self._requests)

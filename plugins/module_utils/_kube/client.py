# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A thin client for the Kubernetes API: kubeconfig and authentication by the ``kubernetes`` package, then plain JSON.

The models of that package are not used: a list of 10,000 pods as models costs seconds and hundreds of MiB.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError, not_json, refusal
from ansible_collections.airfield.airflow.plugins.module_utils._kube.transport import (
    Transport,
)

# Formats for a list (https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables).
# A server without support for tables uses the alternative after the comma, so the reader must understand both.
AS_JSON = "application/json"
AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
AS_METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"

MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
PAGE_SIZE = 500
RESTARTS = 5

Json = dict[str, Any]
T = TypeVar("T")


class KubeClient:
    """GET, POST, PATCH, DELETE and paginated lists, as dicts. Every method raises KubeError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, path: str, params: Mapping[str, str | int] | None = None, accept: str = AS_JSON) -> Json:
        return self._parse("GET", path, self._send("GET", path, params, {"Accept": accept}))

    def get_text(self, path: str, params: Mapping[str, str | int] | None = None) -> str:
        return self._send("GET", path, params, {"Accept": "*/*"}).decode("utf-8", "replace")

    def create(self, path: str, body: Json, params: Mapping[str, str | int] | None = None) -> Json:
        """POST an object to its collection and return the created object."""
        headers = {"Accept": AS_JSON, "Content-Type": AS_JSON}
        return self._parse("POST", path, self._send("POST", path, params, headers, json.dumps(body).encode()))

    def patch(self, path: str, body: Json | list[Json], params: Mapping[str, str | int] | None = None) -> Json:
        """Send a JSON merge patch (RFC 7396), or as a list a JSON patch (RFC 6902), and return the result."""
        headers = {"Accept": AS_JSON, "Content-Type": JSON_PATCH if isinstance(body, list) else MERGE_PATCH}
        return self._parse("PATCH", path, self._send("PATCH", path, params, headers, json.dumps(body).encode()))

    def delete(self, path: str) -> None:
        """Request the deletion of an object. One with finalizers stays until these have finished."""
        self._send("DELETE", path, None, {"Accept": AS_JSON})

    def fold(
        self,
        path: str,
        params: Mapping[str, str | int],
        start: Callable[[], T],
        add: Callable[[T, Json], None],
        accept: str = AS_JSON,
    ) -> T:
        """Read a list in pages and reduce each one at once with ``add(state, page)``, so that no page is kept.

        A continue token that expires (410) makes the previous pages stale: the list is read again from the start with
        a new state.
        """
        for _attempt in range(RESTARTS):
            state = start()
            try:
                for page in self._pages(path, params, accept):
                    add(state, page)
            except _Expired:
                continue
            return state
        raise KubeError(
            f"The list {path} changes faster than it can be read: {RESTARTS} attempts were cut off with status 410. "
            "Try again when there is less activity in the cluster."
        )

    def list(self, path: str, params: Mapping[str, str | int] | None = None) -> list[Json]:
        """Every object of a list."""

        def add(items: list[Json], page: Json) -> None:
            items += page.get("items") or []

        nothing: Callable[[], list[Json]] = list
        return self.fold(path, params or {}, nothing, add)

    def _pages(self, path: str, params: Mapping[str, str | int], accept: str) -> Iterator[Json]:
        token = ""
        while True:
            query = {**params, "limit": PAGE_SIZE, **({"continue": token} if token else {})}
            try:
                page = self.get(path, query, accept)
            except KubeError as error:
                if token and error.status == 410:
                    raise _Expired from error
                raise
            yield page
            token = page.get("metadata", {}).get("continue") or ""
            if not token:
                return

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        headers: dict[str, str],
        body: bytes | None = None,
    ) -> bytes:
        full = f"{path}?{urlencode(params)}" if params else path
        answer = self._transport.send(method, full, headers, body)
        if not 200 <= answer.status < 300:
            raise refusal(self._transport.server, method, path, answer.status, answer.body)
        return answer.body

    def _parse(self, method: str, path: str, body: bytes) -> Json:
        try:
            parsed = json.loads(body)
        except ValueError as error:
            raise not_json(self._transport.server, method, path, body) from error
        if not isinstance(parsed, dict):
            raise not_json(self._transport.server, method, path, body)
        return parsed


class _Expired(Exception):
    """The continue token of a paginated list is no longer known to the server."""

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A thin client for the Kubernetes API: kubeconfig and authentication by the ``kubernetes`` package, then plain JSON.

No models of that package are built: a list of 10,000 pods as models costs seconds and hundreds of MiB.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Protocol, TypeVar
from urllib.parse import urlencode

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError, not_json, refusal

KUBERNETES_IMPORT_ERROR: str | None = None
try:
    import urllib3
    import yaml
    from kubernetes.client.configuration import Configuration
    from kubernetes.client.rest import RESTClientObject
    from kubernetes.config.config_exception import ConfigException
    from kubernetes.config.kube_config import load_kube_config
except ImportError:
    KUBERNETES_IMPORT_ERROR = traceback.format_exc()

KUBE_ARGUMENTS: dict[str, dict[str, Any]] = {
    "kubeconfig": {"type": "path", "required": True},
    "context": {"type": "str"},
}

# Ways to ask for a list (https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables).
# A server that knows no tables takes the alternative behind the comma, so the reader must understand both.
AS_JSON = "application/json"
AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
AS_METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"

MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
PAGE_SIZE = 500
RESTARTS = 5

Json = dict[str, Any]
T = TypeVar("T")


class Answer(NamedTuple):
    status: int
    body: bytes


class Transport(Protocol):
    """What carries a request to the server. The unit tests put an exact fake here."""

    server: str

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        """Send one request. ``path`` has the query. Raises KubeError when there is no answer."""


class PooledTransport:
    """Requests over one kept-alive connection, with the TLS settings and credentials of a kubeconfig."""

    def __init__(self, configuration: Configuration) -> None:
        self.server: str = configuration.host
        self._configuration = configuration
        self._pool = RESTClientObject(configuration).pool_manager
        # GETs are repeated after a lost connection or "429, Retry-After"; a PATCH only when it never left.
        self._retries = urllib3.Retry(total=3, backoff_factor=0.3, raise_on_status=False)
        self._timeout = urllib3.Timeout(connect=5, read=60)

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        # Asked anew for each request, because the package refreshes tokens that expire.
        for auth in self._configuration.auth_settings().values():
            if auth["in"] == "header" and auth["value"]:
                headers[auth["key"]] = auth["value"]
        try:
            response = self._pool.request(
                method, self.server + path, headers=headers, body=body, timeout=self._timeout, retries=self._retries
            )
        except urllib3.exceptions.HTTPError as error:
            raise self._no_answer(error) from error
        return Answer(response.status, response.data)

    def _no_answer(self, error: Exception) -> KubeError:
        reason = getattr(error, "reason", None) or error
        if isinstance(reason, urllib3.exceptions.SSLError):
            return KubeError(
                f"The TLS connection to {self.server} failed: {reason}. The certificates of the kubeconfig do not fit "
                "this cluster: make the kubeconfig anew."
            )
        if isinstance(reason, urllib3.exceptions.ReadTimeoutError):
            what = f"{self.server} did not answer within {self._timeout.read_timeout} s."
        else:
            said = str(reason).rsplit("object at 0x", maxsplit=1)[-1].partition(": ")[2] or str(reason)
            what = f"{self.server} cannot be reached: {said}."
        return KubeError(
            f"{what} Check that the cluster runs and that the kubeconfig is of this cluster.", passing=True
        )


class KubeClient:
    """GET, POST, PATCH, DELETE and paged lists, as dicts. Every method raises KubeError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, path: str, params: Mapping[str, str | int] | None = None, accept: str = AS_JSON) -> Json:
        return self._parse("GET", path, self._send("GET", path, params, {"Accept": accept}))

    def get_text(self, path: str, params: Mapping[str, str | int] | None = None) -> str:
        return self._send("GET", path, params, {"Accept": "*/*"}).decode("utf-8", "replace")

    def create(self, path: str, body: Json, params: Mapping[str, str | int] | None = None) -> Json:
        """POST an object to its collection and return it as the server made it."""
        headers = {"Accept": AS_JSON, "Content-Type": AS_JSON}
        return self._parse("POST", path, self._send("POST", path, params, headers, json.dumps(body).encode()))

    def patch(self, path: str, body: Json | list[Json], params: Mapping[str, str | int] | None = None) -> Json:
        """Send a JSON merge patch (RFC 7396), or as a list a JSON patch (RFC 6902), and return what came out of it."""
        headers = {"Accept": AS_JSON, "Content-Type": JSON_PATCH if isinstance(body, list) else MERGE_PATCH}
        return self._parse("PATCH", path, self._send("PATCH", path, params, headers, json.dumps(body).encode()))

    def delete(self, path: str) -> None:
        """Ask for the end of an object. One with finalizers stays until these are done."""
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

        A continue token that expires (410) makes the pages before it stale: the list is read again from the start with
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
            f"The list {path} changes faster than it can be read: {RESTARTS} readings were cut off with status 410. "
            "Try again when the cluster is calmer."
        )

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
    """The continue token of a paged list is no longer known to the server."""


def open_transport(kubeconfig: str, context: str | None) -> Transport:
    """Read a kubeconfig. Raises KubeError with a sentence when it is missing, broken or has no such context."""
    if not Path(kubeconfig).is_file():
        raise KubeError(f"The kubeconfig {kubeconfig} does not exist. Create the cluster first, or correct the path.")
    configuration = Configuration()
    try:
        load_kube_config(kubeconfig, context, configuration, persist_config=False)
    except (ConfigException, yaml.YAMLError, OSError, AttributeError, TypeError, ValueError) as error:
        where = f"context {context} of the kubeconfig {kubeconfig}" if context else f"kubeconfig {kubeconfig}"
        raise KubeError(f"The {where} cannot be used: {error}. Correct it or make it anew.") from error
    return PooledTransport(configuration)


def client_for(module: AnsibleModule) -> KubeClient:
    """The client for a module with KUBE_ARGUMENTS; ends the module when there can be none."""
    if KUBERNETES_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("kubernetes"), exception=KUBERNETES_IMPORT_ERROR)
    try:
        return KubeClient(open_transport(module.params["kubeconfig"], module.params["context"]))
    except KubeError as error:
        fail(module, error)


def fail(module: AnsibleModule, error: KubeError) -> NoReturn:
    module.fail_json(msg=str(error), status=error.status)
    raise AssertionError("fail_json does not return") from error

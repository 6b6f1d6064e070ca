# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How requests reach the Kubernetes API."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import NamedTuple, Protocol

from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError

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


class Answer(NamedTuple):
    status: int
    body: bytes


class Transport(Protocol):
    """Sends requests to the server. The unit tests replace it with an exact fake."""

    server: str

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        """Send one request. ``path`` includes the query. Raises KubeError when there is no answer."""


class PooledTransport:
    """Requests over one keep-alive connection, with the TLS settings and credentials of a kubeconfig."""

    def __init__(self, configuration: Configuration) -> None:
        self.server: str = configuration.host
        self._configuration = configuration
        self._pool = RESTClientObject(configuration).pool_manager
        # GETs are repeated after a lost connection or "429, Retry-After"; a PATCH only if it was never sent.
        self._retries = urllib3.Retry(total=3, backoff_factor=0.3, raise_on_status=False)
        self._timeout = urllib3.Timeout(connect=5, read=60)

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        # Read for each request, because the package refreshes tokens that expire.
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
                f"The TLS connection to {self.server} failed: {reason}. The certificates of the kubeconfig do not "
                "match this cluster: create the kubeconfig again."
            )
        if isinstance(reason, urllib3.exceptions.ReadTimeoutError):
            what = f"{self.server} did not answer within {self._timeout.read_timeout} s."
        else:
            said = str(reason).rsplit("object at 0x", maxsplit=1)[-1].partition(": ")[2] or str(reason)
            what = f"{self.server} cannot be reached: {said}."
        return KubeError(
            f"{what} Check that the cluster runs and that the kubeconfig belongs to this cluster.", passing=True
        )


def open_transport(kubeconfig: str, context: str | None) -> Transport:
    """Read a kubeconfig. Raises KubeError when it is missing or invalid, or has no such context."""
    if not Path(kubeconfig).is_file():
        raise KubeError(f"The kubeconfig {kubeconfig} does not exist. Create the cluster first, or correct the path.")
    configuration = Configuration()
    try:
        load_kube_config(kubeconfig, context, configuration, persist_config=False)
    except (ConfigException, yaml.YAMLError, OSError, AttributeError, TypeError, ValueError) as error:
        where = f"context {context} of the kubeconfig {kubeconfig}" if context else f"kubeconfig {kubeconfig}"
        raise KubeError(f"The {where} cannot be used: {error}. Correct it or create it again.") from error
    return PooledTransport(configuration)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong between a module and the Kubernetes API, as sentences."""

from __future__ import annotations

import json


class KubeError(Exception):
    """A request that did not succeed.

    ``status`` is the HTTP status, or None when there was no answer; ``passing`` says that the same request may succeed
    in a moment (no answer, 429, 5xx).
    """

    def __init__(self, message: str, status: int | None = None, passing: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.passing = passing


def is_passing(error: Exception) -> bool:
    """Whether this is a temporary error of the Kubernetes API."""
    return isinstance(error, KubeError) and error.passing


ADVICE = {
    401: "The credentials of the kubeconfig are rejected: create the kubeconfig again, or check its `exec` program.",
    403: "Give the kubeconfig's user this permission, or use the kubeconfig of another user.",
    404: "Check the name, the namespace and that `server` of the kubeconfig is a Kubernetes API server.",
    409: "Another client changed the object at the same time: run the task again.",
    429: "The Kubernetes API is overloaded: try again later.",
}


def refusal(server: str, method: str, path: str, status: int, body: bytes) -> KubeError:
    """Turn an answer other than 2xx into an error. ``body`` is a ``Status`` of the API or anything else."""
    try:
        said = str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        said = body[:200].decode("utf-8", "replace").strip() or "no reason given"
    passing = status == 429 or status >= 500
    advice = ADVICE.get(
        status, "The Kubernetes API server has a problem: see its log, then try again." if passing else ""
    )
    message = f"{server} refused {method} {path.split('?')[0]} with status {status}: {said.rstrip('.')}. {advice}"
    return KubeError(message.strip(), status, passing)


def not_json(server: str, method: str, path: str, body: bytes) -> KubeError:
    start = body[:80].decode("utf-8", "replace").strip()
    return KubeError(
        f"{server} answered {method} {path.split('?')[0]} with something that is not JSON (it starts with {start!r}). "
        "Check that `server` of the kubeconfig is a Kubernetes API server and that there is no proxy in between."
    )

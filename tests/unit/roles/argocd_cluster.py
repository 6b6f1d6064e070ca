# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small fake of Kubernetes with an Argo CD in it, so far as roles see one."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.argocd import REFRESH

from .fake_cluster import FakeCluster, Json

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


class ArgoCluster(FakeCluster):
    """``heads``: the newest commit of a Git repository by its address. ``late``: looks until Argo CD has it."""

    def __init__(self, heads: Callable[[str], str] = lambda url: "") -> None:
        super().__init__()
        self.heads = heads
        self.late = 0

    def changed(self, key: tuple[str, str]) -> None:
        kind, place = key
        namespace, _slash, name = place.rpartition("/")
        if (kind, name) == ("Deployment", "argocd-server"):
            # Its server makes a certificate when it starts.
            data = self.objects["Secret", f"{namespace}/argocd-secret"]["data"]
            data.setdefault("tls.crt", base64.b64encode(CERTIFICATE.encode()).decode())
        if kind == "Application":
            application = self.objects[key]
            application["metadata"].get("annotations", {}).pop(REFRESH, None)
            if "status" not in application:
                self.late = 1
                application["status"] = _status(application, lambda source: "0" * 40)
            else:
                self._compare(application)

    def _one(self, method: str, key: tuple[str, str], body: Any, dry_run: bool) -> tuple[int, Json]:
        answer = super()._one(method, key, body, dry_run)
        if method == "GET" and key[0] == "Application" and key in self.objects:
            answer = (answer[0], dict(answer[1]))
            if self.late:
                self.late -= 1
            else:
                self._compare(self.objects[key])
        return answer

    def _compare(self, application: Json) -> None:
        application["status"] = _status(application, self._revision)

    def _revision(self, source: Json) -> str:
        return source["targetRevision"] if "chart" in source else self.heads(source["repoURL"])


def _status(application: Json, revision: Callable[[Json], str]) -> Json:
    """Return what Argo CD tells when all is well; a single source and several have names of their own."""
    spec = application["spec"]
    told: Json = (
        {"revisions": [revision(source) for source in spec["sources"]]}
        if "sources" in spec
        else {"revision": revision(spec["source"])}
    )
    result = {**told, "resources": []}
    return {
        "sync": {"status": "Synced", **told},
        "health": {"status": "Healthy"},
        "operationState": {"phase": "Succeeded", "startedAt": "2026-11-21T12:00:00Z", "syncResult": result},
    }

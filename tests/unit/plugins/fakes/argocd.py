# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An exact fake of the Kubernetes API with one Argo CD Application, and of Argo CD's controller."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.transport import Answer
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import FakeKube, Json, failure

API = "/apis/argoproj.io/v1alpha1"
COLLECTION = f"{API}/namespaces/argocd/applications"
PATH = f"{COLLECTION}/airflow"
REFRESH = "argocd.argoproj.io/refresh"
FINALIZER = "resources-finalizer.argocd.argoproj.io"
ONE, TWO = "1" * 40, "2" * 40
GIT = "http://git.example.com/platform.git"
SOURCE: Json = {"repoURL": GIT, "targetRevision": "main", "path": "chart", "helm": {"valueFiles": ["../values.yml"]}}
POLICY: Json = {"automated": {"prune": True, "selfHeal": True}}
DECLARED: Json = {
    "name": "airflow",
    "project": "airfield",
    "source": SOURCE,
    "destination": {"namespace": "airflow"},
    "sync_policy": POLICY,
}
SPEC: Json = {
    "project": "airfield",
    "source": SOURCE,
    "destination": {"namespace": "airflow", "server": "https://kubernetes.default.svc"},
    "syncPolicy": POLICY,
}
WEB: Json = {"group": "apps", "kind": "Deployment", "namespace": "airflow", "name": "web", "status": "Synced"}
Reaction = Callable[[Json], None]


def operation(phase: str = "Succeeded", revision: str = ONE, started: str = "12:00:00Z", **more: Any) -> Json:
    result = {"revision": revision, "resources": more.pop("resources", [])}
    return {"phase": phase, "message": "", "startedAt": started, "syncResult": result, **more}


def status(sync: str = "Synced", health: str = "Healthy", revision: str = ONE, **more: Any) -> Json:
    """A status as the controller writes it after a comparison. ``more`` has further keys."""
    compared = {"source": SOURCE, "destination": SPEC["destination"]}
    told = {"sync": {"status": sync, "revision": revision, "comparedTo": compared}, "health": {"status": health}}
    return {**told, "resources": [WEB], "operationState": operation(revision=revision), **more}


def condition(kind: str, message: str) -> list[Json]:
    return [{"type": kind, "message": message, "lastTransitionTime": "2026-11-21T12:00:00Z"}]


def application(told: Json | None = None, **more: Any) -> Json:
    metadata = {"name": "airflow", "namespace": "argocd", "resourceVersion": "7", "finalizers": [FINALIZER]}
    metadata.update(more.pop("metadata", {}))
    body = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata}
    return copy.deepcopy({**body, "spec": SPEC, **({"status": told} if told else {}), **more})


class FakeArgo(FakeKube):
    """``refreshes``: the status after each refresh, with a delay of ``delay`` seconds; the last one repeats forever."""

    def __init__(self, app: Json | None = None, *refreshes: Json, delay: float = 2.0, installed: bool = True) -> None:
        super().__init__()
        self.app, self.installed, self.delay = app, installed, delay
        self.refreshes = list(refreshes) or [status()]
        self.reads: list[str] = []
        self.writes: list[Json] = []
        self.conflicts: list[Reaction] = []
        self.answers: dict[str, Any] = {}
        self.outage = (0.0, 0.0)
        self._due: list[tuple[float, Reaction]] = []

    def at(self, seconds: float, reaction: Reaction) -> FakeArgo:
        """Schedule a change of the Application in so many seconds."""
        self._due.append((_clock.now() + seconds, reaction))
        return self

    def then(self, seconds: float, told: Json) -> FakeArgo:
        """Let the controller write a status; the operation is over unless the status says that it is running."""

        def write(app: Json) -> None:
            app["status"] = told
            if told["operationState"]["phase"] != "Running":
                app.pop("operation", None)

        return self.at(seconds, write)

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        assert method == "GET" or not self.check_mode, f"{method} {path} in check mode"
        if self.outage[0] <= _clock.now() < self.outage[1]:
            raise KubeError("https://fake:6443 cannot be reached.", passing=True)
        self._react()
        url = urlsplit(path)
        query = dict(parse_qsl(url.query))
        if method != "GET":
            content = json.loads(body) if body else None
            self.writes.append({"method": method, "path": url.path, "body": copy.deepcopy(content)})
            if method != "DELETE":
                assert query == {"fieldValidation": "Strict"}
            return self._write(method, url.path, headers, content)
        self.reads.append(url.path)
        if url.path == API and self.installed and API not in self.answers:
            return self._answer({"resources": [{"name": "applications"}, {"name": "appprojects"}]})
        if url.path in self.answers:
            answer = self.answers[url.path]
            if isinstance(answer, str):
                return Answer(200, answer.encode())
            return self._answer({"metadata": {}, "items": answer} if isinstance(answer, list) else answer)
        assert url.path in (API, PATH), f"GET {path} was not expected"
        if self.app is None or not self.installed:
            return self._answer(failure("the server could not find the requested resource", 404), 404)
        return self._answer(self.app)

    def _write(self, method: str, path: str, headers: dict[str, str], body: Any) -> Answer:
        if self.conflicts and self.app is not None:
            self.conflicts.pop(0)(self.app)
            self._touch()
            return self._answer(failure("the object has been modified", 409), 409)
        if method == "POST":
            assert (path, self.app) == (COLLECTION, None)
            self.app = copy.deepcopy(body)
        else:
            assert path == PATH
            if self.app is None:
                return self._answer(failure("not found", 404), 404)
            if method == "DELETE":
                return self._delete()
            assert headers["Content-Type"] == "application/json-patch+json"
            assert body[0]["path"] == "/metadata/resourceVersion"
            if body[0]["value"] != self.app["metadata"]["resourceVersion"]:
                return self._answer(failure("the object has been modified", 409), 409)
            for step in body[1:]:
                self._apply(step)
        assert self.app is not None
        self._touch()
        if REFRESH in self.app["metadata"].get("annotations", {}):
            told = self.refreshes.pop(0) if len(self.refreshes) > 1 else self.refreshes[0]
            self.at(self.delay, lambda app: self._compare(app, told))
        return self._answer(self.app)

    def _apply(self, step: Json) -> None:
        assert self.app is not None
        *parents, last = step["path"].strip("/").split("/")
        target = self.app
        for parent in parents:
            target = target[parent]
        if step["op"] == "remove":
            del target[last]
        else:
            assert step["op"] == "add"
            target[last] = step["value"]

    def _delete(self) -> Answer:
        assert self.app is not None
        self.app = {**self.app, "metadata": {**self.app["metadata"], "deletionTimestamp": "2026-11-21T12:00:00Z"}}
        if not self.app["metadata"].get("finalizers"):
            self.app = None
        return self._answer({"kind": "Status", "status": "Success"})

    @staticmethod
    def _compare(app: Json, told: Json) -> None:
        app["metadata"].get("annotations", {}).pop(REFRESH, None)
        app["status"] = told

    def _react(self) -> None:
        for due, reaction in sorted(self._due, key=lambda one: one[0]):
            if due <= _clock.now() and self.app is not None:
                self._due.remove((due, reaction))
                reaction(self.app)
                if self.app.pop("gone", False):
                    self.app = None
                else:
                    self._touch()

    def _touch(self) -> None:
        assert self.app is not None
        version = int(self.app["metadata"].get("resourceVersion", 6))
        self.app["metadata"]["resourceVersion"] = str(version + 1)

    @staticmethod
    def _answer(body: Json, code: int = 200) -> Answer:
        return Answer(code, json.dumps(body).encode())

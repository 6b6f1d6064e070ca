# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""So much of Kubernetes' API, by HTTP, that the modules of kubernetes.core can apply, read and delete objects."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

Json = dict[str, Any]

# API version -> plural -> (kind, in a namespace).
KINDS: dict[str, dict[str, tuple[str, bool]]] = {
    "v1": {
        "configmaps": ("ConfigMap", True),
        "limitranges": ("LimitRange", True),
        "namespaces": ("Namespace", False),
        "persistentvolumeclaims": ("PersistentVolumeClaim", True),
        "persistentvolumes": ("PersistentVolume", False),
        "resourcequotas": ("ResourceQuota", True),
        "secrets": ("Secret", True),
        "services": ("Service", True),
    },
    "apps/v1": {"deployments": ("Deployment", True), "statefulsets": ("StatefulSet", True)},
    "argoproj.io/v1alpha1": {"applications": ("Application", True), "appprojects": ("AppProject", True)},
    "batch/v1": {"jobs": ("Job", True)},
    "networking.k8s.io/v1": {"networkpolicies": ("NetworkPolicy", True)},
    "rbac.authorization.k8s.io/v1": {"clusterrolebindings": ("ClusterRoleBinding", False)},
}
_PATH = re.compile(
    r"/(?:api/(?P<core>v1)|apis/(?P<group>[^/]+/v1(?:alpha1)?))(?:/namespaces/(?P<namespace>[^/]+))?/(?P<plural>[a-z]+)(?:/(?P<name>[^/]+))?"
)


class FakeCluster:
    """``objects`` by (kind, namespace/name); ``marks``: what was really written up to each; ``said``: for the tests."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], Json] = {}
        self.writes: list[str] = []
        self.marks: dict[str, list[str]] = {}
        self.said: dict[str, str] = {}
        self.version = 0
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:  # the base class calls it so
                pass

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                status, content = cluster.handle(self.command, self.path, body)
                data = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_DELETE = answer

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def write_kubeconfig(self, path: Path) -> None:
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "fake", "cluster": {"server": self.url}}],
            "users": [{"name": "fake", "user": {"token": "fake"}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}],
            "current-context": "fake",
        }
        path.write_text(yaml.safe_dump(content), encoding="utf-8")

    def take_writes(self) -> list[str]:
        """Return what was written since the last time."""
        writes, self.writes = self.writes, []
        return writes

    def add(self, kind: str, place: str, labels: dict[str, str] | None = None, **content: Any) -> None:
        """Put an object there, as somebody else would have; ``place`` is NAMESPACE/NAME or NAME."""
        namespace, _slash, name = place.rpartition("/")
        metadata = {"name": name, "labels": labels or {}, **({"namespace": namespace} if namespace else {})}
        self.objects[(kind, place)] = self._stored({"kind": kind, "metadata": metadata, **content})

    def mark(self, name: str) -> Json:
        """Return a task that says: what was written until now belongs to ``name``."""
        return {"name": f"End of {name}", "ansible.builtin.uri": {"url": f"{self.url}/mark/{name}"}}

    def handle(self, method: str, path: str, body: Json | None) -> tuple[int, Json]:
        url = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path.startswith("/mark/"):
            self.marks[url.path.removeprefix("/mark/")] = self.take_writes()
            return 200, {}
        found = self._discovery(url.path)
        if found is not None:
            return 200, found
        match = _PATH.fullmatch(url.path)
        if not match:
            return _failure(404, f"nothing is at {url.path}")
        version = match["core"] or match["group"]
        kind, namespaced = KINDS[version][match["plural"]]
        namespace = match["namespace"] if namespaced else None
        name = match["name"] or (body or {}).get("metadata", {}).get("name")
        place = f"{namespace}/{name}" if namespace else str(name)
        if method == "GET" and not match["name"]:
            return 200, self._list(version, kind, namespace, query)
        # Only a server-side apply says who manages the fields; it makes what is not there.
        if "fieldManager" in query and (kind, place) not in self.objects:
            method = "POST"
        return self._one(method, (kind, place), body, "dryRun" in query)

    def changed(self, key: tuple[str, str]) -> None:
        """For those who play a controller: what somebody else wrote just now."""

    def _one(self, method: str, key: tuple[str, str], body: Any, dry_run: bool) -> tuple[int, Json]:
        there = self.objects.get(key)
        namespace = key[1].rpartition("/")[0]
        if method == "POST" and namespace and ("Namespace", namespace) not in self.objects:
            return _failure(404, f'namespaces "{namespace}" not found')
        if method != "POST" and there is None:
            return _failure(404, f"{key} not found")
        if method == "GET":
            return 200, there or {}
        if method == "DELETE":
            if not dry_run:
                self.writes.append(f"DELETE {' '.join(key)}")
                del self.objects[key]
            return 200, {"kind": "Status", "apiVersion": "v1", "status": "Success"}
        wanted = _stepped(there or {}, body) if isinstance(body, list) else _merged(there or {}, body or {})
        if wanted == there:
            return 200, wanted
        stored = self._stored(wanted)
        if not dry_run:
            self.writes.append(f"{method} {' '.join(key)}")
            self.objects[key] = stored
            self.changed(key)
        return 200, stored

    def _stored(self, content: Json) -> Json:
        self.version += 1
        api_version = next(version for version, kinds in KINDS.items() if content["kind"] in dict(kinds.values()))
        metadata = {**content["metadata"], "resourceVersion": str(self.version)}
        return {"apiVersion": api_version, **content, "metadata": metadata}

    def _list(self, version: str, kind: str, namespace: str | None, query: dict[str, str]) -> Json:
        items = [
            content
            for (its_kind, place), content in sorted(self.objects.items())
            if its_kind == kind
            and (namespace is None or place.startswith(f"{namespace}/"))
            and _selected(query.get("labelSelector", ""), content["metadata"].get("labels") or {})
            and _selected(query.get("fieldSelector", ""), content)
        ]
        return {"apiVersion": version, "kind": f"{kind}List", "metadata": {}, "items": items}

    def _discovery(self, path: str) -> Json | None:
        if path == "/version":
            return {"major": "1", "minor": "34", "gitVersion": "v1.34.4"}
        if path == "/api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            groups = [(version.partition("/")[0], version) for version in KINDS if "/" in version]
            versions = {
                name: {"groupVersion": version, "version": version.rpartition("/")[2]} for name, version in groups
            }
            return {
                "kind": "APIGroupList",
                "groups": [{"name": k, "versions": [v], "preferredVersion": v} for k, v in versions.items()],
            }
        version = path.removeprefix("/apis/").removeprefix("/api/")
        if version not in KINDS:
            return None
        verbs = ["create", "delete", "get", "list", "patch", "update"]
        resources = [
            {"name": plural, "singularName": kind.lower(), "kind": kind, "namespaced": namespaced, "verbs": verbs}
            for plural, (kind, namespaced) in KINDS[version].items()
        ]
        return {"kind": "APIResourceList", "groupVersion": version, "resources": resources}


def _failure(code: int, message: str) -> tuple[int, Json]:
    reason = {404: "NotFound"}.get(code, "Invalid")
    return code, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": reason}


def _merged(there: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(there) if isinstance(there, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), value)
    return result


def _stepped(there: Json, steps: list[Json]) -> Json:
    """RFC 6902, so much as a change of a version that others may have changed needs."""
    result: Json = json.loads(json.dumps(there))
    for step in steps:
        *parents, last = step["path"].strip("/").split("/")
        target = result
        for parent in parents:
            target = target[parent]
        if step["op"] == "remove":
            del target[last]
        else:
            assert last != "resourceVersion" or target[last] == step["value"]
            target[last] = step["value"]
    return result


def _selected(selector: str, labels: Json) -> bool:
    """Only the forms that the roles use; another one is an error, as is a list of nothing."""
    for part in re.split(r",(?![^(]*\))", selector) if selector else []:
        match = re.fullmatch(r"([\w./-]+)(?:(=|!=)([\w.-]+)| notin \(([\w.,-]+)\))", part)
        assert match, part
        key, operator, value, values = match.groups()
        if operator == "=":
            fine = labels.get(key) == value
        else:
            fine = labels.get(key) not in ([value] if operator else values.split(","))
        if not fine:
            return False
    return True

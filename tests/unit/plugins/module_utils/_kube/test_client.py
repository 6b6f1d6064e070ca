# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real transport against a small HTTP server: kubeconfig, credentials and bad answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import AS_METADATA, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.transport import open_transport


class Api(BaseHTTPRequestHandler):
    """Answers each request with its own content, rejects tokens other than `right`."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        headers = {name: self.headers.get(name) for name in ("Authorization", "Accept", "Content-Type")}
        seen = {"method": self.command, "path": self.path, "body": self.rfile.read(size).decode(), **headers}
        status = 200 if headers["Authorization"] == "Bearer right" else 401
        body = json.dumps(seen if status == 200 else {"message": "Unauthorized"}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PATCH = answer

    def log_message(self, format: str, *arguments: Any) -> None:
        """Print nothing."""


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def kubeconfig(directory: Path, server: str) -> str:
    path = directory / "kubeconfig"
    names = ("right", "wrong")
    path.write_text(
        yaml.safe_dump(
            {
                "current-context": "right",
                "clusters": [{"name": "c", "cluster": {"server": server}}],
                "users": [{"name": name, "user": {"token": name}} for name in names],
                "contexts": [{"name": name, "context": {"cluster": "c", "user": name}} for name in names],
            }
        )
    )
    return str(path)


def test_a_request_carries_the_credentials_of_the_context(tmp_path: Path, port: int) -> None:
    path = kubeconfig(tmp_path, f"http://127.0.0.1:{port}")
    client = KubeClient(open_transport(path, None))
    seen = client.get("/api/v1/nodes", {"labelSelector": "a in (b)"}, AS_METADATA)
    assert seen["path"] == "/api/v1/nodes?labelSelector=a+in+%28b%29"
    assert (seen["Authorization"], seen["Accept"]) == ("Bearer right", AS_METADATA)
    with pytest.raises(KubeError, match="credentials of the kubeconfig are rejected") as caught:
        KubeClient(open_transport(path, "wrong")).get("/api/v1/nodes")
    assert caught.value.status == 401


def test_a_patch_is_a_merge_patch(tmp_path: Path, port: int) -> None:
    client = KubeClient(open_transport(kubeconfig(tmp_path, f"http://127.0.0.1:{port}"), None))
    seen = client.patch("/api/v1/nodes/a", {"spec": {"taints": []}})
    assert (seen["method"], json.loads(seen["body"])) == ("PATCH", {"spec": {"taints": []}})
    assert seen["Content-Type"] == "application/merge-patch+json"


def test_no_tls_where_tls_is_expected(tmp_path: Path, port: int) -> None:
    client = KubeClient(open_transport(kubeconfig(tmp_path, f"https://127.0.0.1:{port}"), None))
    with pytest.raises(KubeError, match=r"TLS connection to https://127\.0\.0\.1:\d+ failed"):
        client.get("/api")


def test_nothing_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    client = KubeClient(open_transport(kubeconfig(tmp_path, "http://127.0.0.1:9"), None))
    with pytest.raises(KubeError, match=r"http://127.0.0.1:9 cannot be reached: .*refused.* Check that") as caught:
        client.get("/api")
    assert caught.value.passing


@pytest.mark.parametrize(
    ("text", "context", "words"),
    [
        (None, None, "does not exist. Create the cluster first"),
        ("", None, "cannot be used"),
        ("a: [", None, "cannot be used"),
        ("- a", None, "cannot be used"),
        ("current-context: a", None, "cannot be used"),
        ("current-context: a", "b", "The context b of the kubeconfig"),
    ],
)
def test_a_kubeconfig_that_cannot_be_used(tmp_path: Path, text: str | None, context: str | None, words: str) -> None:
    path = tmp_path / "kubeconfig"
    if text is not None:
        path.write_text(text)
    with pytest.raises(KubeError, match=words) as caught:
        open_transport(str(path), context)
    assert str(path) in str(caught.value)

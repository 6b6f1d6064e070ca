# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hook of the Git server, as the hook of a real repository, with a receiver that has a certificate of its own."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import hmac
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.git_server import CLEAN, IDENTITY, Repository, git
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SCRIPT = Path(__file__).parents[3] / "images/git_server/post_receive.py"
HOST = "argocd-server.argocd.svc"
SECRET = "the-secret-of-the-webhook"
BASE_URL = "http://172.18.0.1:3080/git"
NOTHING = "0" * 40


@dataclass(frozen=True)
class Identity:
    """A certificate that nobody but itself vouches for, with its key, in one file."""

    file: Path
    certificate: str


def identity(file: Path, name: str = HOST) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Argo CD")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    certificate = made.public_bytes(pem).decode()
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_text(key.private_bytes(pem, *plain).decode() + certificate)
    return Identity(file, certificate)


@dataclass
class Message:
    """What reached the receiver."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event


@dataclass
class Receiver:
    """Stands for Argo CD's webhook."""

    port: int
    messages: list[Message] = field(default_factory=list)


@contextlib.contextmanager
def receiver(own: Identity) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.messages.append(Message(self.path, dict(self.headers), body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *_arguments: Any) -> None:
            """Tests print nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_arguments: Any) -> None:
            """A caller that does not trust the certificate hangs up."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.file)
    server = Server(("127.0.0.1", 0), Handler)
    # The handshake belongs to the request's own thread.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    received = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Served:
    """A repository with the hook, and a clone from which is pushed."""

    def __init__(self, directory: Path) -> None:
        self.repository = Repository(directory / "platform.git")
        self.repository.git("config", "receive.advertisePushOptions", "true")
        self.settings = directory / "webhook.json"
        # The image's Dockerfile puts the first line there.
        text, path = f"#!/usr/bin/env python3\n{SCRIPT.read_text()}", 'Path("/etc/git-server/webhook.json")'
        assert text.count(path) == 1
        # A test has no place in /etc.
        text = text.replace(path, f"Path({str(self.settings)!r})")
        self._hook = self.repository.directory / "hooks/post-receive"
        self._hook.parent.mkdir(exist_ok=True)
        self._hook.write_text(text)
        self._hook.chmod(0o755)
        self._clone = directory / "clone"
        git("init", "--quiet", "--initial-branch=main", self._clone)

    def configure(self, port: int, ca: str, host: str = HOST) -> None:
        told = {"address": "127.0.0.1", "port": port, "host": host, "ca": ca, "secret": SECRET, "base_url": BASE_URL}
        self.settings.write_text(json.dumps(told))

    def shorten_patience(self) -> None:
        text = self._hook.read_text()
        assert text.count("TIMEOUT_SECONDS = 5\n") == 1
        self._hook.write_text(text.replace("TIMEOUT_SECONDS = 5\n", "TIMEOUT_SECONDS = 0.3\n"))

    def push(self, *options: str, branches: tuple[str, ...] = ("main",)) -> str:
        """A new commit on each branch, pushed; returns what the server said. The push must succeed."""
        commit = git("-C", self._clone, "commit-tree", git("-C", self._clone, "mktree"), "-m", str(time.monotonic_ns()))
        specifications = [f"{commit}:refs/heads/{branch}" for branch in branches]
        done = subprocess.run(
            ["git", "-C", self._clone, "push", *options, "--force", self.repository.directory, *specifications],
            env={
                **CLEAN,
                **IDENTITY,
                # The Python of these tests, and no proxy.
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert [self.repository.head(branch) for branch in branches] == [commit] * len(branches)
        return done.stderr


@pytest.fixture(name="served")
def served_fixture(tmp_path: Path) -> Served:
    return Served(tmp_path)


@pytest.fixture(scope="module", name="own")
def own_fixture(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("own") / "own.pem")


def test_a_push_is_told_in_the_words_of_github(served: Served, own: Identity) -> None:
    with receiver(own) as received:
        served.configure(received.port, own.certificate)
        said = served.push()
    assert f"webhook: {HOST} answered 200" in said
    (message,) = received.messages
    assert message.path == "/api/webhook"
    assert message.headers["Host"] == HOST
    assert message.headers["Content-Type"] == "application/json"
    assert message.headers["X-GitHub-Event"] == "push"
    assert message.event == {
        "ref": "refs/heads/main",
        "before": NOTHING,
        "after": served.repository.head(),
        "commits": [],
        "repository": {"html_url": f"{BASE_URL}/platform.git", "default_branch": "main"},
    }


def test_the_message_is_signed(served: Served, own: Identity) -> None:
    with receiver(own) as received:
        served.configure(received.port, own.certificate)
        said = served.push()
    (message,) = received.messages
    signature = hmac.new(SECRET.encode(), message.body, hashlib.sha256).hexdigest()
    assert message.headers["X-Hub-Signature-256"] == f"sha256={signature}"
    assert SECRET not in said
    assert SECRET.encode() not in message.body


def test_the_next_push_names_the_commit_before(served: Served, own: Identity) -> None:
    with receiver(own) as received:
        served.configure(received.port, own.certificate)
        served.push()
        first = served.repository.head()
        served.push()
    assert [one.event["before"] for one in received.messages] == [NOTHING, first]
    assert received.messages[1].event["after"] == served.repository.head()


def test_each_branch_is_told(served: Served, own: Identity) -> None:
    with receiver(own) as received:
        served.configure(received.port, own.certificate)
        served.push(branches=("main", "next"))
    assert [one.event["ref"] for one in received.messages] == ["refs/heads/main", "refs/heads/next"]


def test_a_push_option_leaves_it_out(served: Served, own: Identity) -> None:
    with receiver(own) as received:
        served.configure(received.port, own.certificate)
        assert "webhook" not in served.push("--push-option=airfield.skip-webhook")
        assert received.messages == []
        served.push("--push-option=another")
    assert len(received.messages) == 1


def test_without_settings_nobody_is_told(served: Served, own: Identity) -> None:
    with receiver(own) as received:
        said = served.push()
    assert received.messages == []
    assert "webhook" not in said


def test_a_dead_receiver_does_not_fail_the_push(served: Served, own: Identity) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    served.configure(port, own.certificate)
    said = served.push()
    assert f"webhook: {HOST} was not told about refs/heads/main" in said
    assert "refused" in said
    assert "Traceback" not in said


def test_a_silent_receiver_does_not_hold_the_push_up(served: Served, own: Identity) -> None:
    served.shorten_patience()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        served.configure(silent.getsockname()[1], own.certificate)
        started = time.monotonic()
        said = served.push()
        assert time.monotonic() - started < 4
    assert f"webhook: {HOST} was not told about refs/heads/main" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("fault", ["another certificate", "another name"])
def test_a_stranger_is_not_told(served: Served, own: Identity, tmp_path: Path, fault: str) -> None:
    """Neither one with a certificate that was not named, nor one whose certificate is for another host."""
    stranger = identity(tmp_path / "stranger.pem", HOST if fault == "another certificate" else "elsewhere.example.com")
    trusted = own if fault == "another certificate" else stranger
    with receiver(stranger) as received:
        served.configure(received.port, trusted.certificate)
        said = served.push()
    assert received.messages == []
    assert f"webhook: {HOST} was not told about refs/heads/main" in said
    assert "certificate verify failed" in said
    assert "Traceback" not in said

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mirror of the downloads: one directory for each public host, as airfield_download_mirror wants it."""

from __future__ import annotations

import functools
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test's output is what fails."""


class Mirror:
    """The directory of a running mirror, and how files get in."""

    def __init__(self, directory: Path, address: str) -> None:
        self.directory = directory
        self.address = address

    def add_kind(self, version: str) -> Path:
        file = self._add(f"kind.sigs.k8s.io/dl/v{version}/kind-linux-amd64", program("kind", version))
        return self._add_checksum(file, ".sha256sum")

    def add_kubectl(self, version: str) -> Path:
        file = self._add(f"dl.k8s.io/release/v{version}/bin/linux/amd64/kubectl", program("kubectl", version))
        # This host publishes the bare checksum.
        file.with_name("kubectl.sha256").write_text(hashlib.sha256(file.read_bytes()).hexdigest())
        return file

    def add_helm(self, version: str) -> Path:
        archive = tar_of("linux-amd64/helm", program("helm", version), mode=0o755, compression="gz")
        return self._add_checksum(self._add(f"get.helm.sh/helm-v{version}-linux-amd64.tar.gz", archive), ".sha256sum")

    def add_argocd(self, version: str, content: bytes) -> str:
        """Add a manifest, and return its SHA-256."""
        self._add(f"raw.githubusercontent.com/argoproj/argo-cd/v{version}/manifests/install.yaml", content)
        return hashlib.sha256(content).hexdigest()

    def _add(self, name: str, content: bytes) -> Path:
        file = self.directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    @staticmethod
    def _add_checksum(file: Path, suffix: str) -> Path:
        line = f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        file.with_name(file.name + suffix).write_text(line)
        return file


def program(name: str, version: str) -> bytes:
    """A stand-in for a program: it says which one it is."""
    return f"#!/bin/sh\necho {name} {version}\n".encode()


def tar_of(name: str, content: bytes, *, mode: int = 0o644, compression: str = "") -> bytes:
    """A tar archive of one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{compression}") as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo(name)
        member.size = len(content)
        member.mode = mode
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


@contextmanager
def run_mirror(directory: Path) -> Iterator[Mirror]:
    """Serve a directory on a free port of this machine until the block ends."""
    handler = functools.partial(QuietHandler, directory=str(directory))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Mirror(directory, f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()

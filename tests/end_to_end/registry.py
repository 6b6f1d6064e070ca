# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container registry on this machine: Debian's docker-registry, filled through Docker as any registry is."""

from __future__ import annotations

import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from ansible_collections.airfield.airflow.tests.end_to_end.mirror import tar_of
from ansible_collections.airfield.airflow.tests.end_to_end.playbook import free_port

PACKAGE = "docker-registry"


class Registry:
    """A running registry. Docker takes loopback addresses without TLS."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"localhost:{port}"
        # Another name of the same registry: images under it are never on this machine before a test pulls them.
        self.other_address = f"127.0.0.1:{port}"
        self._references: set[str] = set()

    def add_image(self, name: str) -> str:
        """Push an image of one file, remove it from this machine again, and return its ID."""
        reference = self.reference(name)
        docker("import", "-", reference, content=tar_of("name", name.encode()))
        identity = docker("image", "inspect", "--format", "{{.Id}}", reference)
        docker("push", "--quiet", reference)
        docker("image", "rm", reference)
        return identity

    def reference(self, name: str) -> str:
        """The reference of an image here; a test that pulls it need not remove it."""
        reference = f"{self.address}/{name}"
        self._references.add(reference)
        return reference

    def remove_local_images(self) -> None:
        others = {reference.replace(self.address, self.other_address) for reference in self._references}
        for reference in self._references | others:
            if image_identity(reference):
                docker("image", "rm", reference)


def docker(*arguments: str, content: bytes | None = None) -> str:
    """Run the docker command and return what it prints; ``content`` is its standard input."""
    command = ["docker", *arguments]
    result = subprocess.run(command, input=content, capture_output=True, timeout=60, check=False)
    assert result.returncode == 0, f"{' '.join(command)} failed: {result.stderr.decode()}"
    return result.stdout.decode().strip()


def image_identity(reference: str) -> str:
    """The ID of an image of this machine's engine, empty when it has none of that name."""
    return docker("image", "ls", "--no-trunc", "--quiet", reference)


def registry_program(directory: Path) -> Path:
    """Debian's registry. When it is not installed it is unpacked into a directory: installing would start a service."""
    if found := shutil.which(PACKAGE):
        return Path(found)
    download = ["apt-get", "--quiet", "download", PACKAGE]
    if subprocess.run(download, cwd=directory, capture_output=True, check=False).returncode != 0:
        subprocess.run(["apt-get", "--quiet", "update"], capture_output=True, check=True)
        subprocess.run(download, cwd=directory, capture_output=True, check=True)
    package = next(directory.glob(f"{PACKAGE}_*.deb"))
    subprocess.run(["dpkg-deb", "--extract", str(package), str(directory)], check=True)
    return directory / "usr/bin" / PACKAGE


@contextmanager
def run_registry(directory: Path) -> Iterator[Registry]:
    """Run a registry on a free port of this machine until the block ends."""
    registry = Registry(free_port())
    settings = {
        "version": 0.1,
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(directory / "storage")}},
        "http": {"addr": f"127.0.0.1:{registry.port}"},
    }
    file = directory / "config.yml"
    file.write_text(yaml.safe_dump(settings))
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(registry_program(directory)), "serve", str(file)], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_until_it_answers(registry, process, directory / "log")
        yield registry
    finally:
        registry.remove_local_images()
        process.terminate()
        process.wait(timeout=10)


def wait_until_it_answers(registry: Registry, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://{registry.other_address}/v2/", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the registry did not start: {log.read_text()}")

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documentation as an HTML site: the guides, and a page of every plugin and role. A warning is an error.

Usage: build.py [DIRECTORY], by default .cache/docs in the checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / ".venv/collections"))

from ansible_collections.airfield.airflow.tests.collection_copy import copy_collection  # noqa: E402

BIN = Path(sys.executable).parent
SITE = ROOT / "docs/site"
COLLECTION = "airfield.airflow"
# The labels of Ansible's own documentation that our pages refer to, with their addresses there.
ANSIBLE_LABELS = {
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_collections.ansible.builtin.find_module": "collections/ansible/builtin/find_module.html",
    "ansible_collections.ansible.builtin.uri_module": "collections/ansible/builtin/uri_module.html",
    "ansible_collections.community.docker.docker_image_info_module": (
        "collections/community/docker/docker_image_info_module.html"
    ),
    "ansible_collections.kubernetes.core.k8s_info_module": "collections/kubernetes/core/k8s_info_module.html",
    "ansible_configuration_settings": "reference_appendices/config.html#ansible-configuration-settings",
    "callback_plugins": "plugins/callback.html#callback-plugins",
    "common_return_values": "reference_appendices/common_return_values.html#common-return-values",
}


def run(*command: str | Path, cwd: Path, collections: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_FORCE_COLOR": "0",
    }
    subprocess.run([str(part) for part in command], cwd=cwd, env=environment, check=True)


def inventory(labels: dict[str, str]) -> bytes:
    """An inventory for intersphinx, version 2: https://sphobjinv.readthedocs.io/en/stable/syntax.html"""
    header = "# Sphinx inventory version 2\n# Project: Ansible\n# Version:\n# The remainder is compressed using zlib.\n"
    lines = "".join(f"{label} std:label -1 {address} {label}\n" for label, address in labels.items())
    return header.encode() + zlib.compress(lines.encode())


def build(html: Path) -> None:
    """Replace the directory ``html`` by a new site. Raises CalledProcessError at the first command with a warning."""
    with tempfile.TemporaryDirectory() as directory:
        # antsibull-docs needs ansible_collections/ above the collection, and copies what lies in it.
        work = Path(directory)
        collection = copy_collection(work)
        antsibull = (BIN / "antsibull-docs", "--config-file", SITE / "antsibull-docs.cfg")
        run(*antsibull, "lint-collection-docs", "--plugin-docs", ".", cwd=collection, collections=work)
        pages = work / "pages"
        pages.mkdir()
        options = ("--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", pages)
        run(*antsibull, "collection", *options, COLLECTION, cwd=collection, collections=work)
        shutil.copytree(collection / "docs/docsite/images", pages / "images")
        (pages / "ansible.inv").write_bytes(inventory(ANSIBLE_LABELS))
        site = work / "site"
        sphinx = (sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going")
        run(*sphinx, "-c", SITE, "-d", work / "doctrees", pages, site, cwd=work, collections=work)
        if html.exists():
            shutil.rmtree(html)
        html.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(site, html)


def is_replaceable(html: Path) -> bool:
    """Whether nothing is lost with the directory: it does not exist, is empty, or is a site that Sphinx has built."""
    return not html.exists() or (html.is_dir() and (not any(html.iterdir()) or (html / "objects.inv").is_file()))


def main() -> int:
    html = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".cache/docs"
    if not is_replaceable(html):
        print(f"{html} has other files than a site that was built here. Name another directory.", file=sys.stderr)
        return 2
    try:
        build(html)
    except subprocess.CalledProcessError as error:
        print(f"The documentation was not built: {' '.join(error.cmd)} ended with {error.returncode}.", file=sys.stderr)
        return 1
    print(f"The documentation is in {html / 'index.html'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make release` up to the tarball, in a copy of the checkout."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml
from ansible_collections.airfield.airflow.tests.collection_copy import copy_collection


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = copy_collection(tmp_path_factory.mktemp("release"))
    installed = f"{sys.prefix}/.test"
    # With the programs of this virtual environment, as they are.
    command = ["make", f"venv={sys.prefix}", f"--old-file={installed}", "RELEASE=--date 2026-12-01", "tarball"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


def test_the_changelog_has_the_version(released: Path) -> None:
    version = yaml.safe_load((released / "galaxy.yml").read_text())["version"]
    changes = yaml.safe_load((released / "changelogs/changelog.yaml").read_text())
    assert str(changes["releases"][version]["release_date"]) == "2026-12-01"
    assert f'<a id="v{version.replace(".", "-")}"></a>' in (released / "CHANGELOG.md").read_text()


def test_the_tarball_has_the_version_and_the_changelog(released: Path) -> None:
    metadata = yaml.safe_load((released / "galaxy.yml").read_text())
    with tarfile.open(released / f".cache/release/airfield-airflow-{metadata['version']}.tar.gz") as archive:
        names = archive.getnames()
        manifest = archive.extractfile("MANIFEST.json")
        assert manifest is not None
        info = yaml.safe_load(manifest.read())["collection_info"]
    assert {"CHANGELOG.md", "changelogs/changelog.yaml", "docs/docsite/extra-docs.yml"} <= set(names)
    assert [name for name in names if name.startswith(("docs/site", "docs/build.py", "changelogs/fragments"))] == []
    assert all(info[key].startswith("https://") for key in ("repository", "documentation", "homepage", "issues"))

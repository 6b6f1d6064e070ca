# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The built tarball: what is in it, and that it works from an empty directory without this checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.tests.end_to_end.playbook import (
    BIN,
    ROOT,
    environment,
    run_playbook,
    tree,
    write_inventory,
)

NAME = "airfield-tarball-test"
# What a role or a user of the tarball reads, each with a file that must be there.
NEEDED = (
    "README.md",
    "requirements.txt",
    "requirements.yml",
    "dags/local/poc_test_dag.py",
    "docs/docsite/extra-docs.yml",
    "docs/docsite/images/local.svg",
    "docs/docsite/rst/guide_quickstart.rst",
    "images/airflow/Dockerfile",
    "images/components/go.mod",
    "inventories/local/hosts.yml",
    "meta/ee-bindep.txt",
    "meta/execution-environment.yml",
    "meta/runtime.yml",
    "playbooks/site.yml",
    "playbooks/teardown.yml",
    "plugins/modules/placement.py",
    "roles/airflow/files/chart/Chart.yaml",
    "worker/pyproject.toml",
    "worker/src/airfield_host_worker/server.py",
)
# What only those need who work on the collection.
NOT_NEEDED = (
    "Makefile",
    "bench",
    "changelogs/fragments",
    "docs/build.py",
    "docs/site",
    "molecule",
    "pyproject.toml",
    "requirements-dev.txt",
    "tests",
    "worker/tests",
)
# What lies about in a used checkout and must not get in.
CACHES = (".venv", ".cache", ".pytest_cache", "plugins/__pycache__", "worker/.ruff_cache", "worker/src/left.egg-info")


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection, built from a copy of this checkout's own files, committed or not."""
    copy = tmp_path_factory.mktemp("checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listing.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for directory in CACHES:
        (copy / directory).mkdir(parents=True)
        (copy / directory / "left.over").touch()
    output = tmp_path_factory.mktemp("built")
    galaxy("build", str(copy), "--output-path", str(output))
    return next(output.glob("airfield-airflow-*.tar.gz"))


@pytest.fixture(scope="module")
def collections(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which the tarball is installed. What it depends on comes with the package `ansible`."""
    directory = tmp_path_factory.mktemp("collections")
    galaxy("install", str(tarball), "--offline", "--no-deps", "--collections-path", str(directory))
    return directory


def galaxy(*arguments: str) -> None:
    """Run `ansible-galaxy collection` outside the checkout, whose ansible.cfg must not help."""
    command = [str(BIN / "ansible-galaxy"), "collection", *arguments]
    result = subprocess.run(command, cwd="/", env=environment(), capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_tarball_has_what_users_need_and_nothing_else(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    assert [name for name in NEEDED if name not in names] == []
    assert [name for name in names if any(part.startswith(".") for part in Path(name).parts)] == []
    assert [
        name for name in names if any(name == part or name.startswith(f"{part}/") for part in (*NOT_NEEDED, *CACHES))
    ] == []


def test_site_from_the_tarball_passes_a_check_and_changes_nothing(collections: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    home = tmp_path / "home"
    inventory = write_inventory(tmp_path / "hosts.yml", NAME, home, airfield_source="packages")
    installed = tree(collections)
    run = run_playbook(
        "airfield.airflow.site",
        inventory,
        "--check",
        "--diff",
        cwd=empty,
        ANSIBLE_COLLECTIONS_PATH=str(collections),
        PYTHONPATH="",
        PYTHONDONTWRITEBYTECODE="1",
        # Without shared_archives: the archives of its modules are not those of the checkout's.
        ANSIBLE_CALLBACKS_ENABLED="airfield.airflow.progress",
    ).check()
    assert run.count("failed") == 0
    assert run.changed_tasks, f"nothing was looked at:\n{run.output}"
    assert not home.exists()
    assert list(empty.iterdir()) == []
    assert tree(collections) == installed
    assert str(ROOT / "roles") not in run.output
    nodes = ["docker", "ps", "--all", "--quiet", "--filter", f"label=io.x-k8s.kind.cluster={NAME}"]
    assert subprocess.run(nodes, capture_output=True, check=True).stdout == b""


def test_the_modules_of_the_tarball_are_documented(collections: Path) -> None:
    modules = sorted(
        file.stem for file in (collections / "ansible_collections/airfield/airflow/plugins/modules").glob("*.py")
    )
    command = [str(BIN / "ansible-doc"), *(f"airfield.airflow.{name}" for name in modules), "--json"]
    own = environment(ANSIBLE_COLLECTIONS_PATH=str(collections))
    result = subprocess.run(command, cwd="/", env=own, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert modules
    assert all(f'"airfield.airflow.{name}"' in result.stdout for name in modules), result.stderr
    assert sys.prefix not in result.stderr

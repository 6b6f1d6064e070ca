# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make test` reads nothing of the user's own caches: here they are full of what would turn a stage red."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.end_to_end.playbook import ROOT, tree
from ansible_collections.airfield.airflow.tests.isolation import KEPT

# A test of the stage `unit` that reads the manifests of Argo CD, which are made by the compiler and kustomize.
ONE_TEST = "-k test_no_part_of_dex_is_left --no-header"
POISON = "#!/bin/sh\necho poison >&2\nexit 99\n"


@pytest.fixture
def home(tmp_path: Path, versions: dict[str, Any]) -> Path:
    """The home of a user whose caches and state are poisoned."""
    cache = tmp_path / ".cache/airfield"
    programs = [cache / "bin" / name for name in ("helm", "kind", "kubectl", "kustomize")]
    programs += [cache / f"builds/{name}-{versions[name]}" / name for name in ("helm", "kind", "kustomize", "argocd")]
    programs += [cache / f"builds/go-{versions['go']}/bin/go"]
    others = [cache / f"builds/argocd-{versions['argocd']}/{name}.yaml" for name in ("install", "ha-install")]
    others += [tmp_path / f".local/state/airfield/{name}/source" for name in ("airfield", "airfield-test")]
    for file in (*programs, *others):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(POISON)
        file.chmod(0o755)
    return tmp_path


def environment(home: Path, **more: str) -> dict[str, str]:
    """A shell of that user, without an engine: the containers and images of the run that runs this test must stay."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AIRFIELD_")}
    return {**own, "HOME": str(home), "DOCKER_HOST": "unix:///nonexistent", "PYTEST_ADDOPTS": ONE_TEST, **more}


def run(command: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)


def test_a_stage_passes_on_poisoned_caches_and_leaves_them_alone(home: Path) -> None:
    before = tree(home)
    variables = environment(home, AIRFIELD_BUILD_CACHE_DIR=str(KEPT))
    done = run([sys.executable, "tests/run.py", "unit"], variables)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    # Its own lock is all that is new.
    assert {name: seen for name, seen in tree(home).items() if not name.startswith(".cache/airfield-test/")} == before


def test_the_poison_works(home: Path) -> None:
    """Without it the test above could pass because nothing reads these files in any case."""
    variables = environment(home, AIRFIELD_CACHE_DIR=str(home / ".cache/airfield"))
    done = run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", "tests/unit/roles/test_argocd_manifest.py"], variables
    )
    assert done.returncode == 1, done.stdout
    assert "poison" in done.stdout


def test_a_second_run_is_refused(home: Path) -> None:
    own = home / ".cache/airfield-test"
    own.mkdir()
    with (own / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run([sys.executable, "tests/run.py", "unit"], environment(home))
    assert done.returncode == 2
    assert f"Another run of the tests uses {own}." in done.stderr

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The separate environment of `make test`: a home, caches and image names. The user's own ones are not used.

Only the caches of Go and pip (including uv) are kept between runs, below AIRFIELD_BUILD_CACHE_DIR: they contain only
downloads and compiled packages.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

OWN = Path.home() / ".cache/airfield-test"
KEPT = Path(os.environ.get("AIRFIELD_BUILD_CACHE_DIR") or OWN / "kept")
HOME = OWN / "home"
CACHE = HOME / ".cache/airfield"
# The first part of the names of the images that the tests build. No registry has it.
IMAGES = "localhost/airfield-test"
# The names of the containers of the scenarios: nodes, Git servers, and the machines of the scenario `upstream`.
CONTAINERS = "^/airfield-(test|gitops-test|upstream-test)-"
# Docker's commands to list and to remove what a run created.
LIST_CONTAINERS = ("ps", "--all", "--quiet", f"--filter=name={CONTAINERS}")
LIST_VOLUMES = ("volume", "ls", "--quiet", "--filter=name=^airfield-test-")
LIST_IMAGES = ("image", "ls", "--format={{.Repository}}:{{.Tag}}", f"--filter=reference={IMAGES}/*")


class InUse(Exception):
    """Another run uses the home and the names of the containers."""


def environment() -> dict[str, str]:
    """The environment of every test: the user's, without variables that refer to files of the user."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFIELD_", "XDG_"))}
    # Everybody tests the same as CI, whatever the network. The other source is tested explicitly.
    source = os.environ.get("AIRFIELD_SOURCE") or "packages"
    return {
        **others,
        "HOME": str(HOME),
        "AIRFIELD_SOURCE": source,
        "AIRFIELD_CACHE_DIR": str(CACHE),
        "AIRFIELD_BUILD_CACHE_DIR": str(KEPT),
        "AIRFIELD_BUILT_REGISTRY": IMAGES,
        "PIP_CACHE_DIR": str(KEPT / "pip"),
        "UV_CACHE_DIR": str(KEPT / "uv"),
    }


@contextlib.contextmanager
def own_home() -> Iterator[None]:
    """Create the home and the caches, and remove the home and Docker's objects at the end.

    Leftovers of a killed run are removed first. Raises InUse while another run of this user is active.
    """
    OWN.mkdir(parents=True, exist_ok=True)
    with (OWN / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(
                f"Another run of the tests uses {OWN}. Wait until it has ended, then run this again."
            ) from error
        remove()
        CACHE.mkdir(parents=True)
        KEPT.mkdir(parents=True, exist_ok=True)
        try:
            yield
        finally:
            remove()


def keep_logs() -> Path:
    """Copy the logs of a failed run out of its home, which is removed; they replace those of the previous failure."""
    kept = OWN / "logs"
    if kept.exists():
        shutil.rmtree(kept)
    kept.mkdir(mode=0o700)
    for log in HOME.rglob("*.log"):
        if log.is_file() and not log.is_symlink():
            copy = kept / log.relative_to(HOME)
            copy.parent.mkdir(parents=True, exist_ok=True)
            # A log that goes meanwhile, or a full disk, must not hide the failure.
            with contextlib.suppress(OSError):
                shutil.copyfile(log, copy)
    return kept


def remove() -> None:
    """Remove what a run created: containers first, because they mount directories of the home and write there."""
    remove_containers()
    remove_from_docker(LIST_IMAGES, "image", "rm")
    if HOME.exists():
        shutil.rmtree(HOME)


def remove_containers() -> None:
    """Remove the containers of the scenarios. Those of a killed run are visible only when the engine runs again."""
    remove_from_docker(LIST_CONTAINERS, "container", "rm", "--force", "--volumes")
    remove_from_docker(LIST_VOLUMES, "volume", "rm")


def remove_from_docker(listing: Sequence[str], *removal: str) -> None:
    """Remove what a Docker command lists. Without an engine that answers there is nothing."""
    if not shutil.which("docker"):
        return
    listed = subprocess.run(["docker", *listing], capture_output=True, text=True, check=False)
    if names := listed.stdout.split():
        subprocess.run(["docker", *removal, *names], check=False, stdout=subprocess.DEVNULL)

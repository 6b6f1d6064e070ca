# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU time of the idle installation, with the embedded chart's probes and with the official chart's probe commands."""

from __future__ import annotations

import time
from collections import Counter

from ansible_collections.airfield.airflow.bench import official_probes
from ansible_collections.airfield.airflow.bench.figures import Figure, paired
from ansible_collections.airfield.airflow.bench.installation import NAMESPACE, kube_client
from ansible_collections.airfield.airflow.bench.pod_cpu import NotIdle, component, cpu_between, read_pods
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.workloads import judge

DEPLOYMENTS = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
ROLLOUT = 900
# The time for new pods to do what they do once: start, import, parse; and for the old ones to be removed.
SETTLE = 120


def probes(minutes: float) -> list[Figure]:
    client = kube_client()
    # Leftovers of a killed run would be taken for the embedded chart's probes.
    if _restore(client):
        _wait_for_rollout(client)
        _sleep(SETTLE, "the pods settle")
    for name in official_probes.JOB_TYPES:
        if official_probes.is_official(client.get(f"{DEPLOYMENTS}/airflow-{name}"), name):
            raise SystemExit(f"airflow-{name} has the official chart's probe. Measure with airfield_chart: embedded.")
    _wait_for_rollout(client)
    ours = _measure(client, minutes, "embedded chart's probes")
    try:
        for name in official_probes.JOB_TYPES:
            path = f"{DEPLOYMENTS}/airflow-{name}"
            client.patch(path, official_probes.to_official(client.get(path), name))
        _wait_for_rollout(client)
        _sleep(SETTLE, "the pods settle")
        theirs = _measure(client, minutes, "official chart's probes")
    finally:
        _restore(client)
        _wait_for_rollout(client)
    print(f"\nseconds of CPU in {minutes:g} min   embedded   official")
    for name in sorted(ours.keys() | theirs.keys()):
        print(f"{name:<26} {ours[name]:>10.1f} {theirs[name]:>10.1f}", flush=True)
    what = f"CPU in {minutes:g} idle min, probes embedded / official"
    return [paired("probes", what, [ours.total()], [theirs.total()])]


def _restore(client: KubeClient) -> bool:
    """Restore the previous probes of the Deployments. Returns whether one had others."""
    changed = False
    for name in official_probes.JOB_TYPES:
        path = f"{DEPLOYMENTS}/airflow-{name}"
        patch = official_probes.to_original(client.get(path), name)
        if patch:
            client.patch(path, patch)
            changed = True
    return changed


def _measure(client: KubeClient, minutes: float, what: str) -> Counter[str]:
    """CPU seconds by component."""
    first, restarts = read_pods(client, NAMESPACE), _restarts(client)
    _sleep(minutes * 60, f"measuring with the {what}")
    try:
        used = cpu_between(first, read_pods(client, NAMESPACE), minutes * 60)
    except NotIdle as error:
        raise SystemExit(str(error)) from error
    if failed := _restarts(client) - restarts:
        print(f"with the {what}, containers were restarted {failed} times", flush=True)
    total: Counter[str] = Counter()
    for pod, cpu in used.items():
        total[component(pod)] += cpu  # type: ignore[assignment]  # a Counter adds up fractions as well
    return total


def _restarts(client: KubeClient) -> int:
    pods = client.get(f"/api/v1/namespaces/{NAMESPACE}/pods")["items"]
    statuses = [status for pod in pods for status in pod["status"].get("containerStatuses") or []]
    return sum(status["restartCount"] for status in statuses)


def _wait_for_rollout(client: KubeClient) -> None:
    deadline = time.monotonic() + ROLLOUT
    while True:
        looks = [judge("Deployment", client.get(f"{DEPLOYMENTS}/airflow-{name}")) for name in official_probes.JOB_TYPES]
        lacking = [f"{look.name}: {look.lacks}" for look in looks if look.lacks]
        if not lacking:
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"Timed out after {ROLLOUT} s waiting for the rollout: {'; '.join(lacking)}.")
        print(f"waiting for the rollout: {'; '.join(lacking)}", flush=True)
        time.sleep(10)


def _sleep(seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        print(f"{what}: {left:.0f} s left", flush=True)
        time.sleep(min(15, left))

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fake nodes and pods in a real cluster: KWOK instead of their kubelets, plain requests to create and remove them."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError, refusal
from ansible_collections.airfield.airflow.plugins.module_utils._kube.pod_table import PodList, PodRow, fold_pods
from ansible_collections.airfield.airflow.plugins.module_utils._kube.transport import Transport, open_transport

NAMESPACE = "bench"
LABEL_KEY, LABEL_VALUE = "app.kubernetes.io/managed-by", "airfield-bench"
LABEL = f"{LABEL_KEY}={LABEL_VALUE}"
NODE_ROLE = {"role": "airfield-bench"}
NODE_PREFIX = "bench-node-"
KWOK_ANNOTATION = "kwok.x-k8s.io/node"
PODS = f"/api/v1/namespaces/{NAMESPACE}/pods"
THREADS = 8
PER_SECOND = 400  # a rate at which a Kubernetes API server on two cores still answers others
Json = dict[str, Any]
T = TypeVar("T")


class FakeCluster:
    """Fake nodes and pods, with a kubeconfig and a running KWOK."""

    def __init__(self, kubeconfig: str, kwok: str, log: Path) -> None:
        self._kubeconfig = kubeconfig
        self._kwok = kwok
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._threads = threading.local()
        self._client = KubeClient(open_transport(kubeconfig, None))

    def create(self, nodes: int, pods: int) -> None:
        """Create everything and wait until KWOK has set every pod to Running."""
        self._start()
        self._send("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE, "labels": {LABEL_KEY: LABEL_VALUE}}})
        names = [f"{NODE_PREFIX}{number:03d}" for number in range(nodes)]
        self._in_parallel(lambda name: self._send("POST", "/api/v1/nodes", _node(name)), names)
        # Pods of a namespace are rejected until its default ServiceAccount exists.
        account = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/default"
        self._until("the namespace's ServiceAccount exists", 60, lambda: "" if self._exists(account) else "it does not")

        started = time.monotonic()
        made = [0]

        def make(number: int) -> None:
            time.sleep(max(0.0, started + number / PER_SECOND - time.monotonic()))
            self._send("POST", PODS, _pod(f"task-{number:05d}", names[number % nodes]))
            made[0] += 1
            if made[0] % 1000 == 0:
                _say(f"{made[0]} of {pods} pods created, {time.monotonic() - started:.0f} s")

        self._in_parallel(make, range(pods))
        # Each check reads all pods, which slows down KWOK's requests to the Kubernetes API.
        self._until("every pod is Running", 900, self._not_running, pause=10)

    def remove(self) -> None:
        """Remove what this or a killed run created; nothing without its label."""
        # KWOK answers each deletion with another one: 20 pods per second are removed with it, 90 without it.
        self.stop()
        namespace = self._get_or_none(f"/api/v1/namespaces/{NAMESPACE}")
        if namespace and (namespace["metadata"].get("labels") or {}).get(LABEL_KEY) != LABEL_VALUE:
            raise SystemExit(f"The cluster's namespace {NAMESPACE} was not created by this bench. Use another cluster.")
        started = time.monotonic()
        while namespace and self._client.get(PODS, {"limit": 1})["items"]:
            # In parts, because a request for all 10,000 ends in a timeout; immediately, because nothing has to be
            # stopped.
            self._send("DELETE", f"{PODS}?limit=500", {"gracePeriodSeconds": 0, "propagationPolicy": "Background"})
            _say(f"removing the pods, {time.monotonic() - started:.0f} s")
        if namespace:
            self._send("DELETE", f"/api/v1/namespaces/{NAMESPACE}", None)
        self._send("DELETE", f"/api/v1/nodes?labelSelector={LABEL_KEY}%3D{LABEL_VALUE}", None)
        path = f"/api/v1/namespaces/{NAMESPACE}"
        self._until(f"the namespace {NAMESPACE} is gone", 300, lambda: "it is there" if self._exists(path) else "")
        # Pods of the cluster's DaemonSets were on the nodes too; Kubernetes removes them within a minute or two.
        self._until("no pod is on a node that is gone", 300, self._on_fake_nodes, pause=10)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _start(self) -> None:
        argv = [
            self._kwok,
            "--kubeconfig",
            self._kubeconfig,
            "--manage-all-nodes=false",
            f"--manage-nodes-with-annotation-selector={KWOK_ANNOTATION}=fake",
        ]
        with open(self._log, "wb") as output:
            try:
                self._process = subprocess.Popen(argv, stdout=output, stderr=subprocess.STDOUT)
            except OSError as error:
                raise SystemExit(f"{self._kwok} cannot be started: {error.strerror}. Give --kwok its path.") from error

    def _until(self, what: str, seconds: float, lacking: Callable[[], str], pause: float = 2) -> None:
        """Wait until ``lacking`` returns nothing, and report what it returns."""
        started = time.monotonic()
        while lacks := lacking():
            elapsed = time.monotonic() - started
            if elapsed > seconds:
                raise SystemExit(f"Timed out after {seconds:g} s waiting until {what}: {lacks}.")
            _say(f"waiting until {what}: {lacks}, {elapsed:.0f} s")
            time.sleep(pause)

    def _not_running(self) -> str:
        if self._process and self._process.poll() is not None:
            raise SystemExit(f"kwok ended:\n{self._log.read_text(errors='replace')[-3000:]}")

        def add(statuses: Counter[str], row: PodRow) -> None:
            statuses[row.status] += 1

        statuses = fold_pods(self._client, PodList(NAMESPACE, True), "", False, Counter[str], add)
        return _number(statuses.total() - statuses["Running"])

    def _on_fake_nodes(self) -> str:
        def add(nodes: Counter[str], row: PodRow) -> None:
            if row.node and row.node.startswith(NODE_PREFIX):
                nodes[row.node] += 1

        return _number(fold_pods(self._client, PodList(None, True), "", False, Counter[str], add).total())

    def _in_parallel(self, call: Callable[[T], None], things: Iterable[T]) -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            futures = [pool.submit(call, thing) for thing in things]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _send(self, method: str, path: str, body: Json | None) -> None:
        """Send one request, again while the server says that it is too busy."""
        transport: Transport | None = getattr(self._threads, "transport", None)
        if transport is None:
            transport = self._threads.transport = open_transport(self._kubeconfig, None)
        data = None if body is None else json.dumps(body).encode()
        for _attempt in range(20):
            headers = {"Accept": "application/json", "Content-Type": "application/json"}
            status, answer = transport.send(method, path, headers, data)
            if status == 429:
                time.sleep(1)
                continue
            # A POST whose answer was lost may be there already; what is to be deleted may be gone.
            if 200 <= status < 300 or (method, status) in (("POST", 409), ("DELETE", 404)):
                return
            raise SystemExit(str(refusal(transport.server, method, path, status, answer)))
        raise SystemExit(f"{transport.server} is too busy for {method} {path}, 20 times in a row.")

    def _get_or_none(self, path: str) -> Json | None:
        try:
            return self._client.get(path)
        except KubeError as error:
            if error.status != 404:
                raise SystemExit(str(error)) from error
            return None

    def _exists(self, path: str) -> bool:
        return self._get_or_none(path) is not None


def _number(pods: int) -> str:
    return f"{pods} pods" if pods else ""


def _say(line: str) -> None:
    print(line, flush=True)


def _node(name: str) -> Json:
    # Without kubernetes.io/os, so that kube-proxy is not scheduled there.
    labels = {LABEL_KEY: LABEL_VALUE, "kubernetes.io/hostname": name, **NODE_ROLE}
    size = {"cpu": "32", "memory": "256Gi", "pods": "500"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": labels,
            "annotations": {KWOK_ANNOTATION: "fake"},
        },
        # Keeps the cluster's real pods away.
        "spec": {"taints": [{"key": KWOK_ANNOTATION, "value": "fake", "effect": "NoSchedule"}]},
        "status": {"capacity": size, "allocatable": size},
    }


def _pod(name: str, node: str) -> Json:
    """A pod of about the size of one of Airflow's task pods, already on its node: the scheduler is not measured."""
    variables = [{"name": f"AIRFLOW__BENCH__OPTION_{number}", "value": "x" * 40} for number in range(12)]
    mounts = [{"name": "logs", "mountPath": "/opt/airflow/logs"}, {"name": "dags", "mountPath": "/opt/airflow/dags"}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "labels": {LABEL_KEY: LABEL_VALUE, "dag_id": "bench", "task_id": "task", "kubernetes_executor": "True"},
            "annotations": {"dag_id": "bench", "task_id": "task", "run_id": f"bench-{name}", "try_number": "1"},
        },
        "spec": {
            "nodeName": node,
            "automountServiceAccountToken": False,
            "restartPolicy": "Never",
            "tolerations": [{"key": KWOK_ANNOTATION, "operator": "Exists"}],
            "containers": [{"name": "base", "image": "localhost/fake:1", "env": variables, "volumeMounts": mounts}],
            "volumes": [{"name": "logs", "emptyDir": {}}, {"name": "dags", "emptyDir": {}}],
        },
    }

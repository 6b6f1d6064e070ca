# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a commit to its effect: values with Argo CD, by webhook and by polling, and DAGs with Airflow's own bundle.

It measures the installation of inventories/gitops, and restores both repositories at the end.
"""

from __future__ import annotations

import base64
import configparser
import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from ansible_collections.airfield.airflow.bench.bench_file import MARK, BenchFile, Repository, bench_file
from ansible_collections.airfield.airflow.bench.figures import Figure, paired
from ansible_collections.airfield.airflow.bench.installation import kube_client
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, ApiSettings
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError

Json = dict[str, Any]
KUBECONFIG = Path.home() / ".local/state/airfield/airfield-gitops/kubeconfig"
NAMESPACE, ARGOCD = "airflow-core", "argocd"
URL = "http://127.0.0.1:8080"
REPOSITORIES = {"labelSelector": "argocd.argoproj.io/secret-type=repository"}
APPLICATION = f"/apis/argoproj.io/v1alpha1/namespaces/{ARGOCD}/applications/airflow"
SERVICE = f"/api/v1/namespaces/{NAMESPACE}/services/airflow-api-server"
VALUES = "airflow/values.yml"
ANNOTATION = f"{MARK}/commit"
DAG = "example_user_dag"
# How long a change may take before the bench gives up: several times the longest polling interval.
LONGEST = 900.0
# Default intervals in seconds: of Argo CD's polling (argocd-cm), and of Airflow's refresh of a bundle (airflow.cfg).
DEFAULT_RECONCILIATION = "120s"
DEFAULT_REFRESH = 300


class Bundle(NamedTuple):
    """The GitDagBundle of airflow.cfg; ``refresh`` is its interval in seconds."""

    url: str
    branch: str
    subdir: str
    refresh: float


def gitops(pairs: int) -> list[Figure]:
    client = kube_client(KUBECONFIG, NAMESPACE, "`make up INVENTORY=inventories/gitops`")
    try:
        # Before the first push: a running site.yml waits for the commit that it made itself.
        require_calm(client.get(APPLICATION))
        return [_values(client, pairs), _dags(client, pairs)]
    except (ApiError, KubeError) as error:
        raise SystemExit(str(error)) from error


def _values(client: KubeClient, pairs: int) -> Figure:
    secrets = client.get(f"/api/v1/namespaces/{ARGOCD}/secrets", REPOSITORIES)
    repository = platform_of(client.get(APPLICATION), [decoded(secret) for secret in secrets["items"]])
    settings = client.get(f"/api/v1/namespaces/{ARGOCD}/configmaps/argocd-cm").get("data") or {}
    polling = settings.get("timeout.reconciliation") or DEFAULT_RECONCILIATION
    ours, other = [], []
    with bench_file(repository, VALUES) as file:
        if file.restore():
            print("a killed run has left its change: reverting it first", flush=True)
        try:
            for number in range(pairs):
                ours.append(_until_applied(client, file, f"{MARK}-{number}-webhook", webhook=True))
                # Argo CD has just polled. A commit may come at any time, so wait for a part of the interval.
                _sleep(offset(number, pairs, seconds(polling)), "until a commit without the webhook")
                other.append(_until_applied(client, file, f"{MARK}-{number}-polling", webhook=False))
                print(f"applied after {ours[-1]:.2f} s by webhook, {other[-1]:.1f} s by polling", flush=True)
        finally:
            if file.restore():
                _wait(lambda: annotation(client.get(SERVICE)) is None, "the original values are back")
    what = f"commit until applied, webhook / polling every {polling}"
    return paired("gitops", what, ours, other, goal="ours in 5 s")


def _until_applied(client: KubeClient, file: BenchFile, stamp: str, webhook: bool) -> float:
    """Seconds from before the push until the Service in the cluster has the annotation."""
    text = with_annotation(file.original, stamp)
    started = time.monotonic()
    file.push(text, webhook)
    _wait(lambda: annotation(client.get(SERVICE)) == stamp, f"the commit {stamp} is applied")
    return time.monotonic() - started


def _dags(client: KubeClient, pairs: int) -> Figure:
    config = client.get(f"/api/v1/namespaces/{NAMESPACE}/configmaps/airflow-config")["data"]["airflow.cfg"]
    bundle = bundle_of(config)
    login = decoded(client.get(f"/api/v1/namespaces/{NAMESPACE}/secrets/dags-git-basic"))
    repository = Repository(bundle.url, bundle.branch, login["GITSYNC_USERNAME"], login["GITSYNC_PASSWORD"])
    admin = decoded(client.get(f"/api/v1/namespaces/{NAMESPACE}/secrets/airflow-admin"))
    api = ApiClient(ApiSettings(URL, admin["username"], admin["password"]))
    ours = []
    path = "/".join(filter(None, [bundle.subdir.strip("/"), api.get("dags", DAG)["relative_fileloc"]]))
    with bench_file(repository, path) as file:
        file.restore()
        for number in range(pairs):
            _sleep(offset(number, pairs, bundle.refresh), "until a commit of the DAG")
            ours.append(_until_live(api, file, f"{file.original}\n# {MARK} {number}\n"))
            print(f"{DAG} live after {ours[-1]:.1f} s", flush=True)
    # Not measured: on average a commit waits for half the interval, plus the time to parse the DAG.
    computed = [DEFAULT_REFRESH / 2] * len(ours)
    what = f"commit until live DAG, refresh {bundle.refresh:g} s / {DEFAULT_REFRESH} s (computed)"
    return paired("gitops", what, ours, computed)


def _until_live(api: ApiClient, file: BenchFile, text: str) -> float:
    """Seconds from before the push until Airflow's API reports that the DAG is from this commit."""
    started = time.monotonic()
    commit = file.push(text)
    query = {"order_by": "-version_number", "limit": 1}
    _wait(lambda: newest_commit(api.get("dags", DAG, "dagVersions", query=query)) == commit, f"{DAG} is of {commit}")
    return time.monotonic() - started


# Pure functions from here on.


def require_calm(application: Json) -> None:
    status = application.get("status") or {}
    sync, health = (str((status.get(key) or {}).get("status")) for key in ("sync", "health"))
    if (sync, health) != ("Synced", "Healthy") or (status.get("operationState") or {}).get("phase") == "Running":
        raise SystemExit(
            f"The Application is {sync} and {health}: something is changing it. Measure when site.yml has finished."
        )


def decoded(secret: Json) -> dict[str, str]:
    return {key: base64.b64decode(value).decode() for key, value in (secret.get("data") or {}).items()}


def platform_of(application: Json, repositories: Iterable[Mapping[str, str]]) -> Repository:
    """The repository with the values: the only source, or the one of several sources that the others refer to."""
    spec = application["spec"]
    sources = spec.get("sources") or [spec["source"]]
    source = next((item for item in sources if item.get("ref")), sources[0])
    url, branch = source["repoURL"], source["targetRevision"]
    for repository in repositories:
        if repository.get("url") == url and repository.get("password"):
            return Repository(url, branch, repository.get("username"), repository["password"])
    raise SystemExit(f"Argo CD has no repository Secret with a password for {url}, so the bench cannot push there.")


def with_annotation(values: str, stamp: str) -> str:
    """The chart's values with an annotation on the Service of Airflow's API server, which restarts no pod."""
    content: Json = yaml.safe_load(values) or {}
    service = content.setdefault("apiServer", {}).setdefault("service", {})
    service["annotations"] = {**(service.get("annotations") or {}), ANNOTATION: stamp}
    return yaml.safe_dump(content, sort_keys=False)


def annotation(service: Json) -> str | None:
    annotation_value: str | None = (service["metadata"].get("annotations") or {}).get(ANNOTATION)
    return annotation_value


def bundle_of(config: str) -> Bundle:
    """The first GitDagBundle of an airflow.cfg, in which a percent sign is doubled."""
    parser = configparser.ConfigParser()
    parser.read_string(config)
    bundles = parser.get("dag_processor", "dag_bundle_config_list", fallback="[]")
    for bundle in json.loads(bundles):
        if bundle["classpath"].endswith(".GitDagBundle"):
            arguments = bundle["kwargs"]
            refresh = float(arguments.get("refresh_interval", DEFAULT_REFRESH))
            return Bundle(arguments["repo_url"], arguments["tracking_ref"], arguments.get("subdir") or "", refresh)
    raise SystemExit("Airflow reads no DAGs from Git here: set airfield_dags_method to git_bundle.")


def newest_commit(versions: Json) -> str | None:
    """The commit of the newest version of a DAG; Airflow updates it when the commit changed nothing else."""
    dag_versions = versions.get("dag_versions") or [{}]
    commit: str | None = max(dag_versions, key=lambda version: version.get("version_number", 0)).get("bundle_version")
    return commit


def seconds(duration: str) -> float:
    """A duration in Go's format, such as ``120s``, ``3m`` or ``2m30s``."""
    total, digits = 0.0, ""
    for character in duration:
        if character in "hms":
            total += float(digits) * {"h": 3600, "m": 60, "s": 1}[character]
            digits = ""
        else:
            digits += character
    return total


def offset(number: int, runs: int, interval: float) -> float:
    """When in the interval to commit, so that the runs are spread evenly over it and their mean is unbiased."""
    return (number + 0.5) / runs * interval


def _wait(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + LONGEST
    next_message = time.monotonic() + 15
    while not done():
        now = time.monotonic()
        if now > end:
            raise SystemExit(f"Timed out after {LONGEST:.0f} s waiting until {what}.")
        if now > next_message:
            print(f"waiting until {what}", flush=True)
            next_message = now + 15
        time.sleep(0.2)


def _sleep(length: float, what: str) -> None:
    end = time.monotonic() + length
    while (left := end - time.monotonic()) > 0:
        print(f"{what}: {left:.0f} s left", flush=True)
        time.sleep(min(15, left))

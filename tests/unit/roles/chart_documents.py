# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests look for in the documents that the embedded chart renders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml

Values = dict[str, Any]
Documents = dict[tuple[str, str], Values]
Render = Callable[[Values], Documents]


def pod_specs(documents: Documents) -> Iterator[tuple[str, Values]]:
    """Yield the pods of the Deployments and Jobs, and the task pods' template."""
    for (kind, name), document in documents.items():
        if kind in ("Deployment", "Job"):
            yield name, document["spec"]["template"]["spec"]
        elif kind == "ConfigMap" and "pod_template_file.yaml" in document["data"]:
            yield "worker", yaml.safe_load(document["data"]["pod_template_file.yaml"])["spec"]


def containers(spec: Values) -> list[Values]:
    return [*spec.get("initContainers", []), *spec["containers"]]


def deployment(documents: Documents, name: str, namespace: str = "airflow") -> Values:
    return documents["Deployment", f"{namespace}/{name}"]


def secrets(spec: Values) -> set[str]:
    """Return the Secrets that a pod reads, by environment or by volume."""
    found = {volume["secret"]["secretName"] for volume in spec["volumes"] if "secret" in volume}
    for container in containers(spec):
        found |= {source["secretRef"]["name"] for source in container.get("envFrom", []) if "secretRef" in source}
        for entry in container.get("env", []):
            found |= {ref["name"] for kind, ref in entry.get("valueFrom", {}).items() if kind == "secretKeyRef"}
    return found


def mounts(container: Values) -> dict[str, Values]:
    """Return a container's mounts by their directory."""
    return {mount["mountPath"]: mount for mount in container["volumeMounts"]}


def environment(container: Values) -> Values:
    """Return a container's environment; a variable from a Secret as secret/key."""
    found = {}
    for entry in container["env"]:
        reference = entry.get("valueFrom", {}).get("secretKeyRef")
        found[entry["name"]] = f"{reference['name']}/{reference['key']}" if reference else entry["value"]
    return found

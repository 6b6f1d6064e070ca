# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module overview returns: the data, and what in it needs attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._status.reading import Overview

Json = dict[str, Any]
# Of the result of the module airflow_info, which also contains its arguments.
OF_AIRFLOW = ("version", "healthy", "health", "executor", "msg")


def result_of(overview: Overview, airflow: Mapping[str, Any] | None) -> Json:
    """``airflow`` is what the module airflow_info returned, None if it was not called."""
    needs = attention(overview, airflow)
    return {
        "healthy": not needs,
        "attention": needs,
        "airflow": None if airflow is None else {key: airflow.get(key) for key in OF_AIRFLOW},
        "versions": overview.versions,
        "applications": overview.applications,
        "pods": overview.pods,
        "nodes": overview.nodes,
        "usage": {"source": overview.usage.source, "unknown": overview.usage.unknown},
        # Not `warnings`: Ansible shows a result's key of that name as its own warnings.
        "recent_warnings": overview.warnings,
    }


def attention(overview: Overview, airflow: Mapping[str, Any] | None) -> list[str]:
    """What needs attention, the most important first; empty when everything is healthy."""
    needs = [trouble] if airflow is not None and (trouble := airflow_trouble(airflow)) else []
    needs += [f"node {node['name']}: {node['trouble']}" for node in overview.nodes if node["trouble"]]
    for application in overview.applications or []:
        if application["sync"] != "Synced" or application["health"] != "Healthy":
            needs.append(f"Application {application['name']} is {application['sync']} and {application['health']}")
        elif application["reasons"]:
            needs.append(f"Application {application['name']}: {application['reasons'][0]}")
    if overview.applications == []:
        needs.append("Argo CD has no Application")
    needs += [f"pod {pod['namespace']}/{pod['name']}: {pod['trouble']}" for pod in overview.pods if pod["trouble"]]
    needs += [f"unknown: {reason}" for reason in overview.unknown]
    if not overview.pods and not overview.unknown:
        needs.append("there is no pod in these namespaces")
    return needs


def airflow_trouble(airflow: Mapping[str, Any]) -> str:
    if airflow.get("version") is None:
        return f"Airflow does not answer: {airflow.get('msg') or 'no reason given'}"
    if airflow.get("healthy"):
        return ""
    return f"Airflow {airflow['version']} is not healthy: {components(airflow, healthy=False)}"


def components(airflow: Mapping[str, Any], healthy: bool) -> str:
    """The components of Airflow that are healthy, or those that are not, with their statuses."""
    statuses = {name: (component or {}).get("status") for name, component in (airflow.get("health") or {}).items()}
    names = [name for name, status in statuses.items() if (status == "healthy") is healthy]
    return ", ".join(name if healthy else f"{name} {statuses[name] or 'has never run'}" for name in names) or "nothing"

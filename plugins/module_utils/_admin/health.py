# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Airflow's components are healthy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.polling import wait_for

COMPONENTS = ["metadatabase", "scheduler", "dag_processor", "triggerer"]


def gather_health(client: ApiClient, params: Mapping[str, Any]) -> JsonObject:
    """The health as the module returns it, after waiting for it if that was requested."""

    def look() -> tuple[JsonObject | None, str]:
        health = health_of(client)
        missing = unhealthy(health, params["components"])
        state = ", ".join(f"{name} is {status}" for name, status in missing.items())
        return (None if missing else health), state

    if params["wait"]:
        timeout, interval = params["wait_timeout"], params["poll_interval"]
        health = wait_for(client, "Airflow to become healthy", look, timeout=timeout, interval=interval)
    else:
        health = health_of(client)
    return {"healthy": not unhealthy(health, params["components"]), "health": health}


def health_of(client: ApiClient) -> JsonObject:
    """Each component's status and latest heartbeat; the answer is 200 even when none is healthy, so read its body."""
    answer = client.get("monitor", "health", anonymous=True)
    return {
        name: {"status": component.get("status"), "latest_heartbeat": component.get(f"latest_{name}_heartbeat")}
        for name, component in answer.items()
        if isinstance(component, dict)
    }


def unhealthy(health: JsonObject, components: list[str]) -> dict[str, str]:
    """The components that are not healthy, with their status."""
    statuses = {name: (health.get(name) or {}).get("status") for name in components}
    return {name: status or "not running" for name, status in statuses.items() if status != "healthy"}

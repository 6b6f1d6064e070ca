# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module returns."""

from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.module_utils._argocd.status import ApplicationStatus, Json


def returned(live: Json | None, params: Json, waited: float) -> Json:
    """What the module returns about an Application; of one that does not exist all is empty."""
    seen = ApplicationStatus(live or {"metadata": {"name": params["name"], "namespace": params["namespace"]}})
    operation = seen.operation
    return {
        "application": {
            "name": params["name"],
            "namespace": params["namespace"],
            "project": seen.spec.get("project") or params["project"],
        },
        "sync": {
            "status": seen.sync,
            "revision": seen.revisions[0] if seen.revisions else None,
            "revisions": seen.revisions,
        },
        "health": {"status": seen.health, "message": seen.health_message},
        "operation": {
            "phase": seen.phase or None,
            "message": operation.get("message"),
            "started": operation.get("startedAt"),
            "finished": operation.get("finishedAt"),
        },
        "resources": [
            {
                "kind": resource.get("kind"),
                "namespace": resource.get("namespace") or "",
                "name": resource.get("name"),
                "status": resource.get("status"),
                "health": (resource.get("health") or {}).get("status"),
            }
            for resource in seen.resources
        ],
        "images": seen.images,
        "conditions": [
            {"type": condition.get("type"), "message": condition.get("message")} for condition in seen.conditions
        ],
        "waited": waited,
    }

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The official chart's probes instead of the embedded chart's, and back.

The previous probes of a Deployment are kept in an annotation, so that a bench that was killed can be reverted too.
"""

from __future__ import annotations

import copy
import json
from typing import Any

Json = dict[str, Any]
ANNOTATION = "airfield-bench/probes"
PROBES = ("livenessProbe", "startupProbe")
# Components whose probe is a command in the official chart 1.22.0, and the job type that it checks. The probes of
# Airflow's API server are HTTP requests in both charts.
JOB_TYPES = {"scheduler": "SchedulerJob", "dag-processor": "DagProcessorJob", "triggerer": "TriggererJob"}
# Only the scheduler has a startup probe there.
STARTUP = {"scheduler": {"initialDelaySeconds": 0, "timeoutSeconds": 20, "failureThreshold": 6, "periodSeconds": 10}}
LIVENESS = {"initialDelaySeconds": 10, "timeoutSeconds": 20, "failureThreshold": 5, "periodSeconds": 60}


def official(component: str) -> Json:
    """The probes that the official chart gives to a component (its values and chart/templates/_helpers.yaml)."""
    script = (
        "CONNECTION_CHECK_MAX_COUNT=0 AIRFLOW__LOGGING__LOGGING_LEVEL=ERROR exec /entrypoint "
        f"airflow jobs check --job-type {JOB_TYPES[component]} --local"
    )
    command = {"exec": {"command": ["sh", "-c", script]}}
    probes: Json = {"livenessProbe": {**LIVENESS, **command}}
    if component in STARTUP:
        probes["startupProbe"] = {**STARTUP[component], **command}
    return probes


def to_official(deployment: Json, component: str) -> Json:
    """The merge patch that replaces the probes."""
    before = {name: probe for name, probe in _container(deployment, component).items() if name in PROBES}
    return _patch(deployment, component, official(component), json.dumps(before))


def to_original(deployment: Json, component: str) -> Json | None:
    """The merge patch that reverts ``to_official``; None if there is nothing to revert."""
    kept = (deployment["metadata"].get("annotations") or {}).get(ANNOTATION)
    return None if kept is None else _patch(deployment, component, json.loads(kept), None)


def is_official(deployment: Json, component: str) -> bool:
    """Whether the probe already is one of the official chart's commands."""
    probe = _container(deployment, component).get("livenessProbe") or {}
    return "airflow jobs check" in json.dumps(probe.get("exec") or {})


def _patch(deployment: Json, component: str, probes: Json, kept: str | None) -> Json:
    # A merge patch replaces lists as a whole.
    containers = copy.deepcopy(deployment["spec"]["template"]["spec"]["containers"])
    for container in containers:
        if container["name"] == component:
            for name in PROBES:
                container.pop(name, None)
            container.update(probes)
    return {
        "metadata": {"annotations": {ANNOTATION: kept}},
        "spec": {"template": {"spec": {"containers": containers}}},
    }


def _container(deployment: Json, component: str) -> Json:
    for container in deployment["spec"]["template"]["spec"]["containers"]:
        if container["name"] == component:
            return dict(container)
    raise SystemExit(f"The Deployment {deployment['metadata']['name']} has no container {component}.")

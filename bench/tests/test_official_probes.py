# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from ansible_collections.airfield.airflow.bench import official_probes

Json = dict[str, Any]
OWN = {"httpGet": {"path": "/health", "port": 8974}, "periodSeconds": 30}
DEPLOYMENT: Json = {
    "metadata": {"name": "airflow-triggerer", "annotations": {"deployment.kubernetes.io/revision": "1"}},
    "spec": {
        "replicas": 1,
        "template": {
            "spec": {
                "containers": [
                    {"name": "sidecar", "livenessProbe": {"exec": {"command": ["true"]}}},
                    {"name": "triggerer", "image": "a", "livenessProbe": OWN, "startupProbe": OWN},
                ]
            }
        },
    },
}


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def test_probes_are_exchanged_and_restored_exactly() -> None:
    before = copy.deepcopy(DEPLOYMENT)
    changed = merged(DEPLOYMENT, official_probes.to_official(DEPLOYMENT, "triggerer"))
    sidecar, container = changed["spec"]["template"]["spec"]["containers"]
    assert sidecar == before["spec"]["template"]["spec"]["containers"][0]
    kept = json.loads(changed["metadata"]["annotations"][official_probes.ANNOTATION])
    assert kept == {"livenessProbe": OWN, "startupProbe": OWN}
    # The triggerer has no startup probe in the official chart.
    assert container.keys() == {"name", "image", "livenessProbe"}
    assert not official_probes.is_official(DEPLOYMENT, "triggerer")
    assert official_probes.is_official(changed, "triggerer")
    patch = official_probes.to_original(changed, "triggerer")
    assert patch is not None
    assert merged(changed, patch) == before == DEPLOYMENT


def test_nothing_is_undone_twice() -> None:
    assert official_probes.to_original(DEPLOYMENT, "triggerer") is None
    assert official_probes.to_original({"metadata": {"name": "x"}}, "triggerer") is None


@pytest.mark.parametrize("component", official_probes.JOB_TYPES)
def test_probes_are_those_of_the_official_chart(component: str) -> None:
    probes = official_probes.official(component)
    liveness = probes["livenessProbe"]
    assert liveness["exec"]["command"][:2] == ["sh", "-c"]
    assert liveness["exec"]["command"][2].endswith(f" --job-type {official_probes.JOB_TYPES[component]} --local")
    assert (liveness["periodSeconds"], liveness["timeoutSeconds"]) == (60, 20)
    assert ("startupProbe" in probes) == (component == "scheduler")


def test_a_foreign_deployment_is_refused() -> None:
    with pytest.raises(SystemExit, match="airflow-triggerer has no container scheduler"):
        official_probes.to_official(DEPLOYMENT, "scheduler")

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._status.applications import application_record
from ansible_collections.airfield.airflow.plugins.module_utils._status.reading import Overview
from ansible_collections.airfield.airflow.plugins.module_utils._status.result import attention, result_of
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import Json
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import (
    AIRFLOW,
    BROKEN,
    NEVER,
    NOW,
    application,
    container,
    node,
    overview,
    pod,
)


@pytest.mark.parametrize(
    ("made", "airflow", "needs"),
    [
        (overview(), AIRFLOW, []),
        (overview(), None, []),
        (overview(), BROKEN, ["Airflow 3.3.2 is not healthy: scheduler unhealthy"]),
        (overview(), NEVER, ["Airflow 3.3.2 is not healthy: triggerer has never run"]),
        (overview(), {"failed": True, "msg": "refused"}, ["Airflow does not answer: refused"]),
        (overview(), {}, ["Airflow does not answer: no reason given"]),
        (overview(made=[node(ready="False")]), None, ["node cp: not ready (no status reported)"]),
        (overview(applications=[]), None, ["Argo CD has no Application"]),
        (
            overview(applications=[application_record(application("OutOfSync"), NOW)]),
            None,
            ["Application airflow is OutOfSync and Healthy"],
        ),
        (
            overview(
                applications=[application_record(application(conditions=[{"type": "SyncError", "message": "no"}]), NOW)]
            ),
            None,
            ["Application airflow: SyncError: no"],
        ),
        (
            overview(pod("a", container(ready=False))),
            None,
            ["pod airflow-core/a: main: running, not ready yet"],
        ),
        (overview(pods=[]), None, ["there is no pod in these namespaces"]),
        (overview(pods=[], unknown=["pods of x: no"]), None, ["unknown: pods of x: no"]),
    ],
)
def test_what_needs_attention(made: Overview, airflow: Json | None, needs: list[str]) -> None:
    assert attention(made, airflow) == needs


def test_of_airflow_only_its_state_is_returned() -> None:
    result = result_of(overview(), {**AIRFLOW, "invocation": {"module_args": {}}, "warnings": []})
    assert result["airflow"] == {**AIRFLOW, "msg": None}
    assert result_of(overview(), None)["airflow"] is None

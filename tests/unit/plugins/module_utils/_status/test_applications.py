# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._status.applications import (
    application_record,
    charts_of,
    revision_text,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import Json
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import COMMIT, NOW, ago, application


def test_a_calm_application() -> None:
    record = application_record(application(), NOW)
    assert record == {
        "name": "airflow",
        "sync": "Synced",
        "health": "Healthy",
        "revisions": [COMMIT],
        "targets": ["main"],
        "operation": "Succeeded",
        "operation_age": 720,
        "reasons": [],
    }
    assert revision_text(record) == "3f9c2ab (main)"


def scheduler(**more: object) -> Json:
    return {"kind": "Deployment", "namespace": "airflow-core", "name": "airflow-scheduler", "status": "Synced", **more}


@pytest.mark.parametrize(
    ("made", "reasons"),
    [
        (
            application("OutOfSync", resources=[scheduler(status="OutOfSync"), scheduler(name="calm")]),
            ["differs from the repository: Deployment airflow-core/airflow-scheduler"],
        ),
        (
            application(
                "OutOfSync", resources=[{"kind": "Node", "name": str(at), "status": "OutOfSync"} for at in range(5)]
            ),
            ["differs from the repository: Node 0, Node 1, Node 2 and 2 more"],
        ),
        (
            application(
                health="Degraded", resources=[scheduler(health={"status": "Degraded", "message": "too\nslow"})]
            ),
            ["Deployment airflow-core/airflow-scheduler is Degraded: too slow"],
        ),
        (
            application("Unknown", conditions=[{"type": "ComparisonError", "message": "helm template:\n no yaml"}]),
            ["ComparisonError: helm template: no yaml"],
        ),
        (
            application(
                "Unknown",
                conditions=[
                    {
                        "type": "ComparisonError",
                        "message": "rpc error: code = Unknown desc = Manifest generation error (cached): no such key",
                    }
                ],
            ),
            ["ComparisonError: no such key"],
        ),
        (
            application("OutOfSync", operationState={"phase": "Failed", "message": "one object failed"}),
            ["the last sync failed: one object failed"],
        ),
        (
            application(operationState={"phase": "Error", "message": "boom"}),
            ["the last sync ended with an error: boom"],
        ),
        (application("OutOfSync", operationState={"phase": "Running"}), ["the last sync is running: no reason given"]),
        (application(operationState={"phase": "Running", "message": "waiting"}), []),
        (application(conditions=[{"type": "SyncError", "message": "no"}]), ["SyncError: no"]),
        (application(conditions=[{"type": "OrphanedResourceWarning", "message": "2 orphans"}]), []),
        (application(resources=[scheduler(health={"status": "Progressing"})]), []),
        (application("Synced", "Suspended", resources=[scheduler(health={"status": "Suspended"})]), []),
    ],
)
def test_the_reason_is_told_in_words(made: Json, reasons: list[str]) -> None:
    assert application_record(made, NOW)["reasons"] == reasons


def test_one_that_nobody_has_looked_at_yet() -> None:
    record = application_record({"metadata": {"name": "new"}, "spec": {}}, NOW)
    assert (record["sync"], record["health"], record["operation"]) == ("Unknown", "Unknown", None)
    assert (record["revisions"], record["operation_age"], revision_text(record)) == ([], None, "")


def test_several_sources() -> None:
    made = application()
    made["status"]["sync"] = {"status": "Synced", "revisions": ["1.22.0", COMMIT]}
    made["spec"] = {
        "sources": [
            {"repoURL": "https://airflow.apache.org", "chart": "airflow", "targetRevision": "1.22.0"},
            {"repoURL": "http://host/values.git", "ref": "values"},
        ]
    }
    made["status"]["operationState"] = {"phase": "Running", "startedAt": ago(5)}
    record = application_record(made, NOW)
    assert revision_text(record) == "1.22.0, 3f9c2ab (HEAD)"
    assert (record["operation_age"], charts_of(made)) == (5, ["airflow 1.22.0"])


def test_a_chart_in_a_repository_is_named_by_its_path() -> None:
    assert charts_of(application()) == ["airflow/chart of platform.git"]

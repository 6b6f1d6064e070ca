# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._status.applications import application_record
from ansible_collections.airfield.airflow.plugins.module_utils._status.reading import Overview
from ansible_collections.airfield.airflow.plugins.module_utils._status.result import result_of
from ansible_collections.airfield.airflow.plugins.module_utils._status.usage import Usage
from ansible_collections.airfield.airflow.plugins.module_utils._status.warnings import latest_warnings
from ansible_collections.airfield.airflow.plugins.plugin_utils._screen import overview as screens
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import Json
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import (
    AIRFLOW,
    BROKEN,
    NOW,
    application,
    container,
    event,
    node,
    overview,
    pod,
    restarted,
)

LONG = "airflow-api-server-7d5b8c9f6d-x2x7k-with-a-name-that-is-far-too-long-for-it"


def laid_out(made: Overview, airflow: Json | None) -> list[str]:
    """The screen of what the module returns as JSON."""
    return screens.screen(json.loads(json.dumps(result_of(made, airflow))))


def test_a_healthy_screen() -> None:
    apps = [application_record(application(), NOW)]
    warned = latest_warnings([event("airflow-scheduler-0", "Unhealthy", "HTTP 503", 300, count=2)], NOW, 8)
    made = overview(pod("airflow-scheduler-0", restarted(300)), applications=apps, warnings=warned)
    assert laid_out(made, {**AIRFLOW, "executor": "KubernetesExecutor"}) == [
        "Airflow      3.3.2; healthy: metadatabase, scheduler, dag_processor, triggerer; KubernetesExecutor",
        "Versions     Kubernetes v1.34.4; chart airflow 1.22.0; images airflow:3.3.2",
        "Application  airflow: Synced, Healthy, 3f9c2ab (main), last sync Succeeded 12m ago",
        "",
        "NAMESPACE     POD                  READY  STATUS   RESTARTS    AGE    CPU   MEMORY  NODE",
        "airflow-core  airflow-scheduler-0  1/1    Running  1 (5m ago)   2h  0.012  420 MiB  cp",
        "",
        "NODE  STATUS  KUBELET  CPU                     MEMORY",
        "cp    Ready   v1.34.4  0.610 of 2 cores (30%)  4.0 GiB of 8.0 GiB (50%)",
        "",
        "AGE  COUNT  WARNING",
        " 5m      2  airflow-core/airflow-scheduler-0 Unhealthy: HTTP 503",
        "",
        "Everything is healthy.",
    ]


def test_without_airflow_argo_cd_and_warnings_their_lines_are_not_there() -> None:
    lines = laid_out(overview(), None)
    assert lines[0].startswith("Versions")
    assert not any(line.startswith("Application") for line in lines)
    assert "No warnings in the last hour." in lines
    assert "No warnings in the last hour." not in laid_out(overview(warnings=None), None)


def test_an_application_says_what_is_wrong_below_its_line() -> None:
    reasons = [{"type": "SyncError", "message": f"reason {at}"} for at in range(5)]
    made = overview(applications=[application_record(application("OutOfSync", conditions=reasons), NOW)])
    lines = laid_out(made, None)
    assert lines[1] == "Application  airflow: OutOfSync, Healthy, 3f9c2ab (main), last sync Succeeded 12m ago"
    assert lines[2:6] == [*(f"             - SyncError: reason {at}" for at in range(3)), ""]


def test_no_line_is_longer_than_the_screen() -> None:
    pods = [pod(f"{LONG}-{at}", container(ready=False), node="airfield-gitops-control-plane") for at in range(30)]
    reasons = [{"type": "ComparisonError", "message": "no such value " * 60}]
    apps = [application_record(application("Unknown", "Degraded", conditions=reasons), NOW)]
    warned = latest_warnings([event(LONG, "Unhealthy", "a long story " * 30, at) for at in range(8)], NOW, 8)
    made = overview(*pods, applications=apps, warnings=warned, unknown=["nodes: " + "why " * 90])
    made.usage.unknown = ["reason " * 90]
    made.versions["images"] = [f"registry.example/team/image-{at}:1" for at in range(40)]
    lines = laid_out(made, {"msg": "refused " * 60})
    assert max(map(len, lines)) <= 120
    assert len(lines) <= 60


def test_what_is_in_trouble_is_shown_before_what_is_not_and_what_has_finished() -> None:
    done = [
        pod(f"a-{at:02}", container(ready=False, terminated={"exitCode": 0, "reason": "Completed"}), phase="Succeeded")
        for at in range(9)
    ]
    running = [pod(f"b-{at:02}") for at in range(16)]
    lines = laid_out(overview(*done, *running, pod("c", container(ready=False))), None)
    assert sum(line.startswith("airflow-core  ") for line in lines) == 18
    assert sum("  b-" in line for line in lines) == 16
    assert any("  c " in line for line in lines)
    assert "and 8 more, none of them in trouble" in lines
    bad = [pod(f"d-{at:02}", container(ready=False)) for at in range(20)]
    assert "and 2 more, 2 of them in trouble" in laid_out(overview(*bad), None)


def test_many_nodes_are_counted() -> None:
    made = overview(made=[node(f"w{at}") for at in range(8)])
    made.nodes[7]["trouble"] = "MemoryPressure"
    lines = laid_out(made, None)
    assert "and 2 more" in lines
    assert any(line.startswith("w7 ") for line in lines)


def test_unknown_use_is_said_in_words() -> None:
    nobody = overview(usage=Usage("", unknown=["there is no metrics-server"]))
    assert "CPU and memory are unknown: there is no metrics-server" in laid_out(nobody, None)
    some = overview(usage=Usage("the kubelets", unknown=["w1: it is silent"]))
    assert "CPU and memory are unknown for w1: it is silent" in laid_out(some, None)


def test_airflow_says_what_is_wrong_and_what_is_not() -> None:
    line = "Airflow      3.3.2; not healthy: scheduler unhealthy; healthy: metadatabase, dag_processor, triggerer"
    assert laid_out(overview(), BROKEN)[0] == line
    assert laid_out(overview(), {"msg": "refused"})[0] == "Airflow      does not answer: refused"


def test_the_verdict_counts_and_is_short() -> None:
    assert screens.verdict([]) == ["Everything is healthy."]
    assert screens.verdict(["pod a: no"]) == ["1 thing needs attention: pod a: no."]
    lines = screens.verdict([f"pod {at}: {'why ' * 90}" for at in range(7)])
    assert lines[0].startswith("7 things need attention: pod 0: why")
    assert lines[-1].endswith("…; and 2 more.")
    assert len(lines) <= 10


@pytest.mark.parametrize(
    ("reference", "short"),
    [
        ("registry.example:5000/team/airflow:3.3.2", "airflow:3.3.2"),
        ("localhost/mysql", "mysql"),
        ("quay.io/argoproj/argocd@sha256:0123456789abcdef", "argocd@sha256:0123456"),
    ],
)
def test_images_are_named_in_short(reference: str, short: str) -> None:
    assert screens.short_image(reference) == short

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError
from ansible_collections.airfield.airflow.plugins.modules import workloads_ready
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.kube import (
    FakeKube,
    Json,
    RunModule,
    failure,
    run_fake_fixture,
)
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.workloads import (
    APPS,
    CORE,
    JOBS,
    NAMED,
    READY,
    STARTING,
    ended,
    look,
    pod,
    replica_sets,
    running,
    story,
    waiting,
    workload,
)

__all__ = ["run_fake_fixture"]


@pytest.fixture(autouse=True)
def turned_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sleeping advances the clock instead."""
    time = [100.0]
    monkeypatch.setattr(_clock, "now", lambda: time[0])
    monkeypatch.setattr(_clock, "sleep", lambda seconds: time.__setitem__(0, time[0] + seconds))


def test_a_timeout_says_why(run_fake: RunModule) -> None:
    unschedulable = pod()
    message = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    unschedulable["status"]["conditions"] = [condition]
    fake = look(FakeKube(), STARTING, unschedulable, times=3)
    fake.expect_list(f"{CORE}/pods", [unschedulable], query={"labelSelector": "app=web"})
    story(fake, "web-1", [])
    result = run_fake(workloads_ready, fake, wait_timeout=2, **NAMED)
    assert "Timed out after 2 s waiting for the workloads: 0 of 1 workloads are ready." in result["msg"]
    assert f"Deployment/web: 0 of 1 available (pod web-1: Unschedulable: {message})" in result["msg"]
    assert "Raise `wait_timeout`" in result["msg"]


def test_a_timeout_shows_the_log_of_what_runs(run_fake: RunModule) -> None:
    hanging = pod(running("side", ready=True), running())
    fake = look(FakeKube(), STARTING, hanging)
    fake.expect_list(f"{CORE}/pods", [hanging], query={"labelSelector": "app=web"})
    story(fake, "web-1", ["Readiness probe failed"], log="still migrating\n")
    result = run_fake(workloads_ready, fake, wait_timeout=0, **NAMED)
    assert "(pod web-1: main: running, not ready yet)" in result["msg"]
    assert "End of the log of container main of pod web-1:\nstill migrating" in result["msg"]


def test_an_init_container_at_work_is_named(run_fake: RunModule) -> None:
    starting = pod(waiting("PodInitializing"), init=[ended(0, "first"), running("wait-for-migrations")])
    fake = look(FakeKube(), STARTING, starting)
    fake.expect_list(f"{CORE}/pods", [starting], query={"labelSelector": "app=web"})
    story(fake, "web-1", [], log="waiting\n", container="wait-for-migrations")
    result = run_fake(workloads_ready, fake, wait_timeout=0, **NAMED)
    assert "init container wait-for-migrations: still running" in result["msg"]


def test_a_failed_job_fails_at_once_with_its_log(run_fake: RunModule) -> None:
    condition = {
        "type": "Failed",
        "status": "True",
        "reason": "BackoffLimitExceeded",
        "message": "limit reached",
    }
    fake = FakeKube().expect(f"{JOBS}/web", workload("web", {"conditions": [condition]}))
    fake.expect_list(f"{CORE}/pods", [pod(ended(1))], query={"labelSelector": "app=web"})
    story(fake, "web-1", [], log="could not connect to server\n")
    result = run_fake(workloads_ready, fake, namespace="airflow", names=["Job/web"])
    assert "Job/web in namespace airflow failed (BackoffLimitExceeded: limit reached)." in result["msg"]
    assert result["msg"].endswith("could not connect to server")


def test_a_failed_job_without_pods_says_so(run_fake: RunModule) -> None:
    condition = {"type": "Failed", "status": "True", "reason": "DeadlineExceeded"}
    fake = FakeKube().expect(f"{JOBS}/web", workload("web", {"conditions": [condition]}))
    fake.expect_list(f"{CORE}/pods", [], query={"labelSelector": "app=web"})
    story(fake, "web", [])
    assert "Its pods are gone" in run_fake(workloads_ready, fake, namespace="airflow", names=["Job/web"])["msg"]


@pytest.mark.parametrize(
    "reason", ["ErrImagePull", "ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError"]
)
def test_a_missing_image_fails_after_ten_seconds(run_fake: RunModule, reason: str) -> None:
    labels: Json = {"labels": {"pod-template-hash": "new"}}
    fake = look(FakeKube(), STARTING, pod(waiting(reason), **labels), times=2)
    fake = look(fake, STARTING, pod(waiting("ImagePullBackOff", "no such image"), **labels), times=10)
    replica_sets(fake, "old", "new")
    story(fake, "web-1", ["Error: ImagePullBackOff"])
    result = run_fake(workloads_ready, fake, **NAMED)
    assert "Deployment/web in namespace airflow cannot become ready: pod web-1: " in result["msg"]
    assert "container main has ImagePullBackOff" in result["msg"]
    assert "no such image" in result["msg"]


def test_an_image_that_comes_in_time_is_fine(run_fake: RunModule) -> None:
    late = pod(waiting("ErrImagePull"), labels={"pod-template-hash": "new"})
    fake = look(FakeKube(), STARTING, late, times=9)
    look(fake, STARTING, pod(running()))
    look(fake, STARTING, late, times=9)
    assert run_fake(workloads_ready, look(fake, READY), **NAMED)["ready"]


def test_the_third_crash_fails_with_the_log_before(run_fake: RunModule) -> None:
    labels: Json = {"labels": {"pod-template-hash": "new"}}
    fake = FakeKube()
    for restarts in (0, 1, 2, 3):
        look(fake, STARTING, pod(waiting("CrashLoopBackOff", "back-off", restarts), **labels))
    replica_sets(fake, "old", "new")
    story(fake, "web-1", [], log="ImportError: no module\n", previous="true")
    result = run_fake(workloads_ready, fake, **NAMED)
    assert "container main crashed 3 times." in result["msg"]
    assert result["msg"].endswith("ImportError: no module")


def test_a_pod_that_crashed_before_gets_one_more_start(run_fake: RunModule) -> None:
    old = pod(waiting("CrashLoopBackOff", "back-off", 7), labels={"pod-template-hash": "new"})
    assert run_fake(workloads_ready, look(look(FakeKube(), STARTING, old, times=5), READY), **NAMED)["ready"]
    again = pod(waiting("CrashLoopBackOff", "back-off", 8), labels={"pod-template-hash": "new"})
    fake = replica_sets(look(look(FakeKube(), STARTING, old), STARTING, again), "new")
    story(fake, "web-1", [], log="again\n", previous="true")
    assert "crashed 8 times" in run_fake(workloads_ready, fake, **NAMED)["msg"]


def test_broken_pods_of_an_older_revision_are_no_reason_to_give_up(run_fake: RunModule) -> None:
    old = pod(waiting("ErrImagePull"), labels={"pod-template-hash": "old"})
    fake = look(FakeKube(), STARTING, old, times=11)
    look(fake, STARTING, old)
    replica_sets(fake, "old", "new")
    leaving = pod(waiting("ErrImagePull"), deletionTimestamp="2026-11-21T12:00:00Z")
    look(fake, STARTING, leaving, times=3)
    look(fake, {**STARTING, "observedGeneration": 1}, old, times=12)
    assert run_fake(workloads_ready, look(fake, READY), **NAMED)["ready"]


def test_an_outage_is_waited_through(run_fake: RunModule) -> None:
    refused = KubeError("https://fake:6443 cannot be reached: refused.", passing=True)
    path = f"{APPS}/deployments/web"
    fake = FakeKube().expect(path, refused).expect(path, failure("overloaded", 429), status=429)
    assert run_fake(workloads_ready, look(fake, READY), **NAMED)["waited"] == 2.0
    fake = FakeKube().expect(path, refused, times=2)
    result = run_fake(workloads_ready, fake, wait_timeout=1, **NAMED)
    assert "the Kubernetes API does not answer. https://fake:6443 cannot be reached" in result["msg"]


def test_a_lasting_error_ends_the_wait(run_fake: RunModule) -> None:
    fake = FakeKube().expect(f"{APPS}/deployments/web", failure("deployments.apps is forbidden", 403), status=403)
    result = run_fake(workloads_ready, fake, **NAMED)
    assert (result["failed"], result["status"]) == (True, 403)

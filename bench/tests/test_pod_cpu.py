# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.bench.pod_cpu import NotIdle, Reading, component, cpu_between, readings


def pod(name: str, namespace: str = "airflow", **cpu: Any) -> dict[str, Any]:
    return {"podRef": {"name": name, "namespace": namespace}, **({"cpu": cpu} if cpu else {})}


def test_readings_are_those_of_the_namespace_on_all_nodes() -> None:
    one = {"pods": [pod("airflow-postgres-0", time="2026-11-21T13:08:21Z", usageCoreNanoSeconds=27_500_000_000)]}
    two = {
        "pods": [
            pod("etcd", "kube-system", time="2026-11-21T13:08:21Z", usageCoreNanoSeconds=1),
            pod("airflow-new"),  # just started: no counter yet
            pod("airflow-old", time="2026-11-21T13:08:31Z", usageCoreNanoSeconds=500_000_000),
        ]
    }
    found = readings([one, two, {}], "airflow")
    assert {name: reading.cpu for name, reading in found.items()} == {"airflow-postgres-0": 27.5, "airflow-old": 0.5}
    assert found["airflow-old"].at - found["airflow-postgres-0"].at == 10


def test_cpu_is_that_of_the_time_asked_for() -> None:
    # The kubelet read the counter 330 s apart, and 5 min are requested.
    assert cpu_between({"a": Reading(100, 10)}, {"a": Reading(430, 43)}, 300) == {"a": pytest.approx(30)}


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ({"a": Reading(160, 20), "poc-test-echo-1": Reading(160, 1)}, "poc-test-echo-1"),
        ({}, "came or went during the measurement: a"),
        ({"a": Reading(160, 9)}, "counter of the pod a"),
        ({"a": Reading(100, 10)}, "counter of the pod a"),
    ],
)
def test_what_is_not_idle_is_not_measured(last: dict[str, Reading], words: str) -> None:
    with pytest.raises(NotIdle, match=words):
        cpu_between({"a": Reading(100, 10)}, last, 60)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("airflow-dag-processor-5b6fdbbf85-jn65z", "dag-processor"),
        ("airflow-scheduler-84697c4566-wtk5t", "scheduler"),
        ("airflow-postgres-0", "postgres"),
    ],
)
def test_component_is_the_name_without_its_random_end(name: str, expected: str) -> None:
    assert component(name) == expected

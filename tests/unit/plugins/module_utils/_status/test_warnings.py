# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.airfield.airflow.plugins.module_utils._status.warnings import latest_warnings
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import NOW, ago, event


def test_equal_warnings_of_one_object_are_one() -> None:
    events = [
        event("a", "BackOff", "Back-off restarting", 300, count=3),
        event("a", "BackOff", "Back-off\n restarting", 60, count=2),
        event("b", "BackOff", "Back-off restarting", 30),
    ]
    first, second = latest_warnings(events, NOW, 8)
    assert (first["object"], first["count"], first["age"]) == ("Pod/b", 1, 30)
    assert second == {
        "namespace": "airflow-core",
        "object": "Pod/a",
        "reason": "BackOff",
        "message": "Back-off restarting",
        "count": 5,
        "age": 60,
    }


def test_only_the_latest_of_the_last_hour() -> None:
    events = [event(f"pod-{seconds}", "Unhealthy", "no", seconds) for seconds in (3601, 3600, 50, 40, 30)]
    assert [one["age"] for one in latest_warnings(events, NOW, 3)] == [30, 40, 50]
    assert [one["age"] for one in latest_warnings(events, NOW, 8)] == [30, 40, 50, 3600]
    assert latest_warnings(events, NOW, 0) == []


def test_events_of_either_kind_tell_when_and_how_often() -> None:
    series = {"count": 7, "lastObservedTime": "2026-11-21T11:59:50.123456Z"}
    new = event("a", "Unhealthy", "no", 0, series=series, eventTime=ago(900), lastTimestamp=None, count=None)
    single = event("b", "Unhealthy", "no", 0, eventTime=ago(20), lastTimestamp=None, count=None)
    bare = event("c", "Unhealthy", "no", 0, lastTimestamp=None)
    bare["metadata"]["creationTimestamp"] = ago(70)
    found = {one["object"]: (one["age"], one["count"]) for one in latest_warnings([new, single, bare], NOW, 8)}
    assert found == {"Pod/a": (9, 7), "Pod/b": (20, 1), "Pod/c": (70, 1)}


def test_what_has_no_time_and_what_is_no_warning_is_left_out() -> None:
    events = [event("a", "x", "y", 0, lastTimestamp=None), event("b", "Pulled", "fine", 5, type="Normal")]
    assert latest_warnings(events, NOW, 8) == []

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import argparse
import signal
import subprocess
import sys

import pytest
from ansible_collections.airfield.airflow.bench import run as bench
from ansible_collections.airfield.airflow.bench.figures import Figure
from ansible_collections.airfield.airflow.bench.installation import IN_SCHEDULER


def test_all_benches_of_make_up_run_by_default_and_named_ones_alone() -> None:
    assert bench.parse([])[0] == ["trigger", "objects", "placement", "rerun", "probes"]
    assert bench.parse(["gitops"])[0] == ["gitops"]
    names, options = bench.parse(["probes", "trigger", "--minutes", "0.5"])
    assert (names, options.minutes, options.runs) == (["probes", "trigger"], 0.5, 5)


def test_an_unknown_bench_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.parse(["trigger", "probe"])
    assert "There is no bench probe. Choose from: trigger, objects" in capsys.readouterr().err


def test_another_airflow_is_named_by_its_address_and_its_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--api-url", "http://airflow.test", "--airflow-exec", "docker exec -i 'the scheduler'"]
    options = bench.parse(["objects", *where])[1]
    assert (options.api_url, options.airflow_exec) == ("http://airflow.test", ["docker", "exec", "-i", "the scheduler"])
    for half in (where[:2], where[2:]):
        with pytest.raises(SystemExit):
            bench.parse(["objects", *half])
        assert "require each other" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "passwords"), [([], 7), (["--passwords", "2"], 2)])
def test_every_connection_has_its_own_password_unless_told(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], passwords: int
) -> None:
    noted: list[tuple[object, ...]] = []

    def objects(*given: object) -> list[Figure]:
        noted.append(given)
        return []

    monkeypatch.setattr(bench, "objects", objects)
    bench.BENCHES["objects"](bench.parse(["objects", "--objects", "7", "--calls", "3", *arguments])[1])
    assert noted == [(7, passwords, 3, None, IN_SCHEDULER)]


def test_a_bench_that_cannot_measure_fails_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_options: argparse.Namespace) -> list[Figure]:
        raise SystemExit("The cluster is gone.")

    slow = Figure("slow", "never judged", 100.0, 1.0, 0.01, "s", "5 times")
    monkeypatch.setattr(bench, "BENCHES", {"broken": broken, "slow": lambda _options: [slow]})
    monkeypatch.setattr(signal, "signal", lambda *_arguments: None)
    monkeypatch.setattr(sys, "argv", ["run.py"])
    assert bench.main() == 1
    captured = capsys.readouterr()
    assert "The bench broken could not measure: The cluster is gone." in captured.err
    assert "never judged" in captured.out
    monkeypatch.setattr(sys, "argv", ["run.py", "slow"])
    assert bench.main() == 0


def test_a_child_that_fills_the_cluster_is_told_to_end_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    class Child:
        def __init__(self, argv: list[str]) -> None:
            calls.append(f"start {argv[0]}")

        def wait(self) -> int:
            calls.append("wait")
            if calls == ["start child", "wait"]:
                raise SystemExit("terminated by a signal")
            return 0

        def terminate(self) -> None:
            calls.append("terminate")

    monkeypatch.setattr(subprocess, "Popen", Child)
    with pytest.raises(SystemExit, match="terminated by a signal"):
        bench._run(["child"])
    assert calls == ["start child", "wait", "terminate", "wait"]

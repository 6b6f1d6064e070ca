# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.airfield.airflow.bench import objects as bench
from ansible_collections.airfield.airflow.bench.installation import in_airflow
from ansible_collections.airfield.airflow.bench.made_objects import PREFIX, Objects, made
from ansible_collections.airfield.airflow.bench.meter import Cost

AIRFLOW = bench.Airflow({"api_url": "http://airflow.test"}, ["sh", "-c", 'PATH="$0:$PATH"; exec "$@"'])
# Records its arguments, and the content of the file that is its last argument.
PROGRAM = """#!/bin/sh
for last; do :; done
echo "$1 $2 $#" >> {directory}/calls
if [ "$2" = import ]; then echo "$last" >> {directory}/files; cat "$last" >> {directory}/$1.json; fi
exit {code}
"""


def with_program(directory: Path, code: int = 0) -> bench.Airflow:
    program = directory / "airflow"
    program.write_text(PROGRAM.format(directory=directory, code=code))
    program.chmod(0o755)
    return bench.Airflow(AIRFLOW.api, [*AIRFLOW.where, str(directory)])


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    noted: list[tuple[str, dict[str, Any]]] = []

    def call(module: str, arguments: dict[str, Any]) -> dict[str, Any]:
        noted.append((module, arguments))
        return {"version": "3.3.2"}

    monkeypatch.setattr(bench, "call", call)
    return noted


def test_figures_say_what_is_extrapolated() -> None:
    converge, rerun, loop = bench.figures(1000, (8.0, 2.0), (24.0, 26.0), 9.0, 3)
    assert (converge.ours, converge.other, converge.ratio, converge.goal) == (8.0, 24.0, 3.0, "ours in 10 s")
    assert (rerun.ours, rerun.other, rerun.ratio, rerun.goal) == (2.0, 26.0, 13.0, "ours in 3 s")
    assert (loop.ours, loop.other, loop.ratio) == (8.0, 9000.0, 1125.0)
    assert "2000 objects" in loop.what
    assert "extrapolated from 6 calls" in loop.what
    assert "extrapolated" not in converge.what + rerun.what


def test_only_what_a_bench_has_made_is_deleted(
    monkeypatch: pytest.MonkeyPatch, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    pages = {
        "connections": [{"connection_id": f"{PREFIX}1"}, {"connection_id": f"mine-{PREFIX}1"}],
        "variables": [{"key": f"mine-{PREFIX}1"}],
    }

    class Client:
        def pages(self, path: str, items: str, query: dict[str, str]) -> list[dict[str, str]]:
            assert (path, PREFIX in query.values()) == (items, True)
            return pages[path]

    monkeypatch.setattr(bench, "client_of", lambda _module: Client())
    monkeypatch.setattr(bench, "api_module", lambda _spec: None)
    bench.delete(AIRFLOW)
    assert calls == [
        ("connection", {**AIRFLOW.api, "connections": [{"connection_id": f"{PREFIX}1"}], "state": "absent"})
    ]


def test_what_is_left_is_deleted_before_and_after_a_failure_too(
    monkeypatch: pytest.MonkeyPatch, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    steps: list[str] = []

    def measure(airflow: bench.Airflow, wanted: Objects, _calls: int) -> None:
        steps.append(f"measure {len(wanted.connections)} at {airflow.api['api_url']}")
        raise SystemExit("The playbook failed.")

    monkeypatch.setattr(bench, "delete", lambda _airflow: steps.append("delete"))
    monkeypatch.setattr(bench, "_measure", measure)
    with pytest.raises(SystemExit, match="The playbook failed"):
        bench.objects(7, 5, 1, "http://airflow.test", ["ssh", "host"])
    assert steps == ["delete", "measure 7 at http://airflow.test", "delete"]


def test_objects_that_are_not_there_end_the_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "read", lambda _airflow: Objects([], []))
    with pytest.raises(
        SystemExit, match=r"4 of 4 objects are not as the playbook should have created them: \['connection"
    ):
        bench.require(AIRFLOW, made(2, 2), "the playbook")


@pytest.mark.parametrize("changed", [[2, 1], [0, 0]])
def test_a_playbook_that_is_not_idempotent_is_not_measured(monkeypatch: pytest.MonkeyPatch, changed: list[int]) -> None:
    said = [f"PLAY RECAP ***\nlocalhost : ok=2 changed={count} unreachable=0 failed=0 skipped=0\n" for count in changed]

    class Meter:
        def __init__(self, directory: Path) -> None:
            self.log = directory / "output.log"

        def measure(self, program: str, file: str, environment: dict[str, str]) -> Cost:
            assert (program, environment) == ("ansible-playbook", {"AIRFLOW_API_URL": "http://airflow.test"})
            assert PREFIX in Path(file).read_text()
            self.log.write_text(said.pop(0))
            return Cost(1.0, 0.5, 10, 10)

    monkeypatch.setattr(bench, "Meter", Meter)
    monkeypatch.setattr(bench, "require", lambda *_arguments: None)
    with pytest.raises(SystemExit, match=r"changed=[01] instead of [02]"):
        bench._playbook_twice(AIRFLOW, made(1, 1))


def test_imports_copy_their_files_and_remove_them(tmp_path: Path) -> None:
    airflow, wanted = with_program(tmp_path), made(2, 2)
    assert bench._import(airflow, wanted) > 0
    assert (tmp_path / "calls").read_text().splitlines() == ["connections import 4", "variables import 3"]
    assert list(json.loads((tmp_path / "connections.json").read_text())) == [f"{PREFIX}0000", f"{PREFIX}0001"]
    assert len(json.loads((tmp_path / "variables.json").read_text())) == 2
    files = (tmp_path / "files").read_text().split()
    assert len(files) == 2
    assert all(file.endswith(".json") and not Path(file).exists() for file in files)


def test_a_failed_import_ends_the_bench_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        bench._import(with_program(tmp_path, code=3), made(1, 1))
    assert not Path((tmp_path / "files").read_text().strip()).exists()


def test_the_loop_is_a_few_calls_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made_by: list[tuple[int, int, str]] = []
    monkeypatch.setattr(
        bench, "require", lambda _airflow, few, maker: made_by.append((len(few.connections), len(few.variables), maker))
    )
    assert bench._loop(with_program(tmp_path), made(5, 5), 2) > 0
    called = (tmp_path / "calls").read_text().splitlines()
    assert called == ["connections add 5", "connections add 5", "variables set 6", "variables set 6"]
    assert made_by == [(2, 2, "one CLI call each")]
    assert "the means of 2 calls each. 10 calls are extrapolated from that" in capsys.readouterr().out


def test_a_failed_command_is_told_without_its_values() -> None:
    with pytest.raises(SystemExit, match="no such option") as error:
        in_airflow("sh", "-c", "echo no such option >&2; exit 2", "add", '{"password": "hidden"}', where=["env"])
    assert "hidden" not in str(error.value)


def test_no_command_reads_from_the_terminal() -> None:
    in_airflow("sh", "-c", 'test -z "$(cat)"', where=["env"])
    with pytest.raises(SystemExit):
        in_airflow("false", where=["env"])

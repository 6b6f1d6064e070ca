# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.airfield.airflow.plugins.modules import report

RUN = {
    "dag_id": "poc_test",
    "run_id": "1",
    "dag_run": {
        "state": "success",
        "duration": 5,
        "task_instances": [{"task_id": "echo", "state": "success", "hostname": "p", "try_number": 1, "log": "hello"}],
    },
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    def call(check: bool = False, **changes: Any) -> dict[str, Any]:
        parameters = {
            "path": str(tmp_path / "report"),
            "airflow": {"version": "3.3.2", "healthy": True},
            "runs": [RUN],
            "log_folder": "/logs",
            "log_files": [
                {"path": "/logs/dag_id=poc_test/run_id=1/task_id=echo/attempt=1.log", "size": 5, "mode": "0644"}
            ],
            **changes,
            "_ansible_check_mode": check,
        }
        with patch_module_args(parameters), pytest.raises(SystemExit):
            report.main()
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    return call


def test_both_files_are_written_once(run: Any, tmp_path: Path) -> None:
    first, again = run(), run()
    assert (first["changed"], again["changed"]) == (True, False)
    assert first["airfield_report"]["passed"]
    assert first["failures"] == []
    assert first["files"] == [f"{tmp_path}/report.json", f"{tmp_path}/report.xml"]
    assert json.loads((tmp_path / "report.json").read_text()) == first["airfield_report"]
    ElementTree.parse(tmp_path / "report.xml")
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "report.xml"}


def test_check_mode_writes_nothing(run: Any, tmp_path: Path) -> None:
    result = run(check=True)
    assert result["changed"]
    assert list(tmp_path.iterdir()) == []
    assert [difference["after_header"] for difference in result["diff"]] == result["files"]
    run()
    assert not run(check=True)["changed"]


def test_a_failed_check_is_reported_without_failing(run: Any) -> None:
    result = run(log_files=[])
    assert not result.get("failed")
    assert not result["airfield_report"]["passed"]
    assert result["failures"][0].startswith("poc_test: log files on the shared volume: expected")


def test_a_changed_run_changes_the_report(run: Any) -> None:
    run()
    assert run(runs=[{**RUN, "run_id": "2"}])["changed"]


def test_a_second_proof_keeps_what_the_first_one_saw_of_a_living_pod(run: Any) -> None:
    pod = {"namespace": "airflow-cron", "pod": "p", "node": "w", "source": "live"}
    seen = {"expectation": "Tasks", "checked": 1, "nodes": {"w": 1}}
    asked = [{"name": "Tasks", "namespace": "airflow-cron"}]
    alive = {"evidence": [{**seen, "pods": [{**pod, "tolerations": [], "node_selector": {"pool": "cron"}}]}]}
    gone = {"evidence": [{**seen, "pods": [{**pod, "source": "event"}]}]}
    assert run(expectations=asked, placement=alive)["changed"]
    again = run(expectations=asked, placement=gone)
    assert not again["changed"]
    assert '"cron"' in json.dumps(again["airfield_report"])


def test_a_missing_directory_is_named(run: Any) -> None:
    result = run(path="/no/such/folder/report")
    assert result["failed"]
    assert "/no/such/folder/report.json cannot be written: No such file or directory" in result["msg"]

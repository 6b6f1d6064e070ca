# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action with a connection to this machine, on which Ansible's own modules really run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play import Play
from ansible.playbook.play_context import PlayContext
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import connection_loader
from ansible.template import Templar
from ansible.vars.manager import VariableManager
from ansible_collections.airfield.airflow.plugins.action.proof import ARGUMENTS, ActionModule
from ansible_collections.airfield.airflow.plugins.modules.proof import DOCUMENTATION

Prove = Callable[..., dict[str, Any]]
RUN = {
    "dag_id": "poc_test",
    "dag_run_id": "1",
    "state": "success",
    "duration": 5,
    "task_instances": [{"task_id": "echo", "state": "success", "hostname": "p", "try_number": 1, "log": "hello ☃"}],
}
EVIDENCE: dict[str, Any] = {
    "airflow": {"version": "3.3.2", "healthy": True},
    "runs": [{"dag_id": "poc_test", "run_id": "1"}],
    "dag_runs": [RUN],
    "log_directory": "/logs",
    "log_files": [{"path": "/logs/dag_id=poc_test/run_id=1/task_id=echo/attempt=1.log", "size": 5, "mode": "0644"}],
    "log_lines": [{"dag_id": "poc_test", "task_id": "echo", "contains": "hello ☃"}],
}


@pytest.fixture
def modules_run(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that ran on the host, in their order."""
    names: list[str] = []
    execute = ActionBase._execute_module

    def record(self: Any, module_name: str, *args: Any, **kwargs: Any) -> Any:
        names.append(module_name.rpartition(".")[2])
        return execute(self, module_name, *args, **kwargs)

    monkeypatch.setattr(ActionBase, "_execute_module", record)
    return names


@pytest.fixture
def prove(tmp_path: Path) -> Prove:
    def run(check: bool = False, diff: bool = False, **changes: Any) -> dict[str, Any]:
        loader = DataLoader()
        task: dict[str, Any] = {"ansible.builtin.debug": {}}  # only a place for the arguments
        play = Play.load({"hosts": "localhost", "tasks": [task]}, VariableManager(loader=loader), loader)
        loaded = play.compile()[1].block[0]
        loaded.args = {"path": str(tmp_path / "reports" / "report"), **EVIDENCE, **changes}
        loaded.check_mode, loaded.diff = check, diff
        context = PlayContext(play=play)
        connection = connection_loader.get("ansible.builtin.local", context)
        connection.set_options(var_options={})
        variables: dict[str, Any] = {"ansible_python_interpreter": sys.executable}
        templar = Templar(loader=loader, variables=variables)
        action = ActionModule(loaded, connection, context, loader, templar, None)
        try:
            result: dict[str, Any] = action.run(None, variables)
            return result
        finally:
            action.cleanup()

    return run


def test_the_options_are_those_of_the_documentation() -> None:
    def described(options: dict[str, Any], suboptions: str) -> dict[str, Any]:
        return {
            name: (
                option["type"],
                option.get("elements"),
                option.get("required", False),
                option.get("default"),
                described(option.get(suboptions) or {}, suboptions),
            )
            for name, option in options.items()
        }

    documented = yaml.safe_load(DOCUMENTATION)["options"]
    assert described(ARGUMENTS, "options") == described(documented, "suboptions")


def test_both_files_are_written_once(prove: Prove, modules_run: list[str], tmp_path: Path) -> None:
    first = prove()
    assert (first["changed"], first.get("failed", False), first["msg"]) == (True, False, "4 checks passed.")
    assert first["airfield_report"]["passed"]
    assert first["failures"] == []
    reports = tmp_path / "reports"
    assert first["files"] == [f"{reports}/report.json", f"{reports}/report.xml"]
    assert json.loads((reports / "report.json").read_text()) == first["airfield_report"]
    ElementTree.parse(reports / "report.xml")
    assert {path.name for path in reports.iterdir()} == {"report.json", "report.xml"}
    assert reports.stat().st_mode & 0o777 == 0o755

    modules_run.clear()
    again = prove()
    assert not again["changed"]
    assert modules_run == ["slurp"], "a proof of the same must cost no more than one process on the host"


@pytest.mark.parametrize("name", ["report.json", "report.xml"])
def test_only_the_file_that_differs_is_written_again(
    prove: Prove, modules_run: list[str], tmp_path: Path, name: str
) -> None:
    prove()
    file = tmp_path / "reports" / name
    content = file.read_text()
    for damage in (lambda: file.write_text(content[:-20]), file.unlink):
        damage()
        modules_run.clear()
        assert prove()["changed"]
        assert file.read_text() == content
        assert modules_run.count("copy") == 1


def test_check_mode_writes_nothing(prove: Prove, tmp_path: Path) -> None:
    result = prove(check=True, diff=True)
    assert result["changed"]
    assert list(tmp_path.iterdir()) == []
    assert [difference["after_header"] for difference in result["diff"]] == result["files"]
    prove()
    assert not prove(check=True)["changed"]


def test_the_difference_has_both_contents(prove: Prove, tmp_path: Path) -> None:
    prove()
    before = (tmp_path / "reports" / "report.json").read_text()
    result = prove(diff=True, versions={"airflow": "3.3.2"})
    (difference,) = result["diff"]
    assert (difference["before"], difference["before_header"]) == (before, result["files"][0])
    assert difference["after"] == (tmp_path / "reports" / "report.json").read_text()
    assert "diff" not in prove(versions={})


def test_a_failed_check_is_in_the_message_and_in_the_report(prove: Prove, tmp_path: Path) -> None:
    result = prove(log_files=[])
    assert (result.get("failed", False), result["changed"]) == (False, True)
    assert not result["airfield_report"]["passed"]
    assert result["failures"][0].startswith("poc_test: log files on the shared volume: expected")
    assert result["msg"].splitlines() == result["failures"]
    assert json.loads((tmp_path / "reports" / "report.json").read_text()) == result["airfield_report"]


def test_a_changed_run_changes_the_report(prove: Prove) -> None:
    prove()
    runs = {"runs": [{"dag_id": "poc_test", "run_id": "2"}], "dag_runs": [{**RUN, "dag_run_id": "2"}]}
    assert prove(**runs)["changed"]


def test_a_second_proof_keeps_what_the_first_one_saw_of_a_living_pod(prove: Prove) -> None:
    pod = {"namespace": "airflow-cron", "pod": "p", "node": "w", "source": "live"}
    seen = {"expectation": "Tasks", "checked": 1, "nodes": {"w": 1}}
    asked = [{"name": "Tasks", "namespace": "airflow-cron"}]
    alive = {"evidence": [{**seen, "pods": [{**pod, "tolerations": [], "node_selector": {"pool": "cron"}}]}]}
    gone = {"evidence": [{**seen, "pods": [{**pod, "source": "event"}]}]}
    assert prove(expectations=asked, placement=alive)["changed"]
    again = prove(expectations=asked, placement=gone)
    assert not again["changed"]
    assert '"cron"' in json.dumps(again["airfield_report"])


def fails(monkeypatch: pytest.MonkeyPatch, module: str, **result: Any) -> None:
    """Let a module fail on the host, in the way that Ansible returns it."""
    execute = ActionBase._execute_module

    def run(self: Any, module_name: str, *args: Any, **kwargs: Any) -> Any:
        if module_name.rpartition(".")[2] == module:
            return {"failed": True, **result}
        return execute(self, module_name, *args, **kwargs)

    monkeypatch.setattr(ActionBase, "_execute_module", run)


def test_a_report_that_cannot_be_written_is_shown_all_the_same(
    prove: Prove, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = "There was an issue creating /x as requested: [Errno 13] Permission denied: '/x'"
    fails(monkeypatch, "file", msg=reason)
    result = prove(log_files=[])
    assert (result["failed"], result["changed"]) == (True, False)
    assert not result["airfield_report"]["passed"]
    written = f"The report cannot be written to {tmp_path}/reports: {reason}."
    assert result["msg"].splitlines() == [*result["failures"], f"{written} Change `path`, or the permissions there."]


@pytest.mark.parametrize(
    "where",
    [
        {"module_stderr": "Traceback:\n  File x\nOSError: [Errno 28] No space left on device\n"},
        {
            "module_stderr": "Shared connection to 10.0.0.1 closed.\r\n",
            "module_stdout": "Traceback:\r\nOSError: [Errno 28] No space left on device\r\n",
        },
    ],
    ids=["without a terminal", "with the terminal of SSH"],
)
@pytest.mark.parametrize("module", ["file", "slurp"])
def test_a_module_that_fails_for_another_reason_says_which(
    prove: Prove, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, where: dict[str, str]
) -> None:
    fails(monkeypatch, module, msg="MODULE FAILURE\nSee stdout/stderr for the exact error", rc=1, **where)
    result = prove()
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["airfield_report"]["passed"]
    told = {
        "file": f"written to {tmp_path}/reports",
        "slurp": f"replaced: reading {tmp_path}/reports/report.json failed",
    }
    assert result["msg"] == (
        f"The report cannot be {told[module]}: MODULE FAILURE See stdout/stderr for the exact error: "
        "OSError: [Errno 28] No space left on device. Remedy this, and run the playbook again."
    )
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_report_that_cannot_be_read_is_not_replaced(
    prove: Prove, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove()
    before = (tmp_path / "reports" / "report.json").read_text()
    fails(monkeypatch, "slurp", msg=f"File is not readable: {tmp_path}/reports/report.json")
    result = prove(versions={"airflow": "3.3.2"})
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"].endswith("report.json. Change `path`, or the permissions there.")
    assert (tmp_path / "reports" / "report.json").read_text() == before


@pytest.mark.parametrize("words", ["File not found: x", "file not found: x"], ids=["2.19", "2.18"])
def test_a_file_that_is_not_there_is_no_earlier_report(
    prove: Prove, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    fails(monkeypatch, "slurp", msg=words)
    assert prove(check=True)["changed"]


def test_a_path_through_a_file_is_refused(prove: Prove, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = prove(path=str(tmp_path / "file" / "report"))
    assert (result["failed"], result["changed"]) == (True, False)
    assert "Not a directory. Change `path`, or the permissions there." in result["msg"]
    assert "{source}" not in result["msg"]

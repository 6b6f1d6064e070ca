# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.airfield.airflow.plugins.modules import logged_command


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def call(check: bool = False, **parameters: Any) -> dict[str, Any]:
        with patch_module_args({**parameters, "_ansible_check_mode": check}), pytest.raises(SystemExit):
            logged_command.main()
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    return call


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


def test_a_success_reports_what_happened(run: Any, tmp_path: Path) -> None:
    result = run(argv=shell("echo one; echo two >&2"), log=str(tmp_path / "log"))
    assert (result["changed"], result["rc"], result["return_codes"], result["lines"]) == (True, 0, [0], 2)
    assert result["tail"] == ["one", "two"]
    assert result["duration"] >= 0
    assert Path(result["log"]).read_text() == "one\ntwo\n"
    assert Path(result["log"]).stat().st_mode & 0o777 == 0o600


def test_a_log_is_replaced(run: Any, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("what another run said\n")
    run(argv=["echo", "new"], log=str(log))
    assert log.read_text() == "new\n"


def test_a_temporary_log_goes_with_success(run: Any, tmp_path: Path) -> None:
    result = run(argv=["echo", "fine"])
    assert result["log"] is None
    assert list(tmp_path.glob("airfield-*.log")) == []


def test_a_temporary_log_stays_after_a_failure(run: Any) -> None:
    result = run(argv=shell("echo broken; exit 7"))
    assert result["failed"]
    assert Path(result["log"]).read_text() == "broken\n"


def test_a_failure_shows_the_end_of_the_output_and_the_log(run: Any, tmp_path: Path) -> None:
    log = str(tmp_path / "log")
    result = run(argv=shell("seq 1 100; exit 7"), log=log)
    first, *lines = result["msg"].splitlines()
    assert (result["failed"], result["rc"]) == (True, 7)
    assert "`sh -c 'seq 1 100; exit 7'` ended with exit code 7" in first
    assert f"All of its output (lines: 100) is in {log}" in first
    assert lines == [str(number) for number in range(71, 101)]


def test_a_signal_is_named(run: Any) -> None:
    assert "was ended by signal 9" in run(argv=shell("kill -9 $$"))["msg"]


def test_both_commands_of_a_pipe_must_succeed(run: Any) -> None:
    fine = run(argv=["echo", "a"], pipe_to=["cat"])
    assert (fine["rc"], fine["return_codes"], fine["tail"]) == (0, [0, 0], ["a"])
    first = run(argv=["false"], pipe_to=["cat"])
    assert (first["failed"], first["return_codes"]) == (True, [1, 0])
    assert "`false` ended with exit code 1, and `cat` ended with exit code 0" in first["msg"]
    second = run(argv=["echo", "a"], pipe_to=shell("cat; exit 5"))
    assert (second["failed"], second["rc"], second["return_codes"]) == (True, 5, [0, 5])


def test_a_timeout_fails_with_advice(run: Any) -> None:
    result = run(argv=shell("echo slow; exec sleep 60"), timeout=0.3)
    assert result["failed"]
    assert "timed out after 0.3 s and was ended. Raise `timeout`" in result["msg"]
    assert result["msg"].endswith("\nslow")


def test_a_missing_program_is_named(run: Any) -> None:
    result = run(argv=["no-such-program"])
    assert "cannot be started: No such file or directory: no-such-program" in result["msg"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"argv": []}, "`argv` is empty"),
        (
            {"argv": ["true"], "chdir": "/no/such/directory"},
            "The directory /no/such/directory of `chdir` does not exist",
        ),
        ({"argv": ["true"], "log": "/no/such/directory/log"}, "The log file /no/such/directory/log cannot be written"),
        ({"argv": ["true"], "stdin_file": "/no/such/input"}, "No such file or directory: /no/such/input"),
    ],
)
def test_wrong_parameters_are_refused(run: Any, parameters: dict[str, Any], words: str) -> None:
    result = run(**parameters)
    assert result["failed"]
    assert words in result["msg"]


def test_creates_skips_only_when_all_exist(run: Any, tmp_path: Path) -> None:
    argv = shell("touch a b; echo ran")
    first = run(argv=argv, chdir=str(tmp_path), creates=["a", "b"])
    again = run(argv=argv, chdir=str(tmp_path), creates=["a", "b"])
    (tmp_path / "b").unlink()
    third = run(argv=argv, chdir=str(tmp_path), creates=["a", "b"])
    assert [first["changed"], again["changed"], third["changed"]] == [True, False, True]
    assert again["msg"] == "Not run: a, b exist."


def test_a_success_that_does_not_make_its_file_is_a_failure(run: Any, tmp_path: Path) -> None:
    result = run(argv=["true"], creates=[str(tmp_path / "never")])
    assert result["failed"]
    assert f"did not create {tmp_path}/never" in result["msg"]
    assert "It printed nothing" in result["msg"]


def test_removes_skips_when_there_is_nothing_to_remove(run: Any, tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    argv = ["rm", "old"]
    assert run(argv=argv, chdir=str(tmp_path), removes=["old"])["changed"]
    again = run(argv=argv, chdir=str(tmp_path), removes=["old"])
    assert (again["changed"], again["msg"]) == (False, "Not run: old does not exist.")


def test_relative_paths_start_in_the_directory(run: Any, tmp_path: Path) -> None:
    (tmp_path / "input").write_text("read\n")
    run(argv=["cat"], chdir=str(tmp_path), stdin_file="input", log="log")
    assert (tmp_path / "log").read_text() == "read\n"


def test_check_mode_runs_nothing(run: Any, tmp_path: Path) -> None:
    made = tmp_path / "made"
    unsure = run(check=True, argv=["touch", str(made)])
    sure = run(check=True, argv=["touch", str(made)], creates=[str(made)])
    assert (unsure["changed"], unsure["skipped"]) == (False, True)
    assert (sure["changed"], sure["skipped"]) == (True, False)
    assert not made.exists()
    made.touch()
    assert run(check=True, argv=["touch", str(made)], creates=[str(made)])["changed"] is False


def test_a_log_that_root_writes_belongs_to_the_owner_of_its_directory(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda handle, uid, gid: owners.append((uid, gid)))
    run(argv=["echo", "one"], log=str(tmp_path / "log"))
    assert owners == [(tmp_path.stat().st_uid, tmp_path.stat().st_gid)]
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    run(argv=["echo", "one"], log=str(tmp_path / "log"))
    assert len(owners) == 1

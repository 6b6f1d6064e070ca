# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils import _logged_process as process

PYTHON = sys.executable


def python(code: str) -> list[str]:
    return [PYTHON, "-u", "-c", code]


def is_alive(pid: int) -> bool:
    """Whether a process still runs; a zombie that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def is_gone(pid: int) -> bool:
    """Whether a process that was killed disappears: the kernel takes a moment after the signal."""
    for _attempt in range(100):
        if not is_alive(pid):
            return True
        time.sleep(0.05)
    return False


def wait_for(path: Path) -> str:
    for _attempt in range(100):
        if path.exists() and path.read_text():
            return path.read_text()
        time.sleep(0.05)
    raise AssertionError(f"{path} was never written")


@pytest.fixture
def log(tmp_path: Path) -> str:
    return str(tmp_path / "log")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS_BETWEEN_LOOKS", 0.05)
    monkeypatch.setattr(process, "SECONDS_TO_END_POLITELY", 0.3)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b"  plain  ", "plain"),
        (b"\x1b[32mgreen\x1b[0m word", "green word"),
        (b"10%\r50%\r100%", "100%"),
        (b"100%\r", "100%"),
        (b"\x1b]0;title\x07text", "text"),
        (b"\xff\xfe", "��"),
        (b"\r\n", ""),
        (b"a\x08b", "ab"),
    ],
)
def test_a_line_is_what_the_terminal_would_show(line: bytes, text: str) -> None:
    assert process.readable(line) == text


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("kind", 0, ""), "kind: 0 lines"),
        (("kind", 1, "x"), "kind: 1 line, newest: x"),
        (("kind", 214, "k8s.io/client-go"), "kind: 214 lines, newest: k8s.io/client-go"),
        (("kind", 214, "x", 900), "kind: 214 of about 900 lines, newest: x"),
    ],
)
def test_a_progress_line_counts_and_quotes(arguments: tuple[str, int, str], line: str) -> None:
    assert process.progress_line(*arguments) == line


def test_a_progress_line_stays_short() -> None:
    line = process.progress_line("kind", 1, "x" * 500)
    assert len(line) == 120
    assert line.endswith("x…")


def test_the_follower_counts_each_line_once(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"old\n")
    follower = process.LogFollower(str(path), start=4)
    with path.open("ab", buffering=0) as file:
        file.write(b"one\n\ntw")
        follower.look()
        assert (follower.lines, list(follower.tail), follower.newest) == (2, ["one"], "tw")
        file.write(b"o\nthree")
        follower.finish()
    assert (follower.lines, list(follower.tail), follower.newest) == (4, ["one", "two", "three"], "three")


def test_the_follower_keeps_the_last_thirty_lines(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("".join(f"{number}\n" for number in range(1000)))
    follower = process.LogFollower(str(path))
    follower.finish()
    assert follower.lines == 1000
    assert list(follower.tail) == [str(number) for number in range(970, 1000)]


def test_both_streams_go_to_the_log(log: str) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    outcome = process.run_logged([python(code)], log=log)
    assert sorted(Path(log).read_text().split()) == ["err", "out"]
    assert (outcome.return_codes, outcome.return_code, outcome.lines, outcome.timed_out) == ([3], 3, 2, False)
    assert sorted(outcome.tail) == ["err", "out"]


def test_directory_environment_and_input_reach_the_command(tmp_path: Path, log: str) -> None:
    (tmp_path / "input").write_text("from the file")
    code = "import os, sys; print(os.getcwd(), os.environ['EXTRA'], 'PATH' in os.environ, sys.stdin.read())"
    process.run_logged(
        [python(code)], log=log, chdir=str(tmp_path), environment={"EXTRA": "more"}, stdin_file=str(tmp_path / "input")
    )
    assert Path(log).read_text() == f"{tmp_path} more True from the file\n"


def test_without_an_input_file_there_is_no_input(log: str) -> None:
    outcome = process.run_logged([python("import sys; print(repr(sys.stdin.read()))")], log=log)
    assert outcome.tail == ["''"]


def test_the_second_command_reads_what_the_first_prints(log: str) -> None:
    first = python("import sys; print('payload'); print('said by the first', file=sys.stderr)")
    second = python("import sys; print('got ' + sys.stdin.read())")
    outcome = process.run_logged([first, second], log=log)
    assert outcome.return_codes == [0, 0]
    assert Path(log).read_text().splitlines() == ["said by the first", "got payload", ""]


@pytest.mark.parametrize(
    ("codes", "blamed"),
    [([0], 0), ([2], 2), ([2, 0], 2), ([0, 4], 4), ([2, 4], 2), ([-signal.SIGPIPE, 4], 4), ([-signal.SIGPIPE, 0], -13)],
)
def test_both_exit_codes_matter(codes: list[int], blamed: int) -> None:
    assert process.Outcome(codes, 0, 0).return_code == blamed


def test_a_second_command_that_dies_ends_the_first(log: str) -> None:
    first = ["yes"]
    second = python("import sys; sys.stdin.read(10); sys.exit(4)")
    outcome = process.run_logged([first, second], log=log, timeout=20)
    assert outcome.return_code == 4
    assert not outcome.timed_out


@pytest.mark.usefixtures("quick")
def test_progress_is_reported_while_the_command_runs(log: str) -> None:
    reports: list[str] = []
    code = "import time; print('half', end='', flush=True); time.sleep(0.5); print(' done')"
    process.run_logged([python(code)], log=log, report=reports.append, expected_lines=2)
    name = Path(PYTHON).name
    assert f"{name}: 0 of about 2 lines, newest: half" in reports


def test_progress_is_reported_at_most_once_a_second(log: str) -> None:
    reports: list[float] = []
    process.run_logged(
        [["sleep", "2.4"], ["sleep", "2.4"]], log=log, report=lambda line: reports.append(time.monotonic())
    )
    assert len(reports) == 2
    assert reports[1] - reports[0] >= 0.95


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("stubborn", [False, True])
def test_a_timeout_ends_the_command_and_its_children(tmp_path: Path, log: str, stubborn: bool) -> None:
    pids = tmp_path / "pids"
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN);" if stubborn else ""
    code = f"""import os, signal, subprocess, time
{ignore}
child = subprocess.Popen(['sleep', '600'])
print('last words', flush=True)
open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')
time.sleep(600)"""
    outcome = process.run_logged([python(code)], log=log, timeout=1.0)
    assert outcome.timed_out
    assert outcome.return_codes == [-signal.SIGKILL if stubborn else -signal.SIGTERM]
    assert outcome.tail == ["last words"]
    assert 1.0 <= outcome.duration < 5
    assert [is_gone(int(pid)) for pid in pids.read_text().split()] == [True, True]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_to_end_ends_the_command_first(tmp_path: Path, log: str, number: signal.Signals) -> None:
    pid_file = tmp_path / "pid"
    code = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(600)"

    def ask() -> None:
        wait_for(pid_file)
        os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    threading.Thread(target=ask).start()
    with pytest.raises(process.Terminated, match=number.name):
        process.run_logged([python(code)], log=log)
    assert is_gone(int(pid_file.read_text()))
    assert signal.getsignal(number) == before


@pytest.mark.usefixtures("quick")
def test_a_missing_second_command_does_not_leave_the_first_running(tmp_path: Path, log: str) -> None:
    pid_file = tmp_path / "pid"
    code = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    with pytest.raises(FileNotFoundError) as caught:
        process.run_logged([python(code), ["/no/such/program"]], log=log)
    assert caught.value.filename == "/no/such/program"
    time.sleep(0.2)
    assert not pid_file.exists() or is_gone(int(pid_file.read_text()))

#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: logged_command
short_description: Run a long command with its output in a log file
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Runs a command that takes minutes, such as a build, and writes its output to a log file.
  - While the command runs, the callback plugin P(airfield.airflow.progress#callback) shows the newest line of it.
  - The command is not processed through a shell. A second command can read the output of the first one.
  - On a timeout, or when the playbook is stopped, the command is ended with all processes that it started.
notes:
  - The arguments of a process are visible to every user of the machine. Do not put secrets in O(argv) and O(pipe_to).
options:
  argv:
    description: The command and its arguments.
    type: list
    elements: str
    required: true
  pipe_to:
    description:
      - A second command with its arguments. It reads the standard output of O(argv).
      - The task fails if either of the two fails.
    type: list
    elements: str
  chdir:
    description: The directory in which to run the command. Relative paths in other options are relative to it.
    type: path
  environment:
    description: Environment variables to add for the command.
    type: dict
    default: {}
  stdin_file:
    description: A file to use as standard input of the command. By default there is no input.
    type: path
  creates:
    description:
      - The paths that the command creates. It is not run if all of them exist.
      - The task fails if the command succeeds and one of them still does not exist.
    type: list
    elements: path
    default: []
  removes:
    description: Paths that the command requires. It is not run if one of them does not exist.
    type: list
    elements: path
    default: []
  timeout:
    description: The command is ended after this number of seconds. By default there is no limit.
    type: float
  log:
    description:
      - The file for the output. It is replaced on each run and only its owner can read it.
      - By default, the output goes to a temporary file, which is kept only if the command fails.
    type: path
  expected_lines:
    description: The approximate number of output lines. The progress then shows C(214 of about 900 lines).
    type: int
extends_documentation_fragment:
  - airfield.airflow.attributes
attributes:
  check_mode:
    support: partial
    details: The command is not run. Without O(creates) and O(removes), the task is skipped.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details: Only with O(creates) or O(removes).
"""

EXAMPLES = r"""
- name: Build the node's programs
  airfield.airflow.logged_command:
    argv:
      - go
      - build
      - -o
      - /tmp/airfield/bin/
      - ./...
    chdir: /tmp/airfield/components
    environment:
      CGO_ENABLED: "0"
    creates:
      - /tmp/airfield/bin/kubectl
    log: /tmp/airfield/components.log
    timeout: 1800
    expected_lines: 900

- name: Build the base image from Debian packages
  airfield.airflow.logged_command:
    argv:
      - mmdebstrap
      - --variant=minbase
      - trixie
      - "-"
    pipe_to:
      - docker
      - import
      - "-"
      - localhost/base:trixie
"""

RETURN = r"""
rc:
  description: The exit code. That of O(pipe_to) if only this command failed. Negative if a signal ended it.
  returned: when the command ran
  type: int
  sample: 0
return_codes:
  description: The exit codes of O(argv) and O(pipe_to).
  returned: when the command ran
  type: list
  elements: int
  sample: [0, 0]
log:
  description: The file with the output. None if it was a temporary file that has been removed.
  returned: when the command ran
  type: str
  sample: /tmp/airfield/components.log
lines:
  description: The number of lines that the command printed.
  returned: when the command ran
  type: int
  sample: 873
duration:
  description: How many seconds the command took.
  returned: when the command ran
  type: float
  sample: 214.25
tail:
  description: The last 30 lines that are not empty.
  returned: when the command ran
  type: list
  elements: str
  sample: [k8s.io/kubernetes/cmd/kubelet]
msg:
  description: Why the command was not run, or the error.
  returned: when the command was skipped or failed
  type: str
  sample: "Not run: /tmp/airfield/bin/kubectl exists."
"""

import os
import shlex
import tempfile
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._logged_process import Outcome, Terminated, run_logged
from ansible_collections.airfield.airflow.plugins.module_utils._progress import report_progress


def reason_to_skip(params: dict[str, Any]) -> str | None:
    """Why there is nothing to do, as a sentence, or None."""
    directory = Path(params["chdir"] or ".")
    created = [path for path in params["creates"] if (directory / path).exists()]
    if created and len(created) == len(params["creates"]):
        return f"Not run: {', '.join(created)} exist{'s' if len(created) == 1 else ''}."
    missing = [path for path in params["removes"] if not (directory / path).exists()]
    if missing:
        return f"Not run: {' and '.join(missing)} {'does' if len(missing) == 1 else 'do'} not exist."
    return None


def commands_of(params: dict[str, Any]) -> list[list[str]]:
    return [params["argv"], *([params["pipe_to"]] if params["pipe_to"] else [])]


def open_log(module: AnsibleModule) -> str:
    """Create an empty log file that only its owner can read and return its path.

    A file written by root belongs to the owner of the directory, so that a later run without root can write it again.
    """
    wanted = module.params["log"]
    if wanted is None:
        name = Path(module.params["argv"][0]).name
        handle, path = tempfile.mkstemp(prefix=f"airfield-{name}-", suffix=".log", dir=tempfile.gettempdir())
        os.close(handle)
        return path
    path = str(Path(module.params["chdir"] or ".") / wanted)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.fchmod(handle, 0o600)
        if os.geteuid() == 0:
            directory = Path(path).parent.stat()
            os.fchown(handle, directory.st_uid, directory.st_gid)
        os.close(handle)
    except OSError as error:
        module.fail_json(msg=f"The log file {path} cannot be written: {error.strerror}. Set `log` to another file.")
    return path


def complaint(params: dict[str, Any], outcome: Outcome, log: str) -> str | None:
    """The errors, as sentences with the last lines of the output, or None."""
    directory = Path(params["chdir"] or ".")
    absent = [path for path in params["creates"] if not (directory / path).exists()]
    endings = [
        f"`{shlex.join(command)}` ended with exit code {code}"
        if code >= 0
        else f"`{shlex.join(command)}` was ended by signal {-code}"
        for command, code in zip(commands_of(params), outcome.return_codes, strict=True)
    ]
    if outcome.timed_out:
        what = f"`{shlex.join(params['argv'])}` timed out after {params['timeout']:g} s and was ended."
        what += " Raise `timeout` if the lines below show that it was still running."
    elif any(outcome.return_codes):
        what = f"{', and '.join(endings)} (after {outcome.duration:g} s)."
    elif absent:
        what = f"{', and '.join(endings)}, but it did not create {', '.join(absent)}."
    else:
        return None
    if not outcome.tail:
        return f"{what} It printed nothing; the log {log} is empty."
    tail = "\n".join(outcome.tail)
    return f"{what} All of its output (lines: {outcome.lines}) is in {log}; the last lines:\n{tail}"


def run(module: AnsibleModule) -> tuple[Outcome, str]:
    """Run the command of the module's parameters and return how it ended and its log's path."""
    params = module.params
    if params["chdir"] and not Path(params["chdir"]).is_dir():
        module.fail_json(msg=f"The directory {params['chdir']} of `chdir` does not exist. Create it first.")
    log = open_log(module)
    try:
        outcome = run_logged(
            commands_of(params),
            log=log,
            chdir=params["chdir"],
            environment={name: str(value) for name, value in params["environment"].items()},
            stdin_file=str(Path(params["chdir"] or ".") / params["stdin_file"]) if params["stdin_file"] else None,
            timeout=params["timeout"],
            expected_lines=params["expected_lines"],
            report=report_progress,
        )
    except Terminated as error:
        module.fail_json(
            msg=f"`{shlex.join(params['argv'])}` was ended because the task was stopped by {error}.", log=log
        )
    except OSError as error:
        message = f"`{shlex.join(params['argv'])}` cannot be started: {error.strerror}: {error.filename}."
        module.fail_json(msg=f"{message} Install what is missing or write its full path.", log=log)
    return outcome, log


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "argv": {"type": "list", "elements": "str", "required": True},
            "pipe_to": {"type": "list", "elements": "str"},
            "chdir": {"type": "path"},
            "environment": {"type": "dict", "default": {}},
            "stdin_file": {"type": "path"},
            "creates": {"type": "list", "elements": "path", "default": []},
            "removes": {"type": "list", "elements": "path", "default": []},
            "timeout": {"type": "float"},
            "log": {"type": "path"},
            "expected_lines": {"type": "int"},
        },
        supports_check_mode=True,
    )
    params = module.params
    if not params["argv"]:
        module.fail_json(msg="`argv` is empty. Write the command and its arguments as a list.")

    skip = reason_to_skip(params)
    if skip:
        module.exit_json(changed=False, msg=skip)
    if module.check_mode:
        unsure = not params["creates"] and not params["removes"]
        module.exit_json(changed=not unsure, skipped=unsure, msg="Not run: check mode.")

    outcome, log = run(module)
    problem = complaint(params, outcome, log)
    if problem is None and params["log"] is None:
        Path(log).unlink(missing_ok=True)
    result = {
        "changed": True,
        "rc": outcome.return_code,
        "return_codes": outcome.return_codes,
        "log": log if problem or params["log"] else None,
        "lines": outcome.lines,
        "duration": outcome.duration,
        "tail": outcome.tail,
    }
    if problem:
        module.fail_json(msg=problem, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge the evidence of DAG runs on the controller, and write the report. Documented in the module of the same name."""

from __future__ import annotations

import base64
import re
import shlex
from pathlib import PurePosixPath
from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof.checks import count
from ansible_collections.airfield.airflow.plugins.plugin_utils._proof.report import (
    as_json,
    as_junit,
    failure_sentences,
    parse_report,
    report_of,
)

Arguments = dict[str, dict[str, Any]]


def strings(*names: str) -> Arguments:
    return {name: {"type": "str", "required": True} for name in names}


def dicts(options: Arguments | None = None, **rules: Any) -> dict[str, Any]:
    return {"type": "list", "elements": "dict", **({"options": options} if options else {}), **rules}


ARGUMENTS: Arguments = {
    "path": {"type": "str", "required": True},  # `path` would replace ~ by the home on the controller
    "versions": {"type": "dict", "default": {}},
    "notes": {"type": "list", "elements": "str", "default": []},
    "airflow": {"type": "dict", "required": True},
    "airflow_version": {"type": "str"},
    "application": {"type": "dict", "default": {}},
    "application_revision": {"type": "str"},
    "airflow_cfg": {"type": "str"},
    "settings": dicts(strings("section", "option", "value"), default=[]),
    "dags": dicts(),
    "dags_commit": {"type": "str"},
    "steady_pods": dicts(default=[]),
    "idle_pods": dicts(default=[]),
    "steady_placement": {"type": "dict", "default": {}},
    "pod_runs": dicts(default=[]),
    "runs": dicts(strings("dag_id", "run_id"), required=True),
    "dag_runs": dicts(default=[]),
    "run_error": {"type": "str"},
    "expectations": dicts(default=[]),
    "placement": {"type": "dict", "default": {}},
    "log_files": dicts(default=[]),
    "log_directory": {"type": "str", "required": True},
    "log_lines": dicts(strings("dag_id", "task_id", "contains"), default=[]),
    "host_worker_dags": {"type": "list", "elements": "str", "default": []},
    "host_workers": dicts(
        {
            **strings("host"),
            "status": {"type": "int"},
            "error": {"type": "str"},
            "requests": dicts(default=[]),
        },
        default=[],
    ),
}


REMEDY = "Remedy this, and run the playbook again."
# What another path, or other permissions, would change.
OF_THE_PATH = re.compile("permission|not readable|not writable|a directory|read-only", re.IGNORECASE)
# What SSH adds to the errors of a module, whose own are in its output then.
OF_SSH = re.compile(r"(Shared c|C)onnection to .* closed\.?")


class ReportNotWritten(Exception):
    """A directory or a file of the report cannot be created or changed, or must not be replaced."""

    def __init__(self, what: str, reason: str) -> None:
        advice = "Change `path`, or the permissions there." if OF_THE_PATH.search(reason) else REMEDY
        super().__init__(f"The report cannot be {what}: {reason.rstrip('.')}. {advice}")


def reason_of(done: dict[str, Any]) -> str:
    """Why a module failed; of one that crashed, Ansible has the cause only in its output."""
    reason = " ".join(str(done.get("msg") or "unknown").split()).rstrip(".")
    for stream in ("module_stderr", "module_stdout"):
        lines = [line.strip() for line in str(done.get(stream) or "").splitlines()]
        lines = [line for line in lines if line and not OF_SSH.fullmatch(line)]
        if lines:
            return reason if lines[-1] in reason else f"{reason}: {lines[-1]}"
    return reason


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core has no type hints for others
    """Judges where the evidence is, so that no process on the host has to be given all logs."""

    TRANSFERS_FILES = False
    _requires_connection = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        params: dict[str, Any] = self.validate_argument_spec(argument_spec=ARGUMENTS)[1]
        self._task_vars = task_vars or {}
        path = self._remote_expand_user(params["path"])
        json_path, xml_path = f"{path}.json", f"{path}.xml"

        earlier, problem = None, None
        try:
            earlier = self._slurp(json_path)
        except ReportNotWritten as error:
            problem = error
        report = report_of(params, parse_report(earlier))
        failures = failure_sentences(report)
        result.update(changed=False, airfield_report=report, failures=failures, files=[json_path, xml_path])
        contents = {json_path: as_json(report), xml_path: as_junit(report)}
        sentences = failures or [f"{count(report['checks'], 'check')} passed."]
        try:
            # A report that cannot be read may have the details of pods that are gone.
            if problem:
                raise problem
            self._write(result, contents, {json_path: earlier, xml_path: self._cat(xml_path)[0]})
        except ReportNotWritten as error:
            sentences = [*failures, str(error)]
            result["failed"] = True
        result["msg"] = "\n".join(sentences)
        return result

    def _write(self, result: dict[str, Any], contents: dict[str, str], before: dict[str, str | None]) -> None:
        """Write the files whose content differs, and record it in the result."""
        differing = [path for path, content in contents.items() if before[path] != content]
        if all(content is None for content in before.values()):
            self._create_directory(result, str(PurePosixPath(differing[0]).parent))
        for path in differing:
            task = self._task.copy()
            task.args = {"content": contents[path], "dest": path}
            task.diff = False  # the difference is known here, without another look at the file
            copy = self._shared_loader_obj.action_loader.get(
                "ansible.legacy.copy",
                task=task,
                connection=self._connection,
                play_context=self._play_context,
                loader=self._loader,
                templar=self._templar,
                shared_loader_obj=self._shared_loader_obj,
            )
            self._record(result, copy.run(task_vars=self._task_vars), path)
        if self._task.diff:
            result["diff"] = [
                {"before_header": path, "after_header": path, "before": before[path] or "", "after": contents[path]}
                for path in differing
            ]

    def _create_directory(self, result: dict[str, Any], directory: str) -> None:
        arguments = {"path": directory, "state": "directory", "mode": "0755"}
        done = self._execute_module("ansible.legacy.file", module_args=arguments, task_vars=self._task_vars)
        self._record(result, done, directory)

    def _record(self, result: dict[str, Any], done: dict[str, Any], path: str) -> None:
        if done.get("failed"):
            raise ReportNotWritten(f"written to {path}", reason_of(done))
        result["changed"] = result["changed"] or bool(done.get("changed"))

    def _slurp(self, path: str) -> str | None:
        """The content of a file on the host, None if it does not exist."""
        done = self._execute_module("ansible.legacy.slurp", module_args={"src": path}, task_vars=self._task_vars)
        if not done.get("failed"):
            return base64.b64decode(done["content"]).decode(errors="replace")
        message = str(done.get("msg"))
        if message.lower().startswith("file not found"):
            return None
        reason = reason_of(done)
        if message.startswith("Unable to slurp"):  # in ansible-core 2.19, that is all it says
            reason = self._cat(path)[1] or reason
        raise ReportNotWritten(f"replaced: reading {path} failed", reason)

    def _cat(self, path: str) -> tuple[str | None, str]:
        """The same for a file of which only equality counts, without a process of Python; and why there is nothing."""
        done = self._low_level_execute_command(f"cat {shlex.quote(path)}")
        # A terminal, which SSH may allocate, ends lines with a carriage return as well.
        content = str(done["stdout"]).replace("\r\n", "\n")
        if done["rc"]:
            lines = (str(done.get("stderr") or "").strip() or content.strip()).splitlines()
            return None, lines[-1] if lines else ""
        return content, ""

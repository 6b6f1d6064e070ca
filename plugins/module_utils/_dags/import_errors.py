# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Airflow's import errors, and which of them is about a DAG that has not appeared."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from ansible_collections.airfield.airflow.plugins.module_utils import _clock
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject


def import_errors(client: ApiClient) -> list[JsonObject]:
    return list(client.pages("importErrors", items="import_errors"))


def related_error(
    errors: Iterable[JsonObject], dag_id: str, file: str | None, dag: JsonObject | None
) -> JsonObject | None:
    """The import error that prevents a DAG from appearing, if one is known to.

    It is in ``file``, or in the file that the DAG came from before. Without ``file``, it may also be in a file
    whose stem is the DAG's id (with or without a suffix ``_dag``), or quote that id.
    """
    for error in errors:
        name = str(error.get("filename") or "")
        if dag and is_about_file_of(error, dag):
            return error
        if file and (name == file or name.endswith(f"/{file}")):
            return error
        if not file and (_is_named_like(name, dag_id) or _quotes(error, dag_id)):
            return error
    return None


def is_about_file_of(error: JsonObject, dag: JsonObject) -> bool:
    # Airflow 3.0 reports the full path of the file, later versions its path in the bundle.
    names = [dag[key] for key in ("relative_fileloc", "fileloc") if dag.get(key)]
    return error.get("filename") in names and error.get("bundle_name") == dag.get("bundle_name")


def _is_named_like(file: str, dag_id: str) -> bool:
    return PurePosixPath(file).stem.removesuffix("_dag") == dag_id.removesuffix("_dag")


def _quotes(error: JsonObject, dag_id: str) -> bool:
    text = str(error.get("stack_trace") or "")
    return any(f"{mark}{dag_id}{mark}" in text for mark in "'\"`")


def describe_errors(errors: Iterable[JsonObject]) -> str:
    """One line per error: the file and the last line of Python's message."""
    descriptions = []
    for error in errors:
        lines = str(error.get("stack_trace") or "").strip().splitlines()
        descriptions.append(f"{error.get('filename')}: {lines[-1].strip() if lines else 'no message'}")
    return "; ".join(descriptions)


class Confirmation:
    """Distinguishes a current import error from one that is left over from before the file was fixed.

    Airflow keeps an error until it parses the file again (every 30 s by default). So an error that existed before we
    started counts only when Airflow has recorded it again since, or has kept it for ``grace`` seconds. An error that
    appears while we wait is new, and counts at once.
    """

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._looked = False
        self._seen: dict[object, tuple[float, object]] = {}

    def holds(self, error: JsonObject | None) -> bool:
        came_with_us, self._looked = not self._looked, True
        if error is None:
            return False
        now = _clock.now()
        key = (error.get("bundle_name"), error.get("filename"))
        if key not in self._seen:
            self._seen[key] = (now, error.get("timestamp"))
            return not came_with_us or self._grace <= 0
        since, timestamp = self._seen[key]
        return now - since >= self._grace or error.get("timestamp") != timestamp

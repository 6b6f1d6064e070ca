# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._dags.import_errors import describe_errors, related_error


def error(filename: str, text: str = "boom", bundle: str = "dags-folder") -> dict[str, Any]:
    return {"filename": filename, "stack_trace": text, "bundle_name": bundle}


KNOWN = {"relative_fileloc": "old/place.py", "bundle_name": "dags-folder"}


@pytest.mark.parametrize(
    ("found", "dag_id", "file", "dag", "related"),
    [
        (error("poc_test.py"), "poc_test", None, None, True),
        (error("team/poc_test_dag.py"), "poc_test", None, None, True),
        (error("external_trigger.py"), "external_trigger_dag", None, None, True),
        (error("other.py"), "poc_test", None, None, False),
        (error("poc_test2.py"), "poc_test", None, None, False),
        (error("other.py", 'Duplicate DAG "poc_test"'), "poc_test", None, None, True),
        (error("other.py", "about poc_test only in passing"), "poc_test", None, None, False),
        (error("team/mine.py"), "poc_test", "mine.py", None, True),
        (error("not_mine.py"), "poc_test", "mine.py", None, False),
        (error("poc_test.py"), "poc_test", "mine.py", None, False),
        (error("old/place.py"), "poc_test", "new/place.py", KNOWN, True),
        (error("new/place.py"), "poc_test", "new/place.py", KNOWN, True),
        (error("old/place.py", bundle="another"), "poc_test", None, KNOWN, False),
    ],
)
def test_which_error_is_about_a_dag(
    found: dict[str, Any], dag_id: str, file: str | None, dag: dict[str, Any] | None, related: bool
) -> None:
    assert (related_error([error("unrelated.py"), found], dag_id, file, dag) is found) is related


def test_errors_in_a_line() -> None:
    assert describe_errors([error("a.py", "Traceback:\n  x\nValueError: no\n"), error("b.py", "")]) == (
        "a.py: ValueError: no; b.py: no message"
    )

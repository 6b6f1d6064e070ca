# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DAG whose log is longer than one page of the API."""

from __future__ import annotations

from airflow.sdk import DAG, task

with DAG(dag_id="many_lines", schedule=None, tags=["example"]):

    @task  # type: ignore[untyped-decorator]
    def count() -> None:
        for number in range(1, 5001):
            print(f"line {number}")

    count()

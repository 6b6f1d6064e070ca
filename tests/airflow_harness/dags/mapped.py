# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DAG with a mapped task: three instances of one task in each run."""

from __future__ import annotations

from airflow.sdk import DAG, task

with DAG(dag_id="mapped", schedule=None, tags=["example"]):

    @task  # type: ignore[untyped-decorator]
    def square(number: int) -> None:
        print(f"{number} squared is {number * number}")

    square.expand(number=[1, 2, 3])

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DAG whose run fails until it is fixed: with {"fix": true} in the run's conf, or with the variable `fixed`."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Variable, task

with DAG(dag_id="fails_once", schedule=None, tags=["example"]):

    @task(retries=0)  # type: ignore[untyped-decorator]
    def flaky(**context: Any) -> None:
        fixed = (context["dag_run"].conf or {}).get("fix") or Variable.get("fixed", default="no") == "yes"
        if not fixed:
            raise RuntimeError("not fixed yet: set fix in the run's conf, or the variable fixed to yes")

    @task  # type: ignore[untyped-decorator]
    def after() -> None:
        print("fixed")

    flaky() >> after()

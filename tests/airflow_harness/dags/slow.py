# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DAG that is still running when a test checks it: it sleeps as many seconds as the run's conf says."""

from __future__ import annotations

import time
from typing import Any

from airflow.sdk import DAG, task

with DAG(dag_id="slow", schedule=None, tags=["example"]):

    @task  # type: ignore[untyped-decorator]
    def sleep(**context: Any) -> None:
        time.sleep(float((context["dag_run"].conf or {}).get("seconds", 60)))

    sleep()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DAG with a schedule and a start date in the past, for backfills."""

from __future__ import annotations

from datetime import datetime, timezone

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

START = datetime(2026, 1, 1, tzinfo=timezone.utc)

with DAG(dag_id="daily", schedule="@daily", start_date=START, catchup=False, tags=["example"]):
    EmptyOperator(task_id="end")

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DAG with nothing to wait for: it prints its run and ends."""

from __future__ import annotations

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG(dag_id="hello", schedule=None, tags=["example"]):
    BashOperator(task_id="say", bash_command='echo "hello from {{ run_id }}"') >> EmptyOperator(task_id="end")

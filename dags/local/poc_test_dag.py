# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest proof that a task's pod starts, runs and ends where it should: one task that prints, one that waits."""

from __future__ import annotations

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    dag_id="poc_test",
    description="Two short tasks, to prove that task pods run on the worker nodes.",
    schedule=None,
    catchup=False,
    tags=["airfield"],
    default_args={"execution_timeout": timedelta(minutes=5)},
    doc_md=__doc__,
):
    # Do not use ds, logical_date and the like here: a run that is triggered without a logical date has none.
    echo = BashOperator(task_id="echo", bash_command='echo "Hello from $(hostname)"')
    sleep = BashOperator(task_id="sleep", bash_command="sleep 5")
    echo >> sleep

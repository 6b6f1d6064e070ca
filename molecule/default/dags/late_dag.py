# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comes with a later commit and starts by itself: a task in each namespace that stays long enough to be looked at."""

from __future__ import annotations

from datetime import datetime, timezone

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from kubernetes.client import models as k8s

with DAG(
    dag_id="late_dag",
    schedule="@once",
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    is_paused_upon_creation=False,
):
    # Without a namespace of its own the first task is where the executor starts pods.
    BashOperator(task_id="core", bash_command="sleep 15")
    for name in ("cron", "user"):
        BashOperator(
            task_id=name,
            bash_command="sleep 15",
            executor_config={
                "pod_override": k8s.V1Pod(
                    metadata=k8s.V1ObjectMeta(namespace=f"airflow-{name}"),
                    spec=k8s.V1PodSpec(containers=[k8s.V1Container(name="base")]),
                )
            },
        )

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled work: every five minutes a pod in the namespace of the scheduled work logs where it is."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from kubernetes.client import models as k8s

# The actual namespace of the pod, from Kubernetes itself.
OWN_NAMESPACE = k8s.V1EnvVar(
    name="POD_NAMESPACE",
    value_from=k8s.V1EnvVarSource(field_ref=k8s.V1ObjectFieldSelector(field_path="metadata.namespace")),
)

with DAG(
    dag_id="example_cron_dag",
    description="Logs the namespace of its pod every five minutes.",
    schedule="*/5 * * * *",
    # Airflow schedules nothing before a start date, and without one nothing at all.
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    tags=["cron"],
    default_args={
        "retries": 1,
        "retry_delay": timedelta(minutes=1),
        "execution_timeout": timedelta(minutes=4),
    },
    doc_md=__doc__,
):
    # Do not use ds, logical_date and the like here: a run that is triggered without a logical date has none.
    BashOperator(
        task_id="say_hi",
        bash_command='echo "Hello from namespace ${POD_NAMESPACE}, pod $(hostname)"',
        executor_config={
            # Everything else comes from the template of all task pods.
            "pod_override": k8s.V1Pod(
                metadata=k8s.V1ObjectMeta(namespace="airflow-cron"),
                spec=k8s.V1PodSpec(containers=[k8s.V1Container(name="base", env=[OWN_NAMESPACE])]),
            )
        },
    )

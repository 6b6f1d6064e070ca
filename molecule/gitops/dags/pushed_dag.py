# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DAG that comes by a commit, and is at work when its repository goes away."""

from __future__ import annotations

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from kubernetes.client import models as k8s

with DAG(dag_id="pushed_dag", schedule=None, catchup=False, is_paused_upon_creation=False):
    BashOperator(
        task_id="work",
        bash_command='echo "I am at work"; sleep 40; echo "I have finished"',
        executor_config={
            "pod_override": k8s.V1Pod(
                metadata=k8s.V1ObjectMeta(namespace="airflow-user"),
                spec=k8s.V1PodSpec(containers=[k8s.V1Container(name="base")]),
            )
        },
    )

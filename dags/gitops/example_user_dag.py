# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on demand: when a user triggers the DAG, a pod in the namespace of the users' work logs where it is."""

from __future__ import annotations

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from kubernetes.client import models as k8s

# The actual namespace of the pod, from Kubernetes itself.
OWN_NAMESPACE = k8s.V1EnvVar(
    name="POD_NAMESPACE",
    value_from=k8s.V1EnvVarSource(field_ref=k8s.V1ObjectFieldSelector(field_path="metadata.namespace")),
)

with DAG(
    dag_id="example_user_dag",
    description="Logs the namespace of its pod on demand.",
    schedule=None,
    catchup=False,
    tags=["user"],
    default_args={"execution_timeout": timedelta(minutes=5)},
    doc_md=__doc__,
):
    # Do not use ds, logical_date and the like here: a run that is triggered without a logical date has none.
    BashOperator(
        task_id="ad_hoc",
        bash_command='echo "Hello from namespace ${POD_NAMESPACE}, pod $(hostname)"',
        executor_config={
            # Everything else comes from the template of all task pods.
            "pod_override": k8s.V1Pod(
                metadata=k8s.V1ObjectMeta(namespace="airflow-user"),
                spec=k8s.V1PodSpec(containers=[k8s.V1Container(name="base", env=[OWN_NAMESPACE])]),
            )
        },
    )

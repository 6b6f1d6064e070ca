# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DAG that violates the placement on purpose: its task asks for the node of Airflow's own pods."""

from __future__ import annotations

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from kubernetes.client import models as k8s

with DAG(dag_id="pinned_to_control", schedule=None, catchup=False):
    BashOperator(
        task_id="on_the_wrong_node",
        bash_command="true",
        executor_config={
            "pod_override": k8s.V1Pod(
                spec=k8s.V1PodSpec(
                    containers=[k8s.V1Container(name="base")],
                    node_selector={"role": "airflow-control"},
                    tolerations=[
                        k8s.V1Toleration(
                            key="node-role.kubernetes.io/control-plane", operator="Exists", effect="NoSchedule"
                        )
                    ],
                )
            )
        },
    )

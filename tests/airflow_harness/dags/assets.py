# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two DAGs connected by an asset: when one has updated the orders, the other starts."""

from __future__ import annotations

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset

ORDERS = Asset(name="orders", uri="s3://bucket/orders")

with DAG(dag_id="producer", schedule=None, tags=["example"]):
    EmptyOperator(task_id="produce", outlets=[ORDERS])

with DAG(dag_id="consumer", schedule=[ORDERS], tags=["example"]):
    EmptyOperator(task_id="consume")

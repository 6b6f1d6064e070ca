# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What inventory_with_pools says."""

from __future__ import annotations

CONTROL_NODE = "airfield-test-control-plane"
USER_NODE = "airfield-test-worker"
CRON_NODE = "airfield-test-worker2"

CORE, CRON, USER = NAMESPACES = ("airflow", "airflow-cron", "airflow-user")
NODES = {CORE: USER_NODE, CRON: CRON_NODE, USER: USER_NODE}
SELECTORS = {CORE: {"role": "airflow-worker"}, CRON: {"pool": "cron"}, USER: {"pool": "user"}}
TAINT = ("dedicated", "cron", "NoSchedule")

# Who runs as whom.
AIRFLOW_UID, GIT_SYNC_UID = 50000, 65533

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that had another name once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

# The old name of each variable, and the one that it has now.
RENAMED = {
    "airfield_worker_pools": "airfield_worker_node_groups",
    "airflow_chart": "airfield_chart",
    "airflow_chart_reference": "airfield_chart_reference",
    "airflow_chart_repository": "airfield_chart_repository",
    "airflow_chart_version": "airfield_chart_version",
    "airflow_deployer": "airfield_deployer",
    "airflow_executor": "airfield_executor",
    "argocd_namespace": "airfield_argocd_namespace",
    "argocd_project": "airfield_argocd_project",
    "cluster_driver": "airfield_cluster_driver",
    "cluster_listen_address": "airfield_listen_address",
    "cluster_port_mappings": "airfield_port_mappings",
    "dag_sync_method": "airfield_dags_method",
    "dag_sync_push": "airfield_dags_push",
    "git_repositories_port": "airfield_git_port",
    "git_repositories_served": "airfield_git_served",
    "host_worker_address": "airfield_host_worker_address",
    "host_worker_port": "airfield_host_worker_port",
    "metadata_db_engine": "airfield_database_engine",
    "metadata_db_external_url": "airfield_database_url",
    "storage_mode": "airfield_storage_mode",
    "toolchain_engine": "airfield_container_engine",
    "toolchain_engine_packages": "container_engine_packages",
    "toolchain_inotify_limits": "container_engine_inotify_limits",
    "verify_components": "airfield_components",
}


def renamed_variable_problems(defined: Mapping[str, str], internal: Collection[str] = ()) -> list[str]:
    """Old names that an inventory still has. Without a word, the default would silently take the value's place.

    ``defined`` maps each variable's name to where it was set; ``internal`` are names that tasks gave.
    """
    return [
        f"`{old}` ({defined[old]}) is called `{new}` now."
        for old, new in sorted(RENAMED.items())
        if old in defined and old not in internal
    ]

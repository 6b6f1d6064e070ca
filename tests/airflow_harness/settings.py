# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of an Airflow of the tests, as the environment of its processes."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from ansible_collections.airfield.airflow.tests.airflow_harness.postgres import Postgres

DAGS = Path(__file__).with_name("dags")
FAB = "airflow.providers.fab.auth_manager"
SIMPLE = "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"


def dags_of(home: Path) -> Path:
    """The DAG directory of the Airflow with this home."""
    return home / "dags"


def settings(home: Path, environment: Path, database: Postgres, name: str, url: str) -> dict[str, str]:
    """The environment for every process of one Airflow; keys and secrets are generated for each."""
    airflow = {
        "api__base_url": url,
        "api__expose_config": "True",
        "api__secret_key": secrets.token_hex(16),
        "api__workers": "1",
        "api_auth__jwt_secret": secrets.token_hex(32),
        "core__auth_manager": f"{FAB}.fab_auth_manager.FabAuthManager",
        "core__dags_folder": str(dags_of(home)),
        "core__execution_api_server_url": f"{url}/execution/",
        "core__executor": "LocalExecutor",
        "core__fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "core__load_examples": "False",
        "core__parallelism": "4",
        # New and changed files are parsed soon; parsing the others over and over would cost half a processor.
        "dag_processor__min_file_process_interval": "600",
        "dag_processor__parsing_processes": "1",
        "dag_processor__refresh_interval": "5",
        "database__sql_alchemy_conn": database.url(name, "psycopg2"),
        "database__sql_alchemy_conn_async": database.url(name, "asyncpg"),
        # FAB's API for users and roles accepted no token before FAB 3.
        "fab__auth_backends": f"{FAB}.api.auth.backend.basic_auth,{FAB}.api.auth.backend.session",
        "logging__base_log_folder": str(home / "logs"),
        "scheduler__scheduler_heartbeat_sec": "1",
        "scheduler__scheduler_idle_sleep_time": "0.5",
        # Airflow 3.0 has the option in this section.
        "webserver__expose_config": "True",
    }
    own = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "PYTHON", "VIRTUAL_ENV"))}
    return {
        **own,
        "AIRFLOW_HOME": str(home),
        "PATH": f"{environment / 'bin'}:{own.get('PATH', os.defpath)}",
        **{f"AIRFLOW__{key.upper()}": value for key, value in airflow.items()},
    }


def simple_settings(environment: dict[str, str], url: str) -> dict[str, str]:
    """The same Airflow, but with the auth manager without users: everybody who logs in is admin."""
    return {
        **environment,
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__CORE__AUTH_MANAGER": SIMPLE,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
    }

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run by the Python of a tested Airflow: create its tables and its user.

Each `airflow` command spends five seconds on its imports, so one process does what two commands would.
"""

from __future__ import annotations

import os

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers_manager import ProvidersManager
from airflow.utils import db

# Airflow 3.0 knows FAB's options only after this.
ProvidersManager().initialize_providers_configuration()
db.upgradedb()
with get_application_builder() as builder:
    manager = builder.sm
    user = manager.add_user(
        os.environ["AIRFIELD_TEST_USER"],
        "Ada",
        "Admin",
        "admin@example.org",
        manager.find_role("Admin"),
        os.environ["AIRFIELD_TEST_PASSWORD"],
    )
if not user:
    raise SystemExit("FAB has not made the user.")

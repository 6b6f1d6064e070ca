# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the targets for a running Airflow: its own URLs, and those of the proxies in front of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ansible_collections.airfield.airflow.tests.airflow_harness.certificates import make_certificates
from ansible_collections.airfield.airflow.tests.airflow_harness.fault_proxy import fault_proxy
from ansible_collections.airfield.airflow.tests.airflow_harness.faults import Faults
from ansible_collections.airfield.airflow.tests.airflow_harness.readiness import login
from ansible_collections.airfield.airflow.tests.airflow_harness.server import USER, Airflow


@contextlib.contextmanager
def proxies(airflow: Airflow) -> Iterator[dict[str, Any]]:
    """Start the proxies; yield the variables of the targets."""
    directory = airflow.processes.directory / airflow.release.role / "state"
    directory.mkdir(mode=0o700)
    certificates = make_certificates(directory / "tls")

    def token() -> str:
        return login(airflow.url, USER, airflow.password)

    with (
        fault_proxy(airflow.url, Faults()) as fault_url,
        fault_proxy(airflow.url, Faults(), certificates.server_context(), token) as tls_url,
    ):
        yield {
            "airflow_fault_url": fault_url,
            "airflow_password": airflow.password,
            "airflow_simple_url": airflow.simple_url,
            "airflow_state_dir": str(directory),
            "airflow_tls_url": tls_url,
            "airflow_url": airflow.url,
            "airflow_user": USER,
            "airflow_version": airflow.release.version,
        }

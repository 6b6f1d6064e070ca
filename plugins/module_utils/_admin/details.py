# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Airflow's API returns about the installation: executor, configuration, providers, plugins, jobs, pools."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import Forbidden, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import is_sensitive
from ansible_collections.airfield.airflow.plugins.module_utils._dags.import_errors import import_errors

HIDDEN = "< hidden >"
# Airflow 3.0 shows every secret with expose_config = true. These options are sensitive to Airflow and its providers, in
# addition to those whose names sound like a secret.
SECRET_OPTION = re.compile(r"fernet|basic_auth|kwargs|engine_args|_conn(_async)?$|broker_url|result_backend$")
# A password or a token in a URL, or in an option that is JSON.
SECRET_INSIDE = re.compile(r"""://[^/@\s]+@|["'][^"']*(password|secret|token|private_key)[^"']*["']\s*:""")


def gather_details(client: ApiClient, wanted: list[str]) -> JsonObject:
    """The results of ``airflow_info`` for those of its ``gather`` that are in ``wanted``, except health and version."""
    readers: dict[str, Callable[[ApiClient], JsonObject]] = {
        "executor": executor,
        "config": config,
        "providers": lambda asked: {"providers": list(asked.pages("providers", items="providers"))},
        "plugins": plugins,
        "import_errors": lambda asked: {"import_errors": import_errors(asked)},
        "jobs": jobs,
        "pools": lambda asked: {"pools": list(asked.pages("pools", items="pools"))},
    }
    found: JsonObject = {}
    for name, read in readers.items():
        if name in wanted:
            found |= read(client)
    return found


def executor(client: ApiClient) -> JsonObject:
    found, reason = _executor(client)
    return {"executor": found, "executor_unknown_because": reason}


def _executor(client: ApiClient) -> tuple[str | None, str | None]:
    """The executor and None, or None and why it is not known."""
    if not client.has_credentials:
        return None, "No user and no token were given, and Airflow shows its configuration only to users."
    try:
        answer = client.get("config", "section", "core", "option", "executor")
    except (Forbidden, NotFound) as error:
        return None, str(error)
    values = [option.get("value") for section in answer.get("sections", ()) for option in section.get("options", ())]
    if not values:
        return None, "Airflow's answer does not contain the option [core] executor."
    return (values[0][0] if isinstance(values[0], list) else str(values[0])), None


def config(client: ApiClient) -> JsonObject:
    try:
        answer = client.get("config")
    except Forbidden as error:
        return {"config": {}, "config_exposed": False, "config_hidden_because": str(error)}
    sections = {
        section["name"]: {option["key"]: masked(option["key"], option["value"]) for option in section["options"]}
        for section in answer["sections"]
    }
    return {"config": sections, "config_exposed": True, "config_hidden_because": None}


def masked(option: str, value: Any) -> Any:
    """The value of a configuration option, or a placeholder for a secret."""
    plain = value[0] if isinstance(value, list) else value  # a pair is the value and its source
    if not plain or str(plain).lower() in ("true", "false"):
        return plain
    secret = is_sensitive(option) or SECRET_OPTION.search(option.lower()) or SECRET_INSIDE.search(str(plain))
    return HIDDEN if secret else plain


def plugins(client: ApiClient) -> JsonObject:
    found = list(client.pages("plugins", items="plugins"))
    try:
        errors = client.get("plugins", "importErrors")["import_errors"]
    except NotFound:  # Airflow 3.0 does not return them
        errors = []
    return {"plugins": found, "plugin_import_errors": errors}


def jobs(client: ApiClient) -> JsonObject:
    """The jobs that have not ended, each with the seconds since its last heartbeat."""
    now = utc_now()
    found = client.pages("jobs", items="jobs", query={"job_state": "running", "order_by": "id"})
    aged = [{**job, "heartbeat_age": _age(job.get("latest_heartbeat"), now)} for job in found]
    return {"jobs": sorted(aged, key=lambda job: (str(job.get("job_type")), str(job.get("hostname")), job["id"]))}


def _age(heartbeat: str | None, now: datetime) -> float | None:
    if not heartbeat:
        return None
    beat = datetime.fromisoformat(heartbeat.replace("Z", "+00:00"))
    # The clock of the controller may be behind that of the machine with the heartbeat.
    return max(0.0, round((now - beat).total_seconds(), 1))


def utc_now() -> datetime:
    return datetime.now(timezone.utc)

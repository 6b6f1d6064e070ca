# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a task on the host worker, a machine outside the cluster, and fails unless it succeeded.

The Airflow Connection ``host_worker`` has the worker's address (host, port) and its token (password). To run another
task than ``host_facts``, trigger the DAG for example with ``{"task": "echo", "parameters": {"text": "hello"}}``.
"""

from __future__ import annotations

import json
import logging
import time
from datetime import timedelta
from typing import Any

import requests
from airflow.sdk import DAG, Connection, Param, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

CONNECTION_ID = "host_worker"
PATIENCE_SECONDS = 600.0  # from the first attempt until the task has ended
OUTAGE_SECONDS = 60.0  # the host worker may be unavailable for this long, for example during a restart
WAIT_SECONDS = 20  # how long one request waits for the task's end
PAUSE_SECONDS = 2.0

log = logging.getLogger(__name__)


def run_on_worker(address: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send the request until the host worker reports that it has ended; return the worker's entry.

    Sending it again is safe: the host worker runs each request_id once and answers later calls from its record.
    Raises AirflowFailException for what a retry cannot fix, AirflowException for the rest.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    reached = time.monotonic()
    with requests.Session() as session:
        session.trust_env = False  # no proxy may see the token, and no .netrc may replace it
        session.headers["Authorization"] = f"Bearer {token}"
        while time.monotonic() < deadline:
            try:
                answer = session.post(
                    f"{address}/run-task",
                    params={"wait": WAIT_SECONDS},
                    json=body,
                    timeout=(5, WAIT_SECONDS + 10),
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                problem = f"it cannot be reached ({error})"
            else:
                if answer.status_code in (200, 202):
                    entry = _json(answer)
                    if answer.status_code == 200:
                        return entry
                    log.info("State of the task on the host worker: %s", entry.get("state"))
                    reached = time.monotonic()
                    time.sleep(PAUSE_SECONDS)
                    continue
                problem = f"it answered {answer.status_code}: {answer.text.strip()[:1000]}"
                if answer.status_code == 429:  # full, but available
                    reached = time.monotonic()
                elif answer.status_code < 500:
                    raise AirflowFailException(f"The host worker at {address} refused the request: {problem}")
            if time.monotonic() - reached > OUTAGE_SECONDS:
                raise AirflowException(
                    f"The host worker at {address} has been unavailable for {OUTAGE_SECONDS:.0f} s: {problem}"
                )
            log.warning("Trying again in %.0f s, the host worker is not ready: %s", PAUSE_SECONDS, problem)
            time.sleep(PAUSE_SECONDS)
    raise AirflowException(f"The host worker at {address} did not finish the task within {PATIENCE_SECONDS:.0f} s.")


def require_success(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the task's result; raise if it has none. An interrupted task may be tried again, as a new request."""
    if entry.get("state") == "succeeded":
        return {"worker": entry["hostname"], "request_id": entry["request_id"], "result": entry["result"]}
    words = f"The task {entry.get('task')!r} on the host worker is {entry.get('state')}: {entry.get('error')}"
    if entry.get("state") == "interrupted":
        raise AirflowException(words)
    raise AirflowFailException(words)


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise AirflowFailException(f"{answer.url} is not a host worker, its answer is not JSON: {answer.text[:200]!r}")
    return content


with DAG(
    dag_id="external_trigger_dag",
    description="Runs a task on the host worker, outside the cluster.",
    schedule=None,
    catchup=False,
    tags=["airfield"],
    params={
        "task": Param("host_facts", type="string", description="A task that the host worker offers."),
        "parameters": Param({}, type="object", description="The parameters of the task."),
    },
    doc_md=__doc__,
):

    @task(retries=2, retry_delay=timedelta(seconds=10), execution_timeout=timedelta(minutes=15))  # type: ignore[untyped-decorator]
    def run_on_host_worker() -> dict[str, Any]:
        context = get_current_context()
        instance, params = context["ti"], context["params"]
        names: dict[str, Any] = {
            "dag_id": instance.dag_id,
            "run_id": instance.run_id,
            "task_id": instance.task_id,
            "try_number": instance.try_number,
            "map_index": -1 if instance.map_index is None else instance.map_index,
        }
        # Airflow's own id of this try makes it unique even if a new database assigns old run ids again.
        request_id = "/".join(str(part) for part in (*names.values(), instance.id))
        body = {"request_id": request_id, "task": params["task"], "parameters": params["parameters"], "context": names}
        worker = Connection.get(CONNECTION_ID)
        address = f"{worker.schema or 'http'}://{worker.host}:{worker.port}"
        log.info("Asking the host worker at %s to run %r as %s", address, params["task"], request_id)
        entry = run_on_worker(address, worker.password or "", body)
        log.info("The host worker answered: %s", json.dumps(entry, indent=2))
        return require_success(entry)

    run_on_host_worker()

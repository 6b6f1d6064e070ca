#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: connection
short_description: Manage a connection of Airflow
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates, changes or deletes one connection in Airflow's database, over its REST API.
  - A field that is not given is left as it is. An empty text clears a field.
options:
  connection_id:
    description: The name of the connection, made of letters, digits, underscores, dots and dashes.
    type: str
    required: true
  state:
    description: Whether the connection shall exist.
    type: str
    choices: [present, absent]
    default: present
  conn_type:
    description: The type of the connection, as V(http). Required with O(state=present).
    type: str
  description:
    description: What the connection is for.
    type: str
  host:
    description: The host, or for some types an address.
    type: str
  port:
    description: The port.
    type: int
  login:
    description: The user at the other end.
    type: str
  password:
    description:
      - The password, or the token, at the other end.
      - Airflow never shows it again, see O(update_password).
    type: str
  schema:
    description: The database, or for V(http) the scheme V(http) or V(https).
    type: str
  extra:
    description:
      - Further parameters, as the type of the connection knows them. They replace all that there were.
      - Values whose keys sound like a secret (password, secret, token, api_key, private_key and the like) are kept out
        of the module's output. Set C(no_log) on the task when others hold one.
    type: dict
  update_password:
    description:
      - V(on_create) sends O(password), and the values in O(extra) that Airflow hides, only when there are none yet.
      - V(always) sends them every time. Airflow hides them, so nobody can tell whether they differ, and every run
        reports a change.
    type: str
    choices: [always, on_create]
    default: on_create
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Secrets are shown as V(***).
  idempotent:
    support: partial
    details:
      - With O(update_password=always) every run changes what Airflow hides.
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.dag
"""

EXAMPLES = r"""
- name: Tell Airflow where the host worker is
  airfield.airflow.connection:
    api_url: http://127.0.0.1:32080
    api_username: admin
    api_password: "{{ airflow_admin_password }}"
    connection_id: host_worker
    conn_type: http
    host: 172.18.0.1
    port: 8081
    password: "{{ host_worker_token }}"
    extra:
      timeout: 30

- name: Forget it
  airfield.airflow.connection:
    api_url: http://127.0.0.1:32080
    api_token: "{{ airflow_token }}"
    connection_id: host_worker
    state: absent
"""

RETURN = r"""
connection:
  description: The connection as it is now, or would be in check mode, without its secrets. V(null) when it is absent.
  type: dict
  returned: success
  sample:
    connection_id: host_worker
    conn_type: http
    description: null
    host: 172.18.0.1
    port: 8081
    login: null
    schema: null
    password: "***"
    extra:
      timeout: 30
"""

import contextlib
import json
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._api_client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api_errors import NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._api_module import (
    API_ARGUMENTS,
    API_REQUIRED_ONE_OF,
    API_REQUIRED_TOGETHER,
    run,
)
from ansible_collections.airfield.airflow.plugins.module_utils._connections import (
    PLAIN_FIELDS,
    changes,
    secrets_in,
    shown,
)


def get_connection(client: ApiClient, connection_id: str) -> JsonObject | None:
    try:
        return client.get("connections", connection_id)
    except NotFound:
        return None


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    module.no_log_values.update(secrets_in(params["extra"]))
    current = get_connection(client, params["connection_id"])
    if params["state"] == "absent":
        return delete(module, client, current)
    if current is None:
        return create(module, client)
    return update(module, client, current)


def delete(module: AnsibleModule, client: ApiClient, current: JsonObject | None) -> dict[str, Any]:
    if current is not None and not module.check_mode:
        # Not found: somebody else, or the first of two attempts, was faster, and it is gone.
        with contextlib.suppress(NotFound):
            client.request("DELETE", "connections", module.params["connection_id"], repeatable=True)
    before = shown(current) if current else {}
    return {"changed": current is not None, "connection": None, "diff": {"before": before, "after": {}}}


def create(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    given = {field: params[field] for field in (*PLAIN_FIELDS, "password") if params[field] not in (None, "")}
    if params["extra"] is not None:
        given["extra"] = json.dumps(params["extra"])
    wanted = {"connection_id": params["connection_id"], **given}
    if not module.check_mode:
        client.request("POST", "connections", body=wanted)
    return result_of(params["connection_id"], {}, wanted, None)


def update(module: AnsibleModule, client: ApiClient, current: JsonObject) -> dict[str, Any]:
    params = module.params
    policy = params["update_password"]
    wanted = changes(params, current, always=policy == "always")
    if wanted and not module.check_mode:
        # Airflow demands both in every change, and leaves alone what is not in the body.
        body = {"connection_id": params["connection_id"], "conn_type": params["conn_type"], **wanted}
        client.request("PATCH", "connections", params["connection_id"], body=body, repeatable=True)
    result = result_of(params["connection_id"], shown(current), {**current, **wanted}, current)
    return {**result, "changed": bool(wanted)}


def result_of(connection_id: str, before: JsonObject, now: JsonObject, stored: JsonObject | None) -> dict[str, Any]:
    after = shown(now, stored)
    connection = {"connection_id": connection_id, **after}
    return {"changed": True, "connection": connection, "diff": {"before": before, "after": after}}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **API_ARGUMENTS,
            "connection_id": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "conn_type": {"type": "str"},
            "description": {"type": "str"},
            "host": {"type": "str"},
            "port": {"type": "int"},
            "login": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "schema": {"type": "str"},
            "extra": {"type": "dict"},
            "update_password": {
                "type": "str",
                "choices": ["always", "on_create"],
                "default": "on_create",
                "no_log": False,
            },
        },
        required_together=API_REQUIRED_TOGETHER,
        required_one_of=API_REQUIRED_ONE_OF,
        required_if=[("state", "present", ["conn_type"])],
        supports_check_mode=True,
    )
    run(module, sync)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: connection
short_description: Manage connections of Airflow
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates, changes or deletes one connection in Airflow's database, or many at once, over its REST API.
  - A field that is not given is left as it is. An empty text clears a field.
options:
  connection_id:
    description: The name of the connection, made of letters, digits, underscores, dots and dashes.
    type: str
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
  connections:
    description: Many connections, in place of O(connection_id) and the options of one.
    type: list
    elements: dict
    suboptions:
      connection_id:
        description: As O(connection_id).
        type: str
        required: true
      conn_type:
        description: As O(conn_type).
        type: str
      description:
        description: As O(description).
        type: str
      host:
        description: As O(host).
        type: str
      port:
        description: As O(port).
        type: int
      login:
        description: As O(login).
        type: str
      password:
        description: As O(password).
        type: str
      schema:
        description: As O(schema).
        type: str
      extra:
        description: As O(extra).
        type: dict
  update_password:
    description:
      - V(on_create) sends a password, and the values in C(extra) that Airflow hides, only when there are none yet.
        It does not clear a password either.
      - V(always) sends them every time. Airflow hides them, so nobody can tell whether they differ, and every run
        reports a change.
      - Before Airflow 3.0.6 the hidden values in C(extra) cannot be left out when another value in it changes. There
        they are sent along.
    type: str
    choices: [always, on_create]
    default: on_create
attributes:
  diff_mode:
    details:
      - Secrets are shown as V(***).
  idempotent:
    support: partial
    details:
      - With O(update_password=always) every run changes what Airflow hides.
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.many
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.variable
  - module: airfield.airflow.pool
"""

EXAMPLES = r"""
- name: Create Airflow's Connection to the host worker
  airfield.airflow.connection:
    connection_id: host_worker
    conn_type: http
    host: 172.18.0.1
    port: 8081
    password: "{{ vault_host_worker_token }}"
    extra:
      timeout: 30

- name: Have exactly these connections, and those of another team
  airfield.airflow.connection:
    connections:
      - connection_id: host_worker
        conn_type: http
        host: 172.18.0.2
      - connection_id: warehouse
        conn_type: postgres
        host: db.example.com
        login: airflow
        password: "{{ vault_warehouse_password }}"
        schema: orders
    purge: true
    protected:
      - team_b_*

- name: Replace a password, whatever it was
  airfield.airflow.connection:
    connection_id: warehouse
    conn_type: postgres
    password: "{{ vault_warehouse_password }}"
    update_password: always

- name: Forget them
  airfield.airflow.connection:
    connections:
      - connection_id: host_worker
      - connection_id: warehouse
    state: absent
"""

RETURN = r"""
connection:
  description:
    - The connection as it is now, or would be in check mode, without its secrets. V(null) when it is absent.
    - Further fields of a newer Airflow are passed on.
  type: dict
  returned: success, with O(connection_id)
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
connections:
  description: Those of O(connections) that were created or changed, or would be in check mode, each as RV(connection).
  type: list
  elements: dict
  returned: success, with O(connections)
  sample:
    - connection_id: warehouse
      conn_type: postgres
      description: null
      host: db.example.com
      port: null
      login: airflow
      schema: orders
      password: "***"
      extra: {}
created:
  description: The names of the connections that were created, or would be in check mode.
  type: list
  elements: str
  returned: success, and when Airflow refused some changes
  sample: [warehouse]
updated:
  description: The names of those that were changed.
  type: list
  elements: str
  returned: success, and when Airflow refused some changes
  sample: [host_worker]
deleted:
  description: The names of those that were deleted.
  type: list
  elements: str
  returned: success, and when Airflow refused some changes
  sample: [old_warehouse]
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._admin.connections import Connections
from ansible_collections.airfield.airflow.plugins.module_utils._admin.items import item_module, sync_items
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import run

FIELDS: dict[str, Any] = {
    "conn_type": {"type": "str"},
    "description": {"type": "str"},
    "host": {"type": "str"},
    "port": {"type": "int"},
    "login": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "schema": {"type": "str"},
    "extra": {"type": "dict"},
}
POLICY: dict[str, Any] = {
    "update_password": {"type": "str", "choices": ["always", "on_create"], "default": "on_create", "no_log": False},
}


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    policy = module.params["update_password"]
    return sync_items(module, client, Connections(client, always=policy == "always"))


def main() -> None:
    run(item_module(Connections, FIELDS, POLICY), sync)


if __name__ == "__main__":
    main()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup ``airfield.airflow.connection``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: connection
short_description: Read Airflow connections
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Returns connections from Airflow's database through its REST API, with everything that the API returns about them.
  - Secrets are not returned. V(***) replaces C(password), and in C(extra) the values whose keys sound like a
    secret.
options:
  _terms:
    description: The names of the connections.
    type: list
    elements: str
    required: true
  default:
    description: What to return for a connection that does not exist. By default that is an error.
    type: raw
extends_documentation_fragment:
  - airfield.airflow.api_lookup
seealso:
  - module: airfield.airflow.connection
  - plugin: airfield.airflow.variable
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Show where a connection points to
  ansible.builtin.debug:
    msg: "{{ warehouse.host }}:{{ warehouse.port }}, timeout {{ warehouse.extra.timeout }} s"
  vars:
    airfield_api_url: "{{ airflow_url }}"
    airfield_api_username: admin
    airfield_api_password: "{{ airflow_password }}"
    warehouse: "{{ lookup('airfield.airflow.connection', 'warehouse') }}"

- name: Check whether another connection exists
  ansible.builtin.debug:
    msg: "{{ 'There is none.' if lookup('airfield.airflow.connection', 'archive', default=none) is none else 'Yes.' }}"
  vars:
    airfield_api_url: "{{ airflow_url }}"
    airfield_api_username: admin
    airfield_api_password: "{{ airflow_password }}"
"""

RETURN = r"""
_raw:
  description: The connections, in the order of the terms, with C(extra) as a dictionary.
  type: list
  elements: dict
  sample:
    - connection_id: warehouse
      conn_type: http
      description: null
      host: warehouse.example.com
      login: reader
      schema: null
      port: 8443
      password: "***"
      extra:
        timeout: 30
        api_key: "***"
      team_name: null
"""

from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._admin.connections import extra_of
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import JsonObject
from ansible_collections.airfield.airflow.plugins.plugin_utils._api_lookup import ApiLookup


class LookupModule(ApiLookup):
    """What Ansible loads."""

    collection = "connections"

    def value_of(self, key: str, stored: JsonObject) -> Any:
        return {**stored, "extra": extra_of(stored)}

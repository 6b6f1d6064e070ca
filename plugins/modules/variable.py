#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: variable
short_description: Manage Airflow variables
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates, changes or deletes one variable in Airflow's database, or many at once, through its REST API.
  - A field that is not given is not changed. An empty description clears it.
options:
  key:
    description: The name of the variable.
    type: str
  value:
    description:
      - The value. Required if the variable does not exist yet.
      - A string is stored unchanged, anything else as JSON, so that a DAG reads it with C(deserialize_json=True).
      - Two JSON values are compared by their content, not by their formatting.
      - It is treated as a secret if O(secret) says so, or if O(key), or a key inside of it, sounds like one (such as
        password, secret, token, api_key and private_key). A secret is removed from the module's output.
    type: raw
  description:
    description: The description of the variable.
    type: str
  secret:
    description:
      - Whether O(value) is a secret although O(key) does not sound like one.
      - This affects only the module, not Airflow, which goes by the key and shows the value to everybody who may read
        variables.
    type: bool
  variables:
    description: Many variables, instead of O(key) and the options of one variable.
    type: list
    elements: dict
    suboptions:
      key:
        description: Same as O(key).
        type: str
        required: true
      value:
        description: Same as O(value).
        type: raw
      description:
        description: Same as O(description).
        type: str
      secret:
        description: Same as O(secret).
        type: bool
  update_secret:
    description:
      - V(on_create) does not change a value that Airflow hides because its key sounds like a secret.
      - V(always) sends it every time. Airflow hides it, so the module cannot tell whether it differs, and every run
        reports a change.
      - Airflow returns V(***) instead of what it hides. If a value is partly hidden, the rest is compared.
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
      - With O(update_secret=always), every run updates the values that Airflow hides.
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.many
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.connection
  - module: airfield.airflow.pool
"""

EXAMPLES = r"""
- name: Set the region
  airfield.airflow.variable:
    key: region
    value: eu-central-1
    description: Where the buckets are

- name: Keep exactly these variables and those of another team
  airfield.airflow.variable:
    variables:
      - key: region
        value: eu-central-1
      - key: limits
        value:
          rows: 1000
          tables:
            - orders
            - customers
      - key: warehouse_token
        value: "{{ vault_warehouse_token }}"
    purge: true
    protected:
      - team_b_*

- name: Replace a secret unconditionally
  airfield.airflow.variable:
    key: warehouse_token
    value: "{{ vault_warehouse_token }}"
    update_secret: always

- name: Delete variables
  airfield.airflow.variable:
    variables:
      - key: region
      - key: limits
      - key: warehouse_token
    state: absent
"""

RETURN = r"""
variable:
  description:
    - The variable as it is now, or would be in check mode. V(null) if it is absent.
    - A JSON list or dictionary is returned as such, any other value as a string. A secret is V(***).
    - Additional fields of Airflow are included.
  type: dict
  returned: success, with O(key)
  sample:
    key: region
    value: eu-central-1
    description: Where the buckets are
    is_encrypted: true
variables:
  description: Those of O(variables) that were created or changed, or would be in check mode, each like RV(variable).
  type: list
  elements: dict
  returned: success, with O(variables)
  sample:
    - key: limits
      value:
        rows: 1000
        tables:
          - orders
          - customers
      description: null
    - key: warehouse_token
      value: "***"
      description: null
created:
  description: The names of the variables that were created, or would be in check mode.
  type: list
  elements: str
  returned: success, and when Airflow refused some changes
  sample: [limits, warehouse_token]
updated:
  description: The names of those that were changed.
  type: list
  elements: str
  returned: success, and when Airflow refused some changes
  sample: [region]
deleted:
  description: The names of those that were deleted.
  type: list
  elements: str
  returned: success, and when Airflow refused some changes
  sample: [old_region]
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._admin.items import item_module, sync_items
from ansible_collections.airfield.airflow.plugins.module_utils._admin.variables import Variables
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import run

FIELDS: dict[str, Any] = {
    "value": {"type": "raw"},
    "description": {"type": "str"},
    "secret": {"type": "bool", "no_log": False},
}
POLICY: dict[str, Any] = {
    "update_secret": {"type": "str", "choices": ["always", "on_create"], "default": "on_create", "no_log": False},
}


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    policy = module.params["update_secret"]
    return sync_items(module, client, Variables(always=policy == "always"))


def main() -> None:
    run(item_module(Variables, FIELDS, POLICY), sync)


if __name__ == "__main__":
    main()

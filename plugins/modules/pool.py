#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: pool
short_description: Manage Airflow pools
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates, changes or deletes one pool of Airflow, or many at once, through its REST API.
  - A field that is not given is not changed. An empty description clears it.
  - The pool V(default_pool) cannot be deleted, and O(purge) does not delete it. Its description cannot be changed.
options:
  name:
    description: The name of the pool.
    type: str
  slots:
    description:
      - How many tasks of the pool may run at once. V(-1) sets no limit, which requires Airflow 3.2 or later.
      - Required if the pool does not exist yet.
    type: int
  description:
    description: The description of the pool.
    type: str
  include_deferred:
    description: Whether deferred tasks occupy a slot too. In a new pool they do not.
    type: bool
  pools:
    description: Many pools, instead of O(name) and the options of one pool.
    type: list
    elements: dict
    suboptions:
      name:
        description: Same as O(name).
        type: str
        required: true
      slots:
        description: Same as O(slots).
        type: int
      description:
        description: Same as O(description).
        type: str
      include_deferred:
        description: Same as O(include_deferred).
        type: bool
attributes:
  idempotent:
    support: full
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.many
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.connection
  - module: airfield.airflow.variable
"""

EXAMPLES = r"""
- name: Limit the warehouse to four tasks at once
  airfield.airflow.pool:
    name: warehouse
    slots: 4
    description: Sessions of the warehouse

- name: Keep exactly these pools in addition to the default pool, which gets more slots
  airfield.airflow.pool:
    pools:
      - name: default_pool
        slots: 256
      - name: warehouse
        slots: 8
      - name: sensors
        slots: 32
        include_deferred: true
    purge: true

- name: Reset the slots of the default pool
  airfield.airflow.pool:
    name: default_pool
    slots: 128

- name: Delete pools
  airfield.airflow.pool:
    pools:
      - name: warehouse
      - name: sensors
    state: absent
"""

RETURN = r"""
pool:
  description:
    - The pool as it is now, or would be in check mode. V(null) if it is absent.
    - Additional fields of Airflow are included, such as the number of occupied slots, with their values before a
      change.
  type: dict
  returned: success, with O(name)
  sample:
    name: warehouse
    slots: 8
    description: Sessions of the warehouse
    include_deferred: false
    open_slots: 4
    occupied_slots: 0
    running_slots: 0
    queued_slots: 0
    scheduled_slots: 0
    deferred_slots: 0
pools:
  description: Those of O(pools) that were created or changed, or would be in check mode, each like RV(pool).
  type: list
  elements: dict
  returned: success, with O(pools)
  sample:
    - name: sensors
      slots: 32
      description: null
      include_deferred: true
created:
  description: The names of the pools that were created, or would be in check mode.
  type: list
  elements: str
  returned: success, and when Airflow refused some changes
  sample: [sensors]
updated:
  description: The names of those that were changed.
  type: list
  elements: str
  returned: success, and when Airflow refused some changes
  sample: [warehouse, default_pool]
deleted:
  description: The names of those that were deleted.
  type: list
  elements: str
  returned: success, and when Airflow refused some changes
  sample: [old_warehouse]
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._admin.items import item_module, sync_items
from ansible_collections.airfield.airflow.plugins.module_utils._admin.pools import Pools
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import run

FIELDS: dict[str, Any] = {
    "slots": {"type": "int"},
    "description": {"type": "str"},
    "include_deferred": {"type": "bool"},
}


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    return sync_items(module, client, Pools(client))


def main() -> None:
    run(item_module(Pools, FIELDS), sync)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: pool
short_description: Manage pools of Airflow
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates, changes or deletes one pool of Airflow, or many at once, over its REST API.
  - A field that is not given is left as it is. An empty description clears it.
  - The pool V(default_pool) cannot be deleted, and O(purge) leaves it alone. Its description cannot be changed.
options:
  name:
    description: The name of the pool.
    type: str
  slots:
    description:
      - How many tasks of the pool may run at once. V(-1) sets no limit, which needs Airflow 3.2 or later.
      - Required when there is no such pool yet.
    type: int
  description:
    description: What the pool is for.
    type: str
  include_deferred:
    description: Whether tasks that are deferred take a slot, too. In a new pool they do not.
    type: bool
  pools:
    description: Many pools, in place of O(name) and the options of one.
    type: list
    elements: dict
    suboptions:
      name:
        description: As O(name).
        type: str
        required: true
      slots:
        description: As O(slots).
        type: int
      description:
        description: As O(description).
        type: str
      include_deferred:
        description: As O(include_deferred).
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
- name: Let no more than four tasks use the warehouse at once
  airfield.airflow.pool:
    name: warehouse
    slots: 4
    description: Sessions of the warehouse

- name: Have exactly these pools beside the default pool, which gets more slots
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

- name: Have as many slots in the default pool as at first
  airfield.airflow.pool:
    name: default_pool
    slots: 128

- name: Forget the others
  airfield.airflow.pool:
    pools:
      - name: warehouse
      - name: sensors
    state: absent
"""

RETURN = r"""
pool:
  description:
    - The pool as it is now, or would be in check mode. V(null) when it is absent.
    - Further fields of Airflow are passed on, such as how many slots are taken, as they were before a change.
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
  description: Those of O(pools) that were created or changed, or would be in check mode, each as RV(pool).
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

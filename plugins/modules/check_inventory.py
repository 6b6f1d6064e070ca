#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: check_inventory
short_description: Reject an invalid inventory before anything changes
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Compares the inventory with the argument specifications of this collection's roles, and with the groups, node
    labels, names and ports that the roles require.
  - Reports all problems in one failure, as numbered sentences that say what to write.
  - Variables of the inventory that begin like a role's but that no role reads are problems too. Otherwise, a typing
    error in a name would be silently ignored.
  - This action runs on the controller. It does not connect to any host.
options:
  roles:
    description: The roles that run after this task. Their required variables must have values.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
notes:
  - Put it first in a playbook, in a play whose hosts exist in every inventory, such as V(localhost).
"""

EXAMPLES = r"""
- name: Check the inventory before any change
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Reject an invalid inventory
      airfield.airflow.check_inventory:
        roles:
          - container_engine
          - toolchain
          - cluster
          - airflow
"""

RETURN = r"""
problems:
  description: All problems, one sentence or a few each.
  returned: always
  type: list
  elements: str
  sample:
    - "`80` is not a valid value for `airfield_node_port`. Write a number from 30000 to 32767 (the NodePorts of
      Kubernetes)."
msg:
  description: The problems, numbered.
  returned: failure
  type: str
"""

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.has_capability``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: has_capability
short_description: Whether processes of a machine can have a capability of Linux
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Reads the bounding set of C(/proc/self/status). What it lacks, no process can get, not even as root.
positional: capability
options:
  _input:
    description: The text of C(/proc/self/status).
    type: str
    required: true
  capability:
    description: The name of the capability.
    type: str
    choices:
      - CAP_SYS_ADMIN
      - CAP_SYS_RESOURCE
    required: true
"""

EXAMPLES = r"""
- name: Read the capabilities of the machine
  ansible.builtin.slurp:
    path: /proc/self/status
  register: status

- name: Show whether processes may raise limits
  ansible.builtin.debug:
    msg: "{{ status.content | b64decode | airfield.airflow.has_capability('CAP_SYS_RESOURCE') }}"
"""

RETURN = r"""
_value:
  description: Whether the bounding set has the capability.
  type: bool
"""

import re
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

# Source: include/uapi/linux/capability.h of Linux.
BITS = {"CAP_SYS_ADMIN": 21, "CAP_SYS_RESOURCE": 24}


def has_capability(status: str, capability: str) -> bool:
    """Return whether the capability is in the bounding set. Raises AnsibleFilterError for a text without one."""
    if capability not in BITS:
        raise AnsibleFilterError(f"has_capability knows {', '.join(BITS)}, and not {capability}.")
    match = re.search(r"^CapBnd:\s+([0-9a-f]+)$", status, re.MULTILINE)
    if not match:
        raise AnsibleFilterError("has_capability needs the text of /proc/self/status, with a line CapBnd.")
    return bool(int(match[1], 16) >> BITS[capability] & 1)


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"has_capability": has_capability}

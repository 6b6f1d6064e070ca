# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.fernet_key``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fernet_key
short_description: A Fernet key from random bytes
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Writes 32 bytes in the way of a Fernet key, which is URL-safe Base64.
options:
  _input:
    description: The bytes as 64 hexadecimal digits, from a source of random values.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Generate a Fernet key
  ansible.builtin.set_fact:
    fernet_key: "{{ random_digits | airfield.airflow.fernet_key }}"
  vars:
    random_digits: "{{ lookup('ansible.builtin.password', '/dev/null', length=64, chars=['0123456789abcdef']) }}"
  no_log: true
"""

RETURN = r"""
_value:
  description: The key.
  type: str
"""

import base64
import re
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError


def fernet_key(digits: str) -> str:
    """Return the key. Raises AnsibleFilterError, which does not show the digits, for anything but 64 of them.

    Source: https://github.com/fernet/spec/blob/master/Spec.md, Key Format.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{64}", digits):
        raise AnsibleFilterError("fernet_key needs 64 hexadecimal digits.")
    return base64.urlsafe_b64encode(bytes.fromhex(digits)).decode()


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"fernet_key": fernet_key}

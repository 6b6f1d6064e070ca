# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.bcrypt``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: bcrypt
short_description: Hash a password with bcrypt
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Returns a password in the form in which Argo CD stores it. Each call returns a different hash of the same password.
requirements:
  - bcrypt (Python library)
options:
  _input:
    description: The password, at most 72 bytes long.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Prepare the password of Argo CD's administrator
  ansible.builtin.set_fact:
    hashed: "{{ password | airfield.airflow.bcrypt }}"
  no_log: true
"""

RETURN = r"""
_value:
  description: The hash, such as C($2b$10$...).
  type: str
"""

from collections.abc import Callable

from ansible.errors import AnsibleFilterError

try:
    import bcrypt

    HAS_BCRYPT = True
except ImportError:
    HAS_BCRYPT = False

# The same as Argo CD's.
ROUNDS = 10
LONGEST = 72


def hashed(password: str) -> str:
    """Return a new hash. Raises AnsibleFilterError when the library is missing or the password too long."""
    if not HAS_BCRYPT:
        raise AnsibleFilterError("The Python library bcrypt is missing on the control host: pip install bcrypt.")
    raw = password.encode()
    if len(raw) > LONGEST:
        raise AnsibleFilterError(f"bcrypt takes at most {LONGEST} bytes, and this password has {len(raw)}.")
    return bcrypt.hashpw(raw, bcrypt.gensalt(ROUNDS)).decode()


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[[str], str]]:
        """Return the filters of this file by name."""
        return {"bcrypt": hashed}

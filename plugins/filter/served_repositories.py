# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.served_repositories``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: served_repositories
short_description: Addresses and credentials of the repositories of a Git server
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Gives for each repository of the Git server what the variable C(airfield_git) has for one of another server.
positional: base_url, username, password
options:
  _input:
    description: The settings of each repository by its name, such as C(subdir), or nothing.
    type: dict
    required: true
  base_url:
    description: The address under which the repositories are.
    type: str
    required: true
  username:
    description: The user of all repositories.
    type: str
    required: true
  password:
    description: That user's password.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the addresses
  ansible.builtin.debug:
    msg: "{{ {'dags': {}} | airfield.airflow.served_repositories('http://git.example.com', 'robot', password) }}"
"""

RETURN = r"""
_value:
  description: The repositories by name, each with C(url), C(username), C(password) and its settings.
  type: dict
"""

from collections.abc import Callable, Mapping
from typing import Any


def served_repositories(
    served: Mapping[str, Mapping[str, Any] | None], base_url: str, username: str, password: str
) -> dict[str, dict[str, Any]]:
    """Return each repository with its address, its credentials and its own settings."""
    shared = {"username": username, "password": password}
    return {name: {"url": f"{base_url}/{name}.git", **shared, **(settings or {})} for name, settings in served.items()}


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"served_repositories": served_repositories}

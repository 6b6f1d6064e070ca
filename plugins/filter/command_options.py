# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.command_options``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: command_options
short_description: Options of a command from keys and values
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Repeats an option of a command for each key with its value.
positional: option
options:
  _input:
    description: The keys and values.
    type: dict
    required: true
  option:
    description: The option, such as C(--build-arg).
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the build arguments
  ansible.builtin.debug:
    msg: "{{ {'BASE': 'debian:trixie-slim'} | airfield.airflow.command_options('--build-arg') }}"
"""

RETURN = r"""
_value:
  description: One argument for each key, such as C(--build-arg=BASE=debian:trixie-slim).
  type: list
  elements: str
"""

from collections.abc import Callable, Mapping
from typing import Any


def command_options(values: Mapping[str, Any], option: str) -> list[str]:
    """Return ``OPTION=KEY=VALUE`` for each key."""
    return [f"{option}={key}={value}" for key, value in values.items()]


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"command_options": command_options}

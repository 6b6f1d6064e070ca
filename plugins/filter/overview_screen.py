# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.overview_screen``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: overview_screen
short_description: The health of an installation on one screen
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Lays out what M(airfield.airflow.overview) returned as lines of at most 120 characters.
  - The callback plugin P(airfield.airflow.progress#callback) shows the same screen at the end of a playbook.
options:
  _input:
    description: The result of M(airfield.airflow.overview).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the screen
  ansible.builtin.debug:
    msg: "{{ result | airfield.airflow.overview_screen | join('\n') }}"
"""

RETURN = r"""
_value:
  description: The lines. The last ones say whether everything is healthy.
  type: list
  elements: str
  sample:
    - "Airflow      3.3.2; healthy: metadatabase, scheduler, dag_processor, triggerer"
    - Everything is healthy.
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.airfield.airflow.plugins.plugin_utils._screen.overview import screen


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"overview_screen": screen}

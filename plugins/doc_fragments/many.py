# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """Options of modules that manage one item or many."""

    DOCUMENTATION = r"""
options:
  state:
    description: The desired state of what is named.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Whether to delete everything that is not in the list, so that exactly the listed items remain.
      - Only with a list, which must not be empty.
      - It deletes only what O(api_username) can see.
    type: bool
    default: false
  protected:
    description:
      - Patterns of names that O(purge) does not delete, such as V(team_a_*). V(*), V(?) and V([...]) are supported, and
        patterns are case-sensitive.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
notes:
  - A list is read in pages of 100, and written with one request for each 1,000 changes. The order of the list does not
    matter. Airflow may reject some of the changes and apply the others. The module then fails with a sentence for each
    rejected change, up to ten, and returns what it did.
"""

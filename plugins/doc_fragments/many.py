# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """What modules have in common that bring one thing or many to what is wanted."""

    DOCUMENTATION = r"""
options:
  state:
    description: Whether what is named shall exist.
    type: str
    choices: [present, absent]
    default: present
  purge:
    description:
      - Whether everything is deleted that is not in the list, so that afterwards there is exactly what is wanted.
      - Only with a list, which must not be empty.
      - It goes by what O(api_username) may see.
    type: bool
    default: false
  protected:
    description:
      - Patterns of names that O(purge) leaves alone, as V(team_a_*). They know V(*), V(?) and V([...]), and go by case.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
notes:
  - A list is read in pages of 100, and written in one request for each 1,000 changes. The order of the list means
    nothing. Airflow may refuse some of the changes and make the others; the module then fails with a sentence for each
    that was refused, up to ten, and returns what it did.
"""

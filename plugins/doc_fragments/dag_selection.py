# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """The options that select DAGs."""

    DOCUMENTATION = r"""
options:
  dag_id:
    description: The id of one DAG.
    type: str
  dag_ids:
    description: The ids of several DAGs. Each id may be given only once.
    type: list
    elements: str
  dag_id_pattern:
    description:
      - Selects the DAGs whose id contains this pattern, regardless of upper and lower case. V(~) selects all.
      - V(%) matches any string and V(_) any single character, including in ids that contain an underscore.
      - V(|) separates several patterns. A DAG has to match only one of them.
    type: str
  tags:
    description: Selects the DAGs with these tags, among those that O(dag_id_pattern) selects if it is given too.
    type: list
    elements: str
  tags_match:
    description: Whether a DAG must have V(any) or V(all) of O(tags).
    type: str
    choices: [any, all]
    default: any
"""

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """The options that say which DAGs are meant."""

    DOCUMENTATION = r"""
options:
  dag_id:
    description: The id of one DAG.
    type: str
  dag_ids:
    description: The ids of several DAGs. Each may be named once.
    type: list
    elements: str
  dag_id_pattern:
    description:
      - Selects the DAGs of which a part of the id is like this, whatever the case. V(~) selects all.
      - V(%) stands for any text, V(_) for any one character, also where ids have an underscore.
      - V(|) separates several patterns. One of them is enough.
    type: str
  tags:
    description: Selects the DAGs with these tags, among those that O(dag_id_pattern) selects if that is given too.
    type: list
    elements: str
  tags_match:
    description: Whether a DAG needs V(any) or V(all) of O(tags).
    type: str
    choices: [any, all]
    default: any
"""

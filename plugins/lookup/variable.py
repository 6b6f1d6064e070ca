# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup ``airfield.airflow.variable``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: variable
short_description: Read Airflow variables
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Returns the values of variables from Airflow's database through its REST API.
  - Airflow returns V(***) instead of the value of a variable whose key sounds like a secret, such as C(db_password),
    and instead of such values inside a JSON value. So does this lookup, with a warning.
options:
  _terms:
    description: The keys of the variables.
    type: list
    elements: str
    required: true
  default:
    description: What to return for a variable that does not exist. By default that is an error.
    type: raw
  deserialize_json:
    description: Whether to parse each value as JSON and return the result instead of the string.
    type: bool
    default: false
extends_documentation_fragment:
  - airfield.airflow.api_lookup
seealso:
  - plugin: airfield.airflow.connection
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Read a variable
  ansible.builtin.debug:
    msg: "The region is {{ lookup('airfield.airflow.variable', 'region') }}."
  vars:
    airfield_api_url: "{{ airflow_url }}"
    airfield_api_username: admin
    airfield_api_password: "{{ airflow_password }}"

- name: Read another variable that may be missing, and a JSON value
  ansible.builtin.debug:
    msg: "{{ lookup('airfield.airflow.variable', 'zone', default='a') }}: {{ limits.cpu }} cores"
  vars:
    airfield_api_url: "{{ airflow_url }}"
    airfield_api_username: admin
    airfield_api_password: "{{ airflow_password }}"
    limits: "{{ lookup('airfield.airflow.variable', 'limits', deserialize_json=true) }}"
"""

RETURN = r"""
_raw:
  description:
    - The values, in the order of the keys. They are strings, or with O(deserialize_json=true) the parsed JSON.
    - Airflow formats JSON values in its own way.
  type: list
  elements: raw
"""

import json
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.utils.display import Display
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import MASK, has_mask
from ansible_collections.airfield.airflow.plugins.plugin_utils._api_lookup import ApiLookup

display = Display()


class LookupModule(ApiLookup):
    """What Ansible loads."""

    collection = "variables"

    def value_of(self, key: str, stored: JsonObject) -> Any:
        value = stored.get("value")
        if has_mask(value):
            display.warning(f"Airflow hides the value of its variable {key} or a part of it, and shows {MASK} instead.")
        if value == MASK or not self.get_option("deserialize_json"):
            return value
        try:
            return json.loads(value or "")
        except ValueError as error:
            raise AnsibleLookupError(
                f"The value of Airflow's variable {key} is not JSON ({error}): look it up without deserialize_json."
            ) from None

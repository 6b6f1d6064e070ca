# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.secret_data``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: secret_data
short_description: The contents of Secrets of Kubernetes
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Gives the values of Secrets by the name of the Secret and the key.
positional: names, decode
options:
  _input:
    description: The Secrets, as M(kubernetes.core.k8s_info) returns them. Of two with one name, the last counts.
    type: list
    elements: dict
    required: true
  names:
    description: Only the Secrets of these names. By default all.
    type: list
    elements: str
  decode:
    description: Whether the values are decoded. Otherwise they stay as Kubernetes has them, in Base64.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Show the name of the first user
  ansible.builtin.debug:
    msg: "{{ (secrets.resources | airfield.airflow.secret_data)['airflow-admin'].username }}"
"""

RETURN = r"""
_value:
  description: Name of the Secret, then key, then value.
  type: dict
"""

import base64
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any


def secret_data(
    secrets: Iterable[Mapping[str, Any]], names: Collection[str] | None = None, decode: bool = True
) -> dict[str, dict[str, str]]:
    """Return the values of each Secret by their keys."""
    found = {}
    for secret in secrets:
        name = secret["metadata"]["name"]
        if names is None or name in names:
            data = secret.get("data") or {}
            found[name] = {key: base64.b64decode(text).decode() if decode else text for key, text in data.items()}
    return found


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"secret_data": secret_data}

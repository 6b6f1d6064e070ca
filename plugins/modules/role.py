#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: role
short_description: Manage an Airflow role
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates, changes or deletes one role in Airflow's database, through the API of its FAB auth manager.
  - Other auth managers, such as SimpleAuthManager, have no such API. The module then fails with a message about it.
options:
  name:
    description: The name of the role.
    type: str
    required: true
  state:
    description:
      - The desired state of the role. Deleting a role also removes it from its users.
      - Airflow's own roles (V(Admin), V(Op), V(Public), V(User) and V(Viewer)) cannot be V(absent).
    type: str
    choices: [present, absent]
    default: present
  permissions:
    description:
      - The permissions of the role. By default, a role keeps its permissions.
      - To list what exists, use C(airflow roles list --permission) or the API at C(/auth/fab/v1/permissions).
    type: list
    elements: dict
    suboptions:
      action:
        description: The action, such as V(can_read), V(can_edit), V(can_create), V(can_delete) or V(menu_access).
        type: str
        required: true
      resource:
        description: The resource, such as V(DAGs), V(DAG Runs), V(Variables) or V(Website).
        type: str
        required: true
  append:
    description:
      - V(false) leaves the role with exactly O(permissions). Removing permissions requires version 3.8.1 or later of
        the provider C(apache-airflow-providers-fab). With an older one, the module changes nothing and fails.
      - V(true) adds O(permissions) to those that the role already has.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - When Airflow starts, it gives every role C(can_read) on C(Website). If O(permissions) of a role do not contain it,
    the next run changes the role again.
  - Use version 3.8.1 or later of the provider C(apache-airflow-providers-fab) if possible. Versions before 3.2.0 do not
    accept tokens here, and accept O(api_username) and O(api_password) only if C([fab] auth_backends) contains
    C(airflow.providers.fab.auth_manager.api.auth.backend.basic_auth).
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.user
"""

EXAMPLES = r"""
- name: Create a role for those who only read runs
  airfield.airflow.role:
    name: auditor
    permissions:
      - action: can_read
        resource: Website
      - action: can_read
        resource: DAGs
      - action: can_read
        resource: DAG Runs

- name: Allow them to read variables too
  airfield.airflow.role:
    name: auditor
    append: true
    permissions:
      - action: can_read
        resource: Variables

- name: Delete the role
  airfield.airflow.role:
    name: auditor
    state: absent
"""

RETURN = r"""
role:
  description: The role as it is now, or would be in check mode, permissions sorted. V(null) if it is absent.
  type: dict
  returned: success
  sample:
    name: auditor
    permissions:
      - action: can_read
        resource: DAG Runs
      - action: can_read
        resource: DAGs
      - action: can_read
        resource: Website
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._admin import requests
from ansible_collections.airfield.airflow.plugins.module_utils._admin.fab import Fab
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run

# Airflow creates them again when it starts, and without Admin nobody could do anything until then.
AIRFLOWS_OWN = ("Admin", "Op", "Public", "User", "Viewer")
Permissions = set[tuple[str, str]]


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    name = params["name"]
    if params["state"] == "absent" and name in AIRFLOWS_OWN:
        raise ApiError(f"The role {name} is one of Airflow's own ({', '.join(AIRFLOWS_OWN)}), which cannot be deleted.")
    fab = Fab(client)
    current = fab.find("roles", name)
    if params["state"] == "absent":
        return delete(module, fab, current)
    return present(module, fab, current)


def delete(module: AnsibleModule, fab: Fab, current: JsonObject | None) -> dict[str, Any]:
    if current is not None and not module.check_mode:
        requests.delete_in_fab(fab, "roles", module.params["name"])
    before = compared(module.params["name"], permissions_of(current)) if current else {}
    return {"changed": current is not None, "role": None, "diff": {"before": before, "after": {}}}


def present(module: AnsibleModule, fab: Fab, current: JsonObject | None) -> dict[str, Any]:
    name = module.params["name"]
    had = permissions_of(current or {})
    wanted = wanted_permissions(module.params, had)
    unwanted = had - wanted
    if unwanted:
        fab.demand_removal(name, words(unwanted))
    changed = current is None or wanted != had
    if changed and not module.check_mode:
        body = {"name": name, "actions": [{"action": {"name": a}, "resource": {"name": r}} for a, r in sorted(wanted)]}
        # The answer differs between versions, down to an empty one.
        if current is None:
            requests.create_in_fab(fab, "roles", body)
        else:
            requests.change_in_fab(fab, "roles", name, body)
    role = {
        **{key: value for key, value in (current or {}).items() if key != "actions"},
        "name": name,
        "permissions": [{"action": action, "resource": resource} for action, resource in sorted(wanted)],
    }
    before = compared(name, had) if current else {}
    return {"changed": changed, "role": role, "diff": {"before": before, "after": compared(name, wanted)}}


def wanted_permissions(params: dict[str, Any], had: Permissions) -> Permissions:
    if params["permissions"] is None:
        return had
    given = {(permission["action"], permission["resource"]) for permission in params["permissions"]}
    return given | had if params["append"] else given


def permissions_of(role: JsonObject) -> Permissions:
    """The permissions of a role, as ``actions`` of the API."""
    return {(item["action"]["name"], item["resource"]["name"]) for item in role.get("actions") or []}


def words(permissions: Permissions) -> list[str]:
    return [f"{action} on {resource}" for action, resource in sorted(permissions)]


def compared(name: str, permissions: Permissions) -> JsonObject:
    """A role for a diff."""
    return {"name": name, "permissions": words(permissions)}


def main() -> None:
    module = api_module(
        {
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "permissions": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "action": {"type": "str", "required": True},
                    "resource": {"type": "str", "required": True},
                },
            },
            "append": {"type": "bool", "default": False},
        }
    )
    run(module, sync)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: user
short_description: Manage an Airflow user
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates, changes or deletes one user in Airflow's database, through the API of its FAB auth manager.
  - A field that is not given is not changed.
  - Other auth managers, such as SimpleAuthManager, have no such API. The module then fails with a message about it.
options:
  username:
    description: The name with which the user logs in. Airflow treats it case-insensitively.
    type: str
    required: true
  state:
    description: The desired state of the user.
    type: str
    choices: [present, absent]
    default: present
  email:
    description: The user's email address. It must be unique. Required to create a user.
    type: str
  first_name:
    description: The user's first name. Required to create a user.
    type: str
  last_name:
    description: The user's last name. Required to create a user.
    type: str
  password:
    description:
      - The user's password. Required to create a user, even if another system than Airflow checks passwords.
      - Airflow never shows it again, see O(update_password).
    type: str
  update_password:
    description:
      - V(on_create) sets O(password) only for a new user.
      - V(always) checks whether the user can log in with O(password), and sets it if not. With version 3.9.0 or later
        of the provider C(fab), setting the password ends the user's sessions.
    type: str
    choices: [always, on_create]
    default: on_create
  roles:
    description:
      - The exact roles of the user, at least one. They must exist, see M(airfield.airflow.role).
      - A new user without this option gets Airflow's default role.
    type: list
    elements: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - The password is shown as V(***).
  idempotent:
    support: partial
    details:
      - With O(update_password=always), every run sets the password of a user who cannot log in with a password of
        Airflow, such as one who is inactive or managed by LDAP.
notes:
  - A new user is active. Airflow's API cannot change that later.
  - Use version 3.2.0 or later of the provider C(apache-airflow-providers-fab) if possible. Older versions do not accept
    tokens here, and accept O(api_username) and O(api_password) only if C([fab] auth_backends) contains
    C(airflow.providers.fab.auth_manager.api.auth.backend.basic_auth).
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.role
"""

EXAMPLES = r"""
- name: Create a user who can view everything
  airfield.airflow.user:
    username: ada
    email: ada@example.com
    first_name: Ada
    last_name: Lovelace
    password: "{{ vault_password_of_ada }}"
    roles:
      - Viewer

- name: Allow her to trigger DAGs too
  airfield.airflow.user:
    username: ada
    roles:
      - Viewer
      - User

- name: Change her password if it differs
  airfield.airflow.user:
    username: ada
    password: "{{ vault_new_password_of_ada }}"
    update_password: always

- name: Delete the user
  airfield.airflow.user:
    username: ada
    state: absent
"""

RETURN = r"""
user:
  description:
    - The user as it is now, or would be in check mode, with all fields that Airflow returns. V(null) if it is absent.
  type: dict
  returned: success
  sample:
    username: ada
    email: ada@example.com
    first_name: Ada
    last_name: Lovelace
    roles:
      - User
      - Viewer
    active: true
    last_login: null
    login_count: null
    fail_login_count: null
    created_on: "2026-11-21T19:21:28.706458"
    changed_on: "2026-11-21T19:21:28.706464"
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._admin import requests
from ansible_collections.airfield.airflow.plugins.module_utils._admin.fab import Fab
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import MASK
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module, run

NAME_FIELDS = ("email", "first_name", "last_name")
NEEDED_TO_CREATE = (*NAME_FIELDS, "password")


def sync(module: AnsibleModule, client: ApiClient) -> dict[str, Any]:
    params = module.params
    if params["roles"] == []:
        raise ApiError("roles must name at least one role: a new user without this option gets Airflow's default role.")
    fab = Fab(client)
    current = fab.find("users", params["username"])
    if params["state"] == "absent":
        return delete(module, fab, current)
    if current is None:
        return create(module, fab)
    return update(module, fab, current)


def delete(module: AnsibleModule, fab: Fab, current: JsonObject | None) -> dict[str, Any]:
    if current is not None and not module.check_mode:
        requests.delete_in_fab(fab, "users", current["username"])
    before = compared(current) if current else {}
    return {"changed": current is not None, "user": None, "diff": {"before": before, "after": {}}}


def create(module: AnsibleModule, fab: Fab) -> dict[str, Any]:
    params = module.params
    missing = [field for field in NEEDED_TO_CREATE if not params[field]]
    if missing:
        raise ApiError(f"The user {params['username']} does not exist: to create it, also set {', '.join(missing)}.")
    wanted = {"username": params["username"], **changes(params, {}), "password": params["password"]}
    user = (
        {**without_password(wanted), "active": True}
        if module.check_mode
        else requests.create_in_fab(fab, "users", wanted)
    )
    return {"changed": True, "user": returned(user), "diff": {"before": {}, "after": compared(user)}}


def update(module: AnsibleModule, fab: Fab, current: JsonObject) -> dict[str, Any]:
    params = module.params
    username = current["username"]
    wanted = changes(params, current)
    policy, password = params["update_password"], params["password"]
    if policy == "always" and password is not None and not fab.password_is_valid(username, password):
        wanted["password"] = password
    user = {**current, **without_password(wanted)}
    if wanted and not module.check_mode:
        # Providers before 3.2 require all names in every change.
        names = {field: user[field] for field in NAME_FIELDS if user.get(field)}
        user = {**user, **requests.change_in_fab(fab, "users", username, {"username": username, **names, **wanted})}
    after = compared(user)
    if "password" in wanted:
        after["password"] = f"{MASK} (new)"
    return {"changed": bool(wanted), "user": returned(user), "diff": {"before": compared(current), "after": after}}


def changes(params: dict[str, Any], current: JsonObject) -> JsonObject:
    """The fields to send, without the password, to bring the user to the wanted state; empty if there are none."""
    given = {field: params[field] for field in NAME_FIELDS if params[field] is not None}
    wanted: JsonObject = {field: value for field, value in given.items() if value != current.get(field)}
    if params["roles"] is not None and set(params["roles"]) != set(roles_of(current)):
        wanted["roles"] = [{"name": name} for name in sorted(set(params["roles"]))]
    return wanted


def without_password(wanted: JsonObject) -> JsonObject:
    return {field: value for field, value in wanted.items() if field != "password"}


def roles_of(user: JsonObject) -> list[str]:
    return sorted(role["name"] for role in user.get("roles") or [])


def returned(user: JsonObject) -> JsonObject:
    return {**user, "roles": roles_of(user)} if "roles" in user else user


def compared(user: JsonObject) -> JsonObject:
    """A user for a diff."""
    known = {field: user.get(field) for field in ("username", *NAME_FIELDS)}
    return {**known, "roles": roles_of(user), "password": MASK}


def main() -> None:
    module = api_module(
        {
            "username": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "email": {"type": "str"},
            "first_name": {"type": "str"},
            "last_name": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "update_password": {
                "type": "str",
                "choices": ["always", "on_create"],
                "default": "on_create",
                "no_log": False,
            },
            "roles": {"type": "list", "elements": "str"},
        }
    )
    run(module, sync)


if __name__ == "__main__":
    main()

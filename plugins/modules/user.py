#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: user
short_description: Manage a user of Airflow
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Creates, changes or deletes one user in Airflow's database, over the API of its FAB auth manager.
  - A field that is not given is left as it is.
  - Other auth managers, as SimpleAuthManager, have no such API. The module fails there and says so.
options:
  username:
    description: The name with which the user logs in. Airflow takes no notice of upper and lower case in it.
    type: str
    required: true
  state:
    description: Whether the user shall exist.
    type: str
    choices: [present, absent]
    default: present
  email:
    description: The user's address. No two users have the same. Required to create a user.
    type: str
  first_name:
    description: The user's first name. Required to create a user.
    type: str
  last_name:
    description: The user's last name. Required to create a user.
    type: str
  password:
    description:
      - The user's password. Required to create a user, even where another system than Airflow checks passwords.
      - Airflow never shows it again, see O(update_password).
    type: str
  update_password:
    description:
      - V(on_create) sets O(password) only for a new user.
      - V(always) tries whether Airflow lets the user in with O(password), and sets it if not. An Airflow with version
        3.9.0 or later of the provider C(fab) ends the user's sessions when the password is set.
    type: str
    choices: [always, on_create]
    default: on_create
  roles:
    description:
      - Exactly the roles that the user shall have, at least one. They must exist, see M(airfield.airflow.role).
      - A new user for whom none are given has Airflow's default role.
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
      - With O(update_password=always) every run sets the password of a user who cannot log in with one at Airflow
        itself, as one who is not active, or whom LDAP knows.
notes:
  - A user is made active by creating it. Airflow's API cannot change that later.
  - Version 3.2.0 or later of the provider C(apache-airflow-providers-fab) is best. An older one takes no tokens here,
    and O(api_username) and O(api_password) only if C([fab] auth_backends) contains
    C(airflow.providers.fab.auth_manager.api.auth.backend.basic_auth).
extends_documentation_fragment:
  - airfield.airflow.api
  - airfield.airflow.attributes
  - airfield.airflow.attributes.action_group
seealso:
  - module: airfield.airflow.role
"""

EXAMPLES = r"""
- name: Let Ada look at everything
  airfield.airflow.user:
    username: ada
    email: ada@example.com
    first_name: Ada
    last_name: Lovelace
    password: "{{ vault_password_of_ada }}"
    roles:
      - Viewer

- name: Let her trigger DAGs, too
  airfield.airflow.user:
    username: ada
    roles:
      - Viewer
      - User

- name: Change her password, if it is another one
  airfield.airflow.user:
    username: ada
    password: "{{ vault_new_password_of_ada }}"
    update_password: always

- name: Delete her
  airfield.airflow.user:
    username: ada
    state: absent
"""

RETURN = r"""
user:
  description:
    - The user as it is now, or would be in check mode, with all that Airflow tells of it. V(null) when it is absent.
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
        raise ApiError("roles must name at least one role: Airflow gives a new user without any its default role.")
    fab = Fab(client)
    current = fab.find("users", params["username"])
    if params["state"] == "absent":
        return delete(module, fab, current)
    if current is None:
        return create(module, fab)
    return update(module, fab, current)


def delete(module: AnsibleModule, fab: Fab, current: JsonObject | None) -> dict[str, Any]:
    if current is not None and not module.check_mode:
        fab.delete("users", current["username"])
    before = compared(current) if current else {}
    return {"changed": current is not None, "user": None, "diff": {"before": before, "after": {}}}


def create(module: AnsibleModule, fab: Fab) -> dict[str, Any]:
    params = module.params
    missing = [field for field in NEEDED_TO_CREATE if not params[field]]
    if missing:
        raise ApiError(f"The user {params['username']} does not exist: to create it, give also {', '.join(missing)}.")
    wanted = {"username": params["username"], **changes(params, {}), "password": params["password"]}
    user = {**without_password(wanted), "active": True} if module.check_mode else fab.create("users", wanted)
    return {"changed": True, "user": shown(user), "diff": {"before": {}, "after": compared(user)}}


def update(module: AnsibleModule, fab: Fab, current: JsonObject) -> dict[str, Any]:
    params = module.params
    username = current["username"]
    wanted = changes(params, current)
    policy, password = params["update_password"], params["password"]
    if policy == "always" and password is not None and not fab.password_is_valid(username, password):
        wanted["password"] = password
    user = {**current, **without_password(wanted)}
    if wanted and not module.check_mode:
        # The providers before 3.2 demand all names in every change.
        names = {field: user[field] for field in NAME_FIELDS if user.get(field)}
        user = {**user, **fab.change("users", username, {"username": username, **names, **wanted})}
    after = compared(user)
    if "password" in wanted:
        after["password"] = f"{MASK} (new)"
    return {"changed": bool(wanted), "user": shown(user), "diff": {"before": compared(current), "after": after}}


def changes(params: dict[str, Any], current: JsonObject) -> JsonObject:
    """The fields to send, password aside, so that the user becomes as wanted; empty when it is."""
    given = {field: params[field] for field in NAME_FIELDS if params[field] is not None}
    wanted: JsonObject = {field: value for field, value in given.items() if value != current.get(field)}
    if params["roles"] is not None and set(params["roles"]) != set(roles_of(current)):
        wanted["roles"] = [{"name": name} for name in sorted(set(params["roles"]))]
    return wanted


def without_password(wanted: JsonObject) -> JsonObject:
    return {field: value for field, value in wanted.items() if field != "password"}


def roles_of(user: JsonObject) -> list[str]:
    return sorted(role["name"] for role in user.get("roles") or [])


def shown(user: JsonObject) -> JsonObject:
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

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules for Git share: their options, and how they fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._git.address import (
    secrets_in,
)
from ansible_collections.airfield.airflow.plugins.module_utils._git.errors import (
    GitError,
)
from ansible_collections.airfield.airflow.plugins.module_utils._git.remote import GitRemote

GIT_ARGUMENTS: dict[str, dict[str, Any]] = {
    "url": {"type": "str", "required": True},
    "branch": {"type": "str", "default": "main"},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "ssh_private_key": {"type": "str", "no_log": True},
    "ssh_known_hosts": {"type": "str"},
    "timeout": {"type": "int", "default": 30},
}
GIT_REQUIRED_TOGETHER = [["username", "password"]]


def run(module: AnsibleModule, sync: Callable[[AnsibleModule, GitRemote], dict[str, Any]]) -> None:
    """End the module with what ``sync`` returns, or with the message of the error that it raised."""
    # URLs with credentials are rejected, but Ansible shows a module's parameters with every result.
    module.no_log_values.update(secrets_in(module.params["url"]))
    try:
        with GitRemote(module.params) as remote:
            result = sync(module, remote)
    except GitError as error:
        module.fail_json(msg=str(error), error=type(error).__name__, changed=False)
    module.exit_json(**result)

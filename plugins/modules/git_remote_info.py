#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: git_remote_info
short_description: Read the branches and tags of a remote Git repository
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Reads the refs of a remote repository with C(git ls-remote), without cloning it.
  - Fails with the reason if the server does not answer, rejects the credentials, or has no such repository or branch.
options:
  required:
    description: Whether to fail if O(branch) does not exist.
    type: bool
    default: true
extends_documentation_fragment:
  - airfield.airflow.git
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
"""

EXAMPLES = r"""
- name: Check that the DAG repository answers
  airfield.airflow.git_remote_info:
    url: https://git.example.com/team/dags.git
    branch: main
    username: airflow
    password: "{{ dags_token }}"

- name: Read a repository over SSH
  airfield.airflow.git_remote_info:
    url: git@git.example.com:team/dags.git
    ssh_private_key: "{{ lookup('ansible.builtin.file', '~/.ssh/dags') }}"
    ssh_known_hosts: "{{ lookup('ansible.builtin.file', 'files/known_hosts') }}"
    required: false
"""

RETURN = r"""
head:
  description: The commit of O(branch). None if it does not exist.
  returned: success
  type: str
  sample: 2a2f3f1e6d6e0b0d2f3c4b5a69788796a5b4c3d2
refs:
  description: The full names of all refs, each with its object. For an annotated tag, the entry with C(^{}) is the
    commit.
  returned: success
  type: dict
  sample:
    HEAD: 2a2f3f1e6d6e0b0d2f3c4b5a69788796a5b4c3d2
    refs/heads/main: 2a2f3f1e6d6e0b0d2f3c4b5a69788796a5b4c3d2
empty:
  description: Whether the repository has no refs at all.
  returned: success
  type: bool
  sample: false
error:
  description: The type of the error, such as V(CredentialsRefused), V(ConnectionFailed) or V(BranchNotFound).
  returned: failure
  type: str
  sample: CredentialsRefused
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._git.module import (
    GIT_ARGUMENTS,
    GIT_REQUIRED_TOGETHER,
    run,
)
from ansible_collections.airfield.airflow.plugins.module_utils._git.remote import GitRemote


def read(module: AnsibleModule, remote: GitRemote) -> dict[str, Any]:
    refs = remote.refs()
    head = refs.get(f"refs/heads/{remote.branch}")
    if head is None and module.params["required"]:
        raise remote.missing_branch(refs)
    return {"changed": False, "head": head, "refs": refs, "empty": not refs}


def main() -> None:
    module = AnsibleModule(
        argument_spec={**GIT_ARGUMENTS, "required": {"type": "bool", "default": True}},
        required_together=GIT_REQUIRED_TOGETHER,
        supports_check_mode=True,
    )
    run(module, read)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: git_files
short_description: Commit and push files to a branch of a remote Git repository
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Compares files of a branch with the given contents, and commits and pushes all differences in one commit.
  - Creates the branch if it does not exist, from the head of the repository's default branch. Also works on an empty
    repository. Other files of the repository are not changed.
  - When another commit is pushed in between, the work is repeated on the new state, up to three times. It never uses
    a force push.
options:
  files:
    description:
      - The contents of files by their paths in the repository. An existing file keeps its executable bit.
      - They take precedence over files of the same path in O(directories).
    type: dict
    default: {}
  directories:
    description:
      - Absolute paths of directories on the machine on which the module runs, by the directories of the repository to
        which their files are copied. The directory V(.) is the root of the repository.
      - All files are copied unchanged, with their executable bit, including those in subdirectories except
        C(__pycache__) and C(.git).
    type: dict
    default: {}
  purge:
    description:
      - Whether to remove files of the repository that are below a path of O(directories) but neither in the local
        directory nor in O(files).
    type: bool
    default: false
  commit_message:
    description: The message of the commit.
    type: str
    default: Update by airfield
  author_name:
    description: The name of the author and committer.
    type: str
    default: airfield
  author_email:
    description: The email address of the author and committer.
    type: str
    default: airfield@localhost
extends_documentation_fragment:
  - airfield.airflow.git
  - airfield.airflow.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Push values and chart to the platform repository
  airfield.airflow.git_files:
    url: http://git.example.com:3080/platform.git
    username: airfield
    password: "{{ git_password }}"
    files:
      airflow/values.yaml: "{{ airflow_values | to_nice_yaml }}"
    directories:
      charts/airflow: /opt/airfield/charts/airflow
    purge: true
    commit_message: Values and chart of Airflow
"""

RETURN = r"""
commit:
  description:
    - The head of the branch afterwards. None if it does not exist.
    - In check mode the current head, because there is no new commit.
  returned: success
  type: str
  sample: 2a2f3f1e6d6e0b0d2f3c4b5a69788796a5b4c3d2
before:
  description: The previous head of the branch. None if it did not exist.
  returned: success
  type: str
  sample: 9c8b7a69584736251403f2e1d0c9b8a796857463
files:
  description: The paths of the files that were written or removed, or would be in check mode.
  returned: success
  type: list
  elements: str
  sample: [airflow/values.yaml]
diff:
  description: The content of each of RV(files) before and after. For a binary file its size and object.
  returned: success in diff mode
  type: list
  elements: dict
  contains:
    before:
      description: The previous content. Empty if the file did not exist.
      type: str
    after:
      description: The new content. Empty if the file was removed.
      type: str
    before_header:
      description: The path, with the mode if it changed.
      type: str
    after_header:
      description: The path, with the mode if it changed.
      type: str
error:
  description: The type of the error, such as V(CredentialsRefused), V(ConnectionFailed) or V(PushRefused).
  returned: failure
  type: str
  sample: CredentialsRefused
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._git.branch import GitBranch
from ansible_collections.airfield.airflow.plugins.module_utils._git.module import (
    GIT_ARGUMENTS,
    GIT_REQUIRED_TOGETHER,
    run,
)
from ansible_collections.airfield.airflow.plugins.module_utils._git.remote import GitRemote


def sync(module: AnsibleModule, remote: GitRemote) -> dict[str, Any]:
    return GitBranch(remote, module.params).sync(check_mode=module.check_mode, diff_mode=module._diff)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **GIT_ARGUMENTS,
            "files": {"type": "dict", "default": {}},
            "directories": {"type": "dict", "default": {}},
            "purge": {"type": "bool", "default": False},
            "commit_message": {"type": "str", "default": "Update by airfield"},
            "author_name": {"type": "str", "default": "airfield"},
            "author_email": {"type": "str", "default": "airfield@localhost"},
        },
        required_together=GIT_REQUIRED_TOGETHER,
        supports_check_mode=True,
    )
    run(module, sync)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: git_files
short_description: Bring files of a remote Git branch to given contents
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Compares files of a branch with given contents, and commits and pushes those that differ, all by one commit.
  - Makes the branch when it does not exist, from the head of the repository's default branch, and works on an empty
    repository. Other files of the repository are not touched.
  - When somebody pushes in between, the work is repeated on the new state, up to three times. Nothing is ever forced.
options:
  files:
    description:
      - The texts of files by their paths in the repository. A file that is there keeps its executable bit.
      - A file that is also in one of O(folders) gets the text from here.
    type: dict
    default: {}
  folders:
    description:
      - Full paths of folders on the machine on which the module runs, by the folders of the repository to which their
        files are copied. The folder V(.) is the repository's root.
      - Files are copied byte for byte, with their executable bit, from all folders below it but C(__pycache__) and
        C(.git).
    type: dict
    default: {}
  purge:
    description:
      - Whether files of the repository that are below a path of O(folders) and neither in the local folder nor in
        O(files) are removed.
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
    description: The address of the author and committer.
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
- name: Bring values and chart into the repository of the platform
  airfield.airflow.git_files:
    url: http://git.example.com:3080/platform.git
    username: airfield
    password: "{{ git_password }}"
    files:
      airflow/values.yaml: "{{ airflow_values | to_nice_yaml }}"
    folders:
      charts/airflow: /opt/airfield/charts/airflow
    purge: true
    commit_message: Values and chart of Airflow
"""

RETURN = r"""
commit:
  description:
    - The head of the branch afterwards. None when it does not exist.
    - In check mode its head as it is, because there is no commit yet.
  returned: success
  type: str
  sample: 2a2f3f1e6d6e0b0d2f3c4b5a69788796a5b4c3d2
before:
  description: The head of the branch before. None when it did not exist.
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
  description: What was in each of RV(files) before and after. Of a binary file its size and object.
  returned: success in diff mode
  type: list
  elements: dict
  contains:
    before:
      description: The text before. Empty when there was no file.
      type: str
    after:
      description: The text after. Empty when the file was removed.
      type: str
    before_header:
      description: The path, with the mode when it changed.
      type: str
    after_header:
      description: The path, with the mode when it changed.
      type: str
error:
  description: What kind of error it was, as V(CredentialsRefused), V(ConnectionFailed) or V(PushRefused).
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
            "folders": {"type": "dict", "default": {}},
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

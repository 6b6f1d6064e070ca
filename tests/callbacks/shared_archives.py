# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the archive of each module once for all playbooks of a run of the tests.

Ansible packs a module and its module_utils for each playbook again, which takes a third of a second: the tests run some
hundred playbooks, and the sources do not change meanwhile. Outside the tests they may, so this is nothing for users.
"""

from __future__ import annotations

from pathlib import Path

from ansible import constants
from ansible.playbook import Playbook
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: shared_archives
type: aggregate
short_description: Build the archive of each module once for several playbooks
description:
  - Only for the tests of this collection.
options:
  directory:
    description: Where the archives are kept.
    type: path
    required: true
    env:
      - name: ANSIBLE_SHARED_ARCHIVES
    ini:
      - section: callback_shared_archives
        key: directory
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]  # Ansible has no types
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "shared_archives"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook: Playbook) -> None:
        """Link the directory where ansible.executor.module_common keeps the archives of this playbook."""
        shared = Path(self.get_option("directory"))
        shared.mkdir(parents=True, exist_ok=True)
        (Path(constants.DEFAULT_LOCAL_TMP) / "ansiballz_cache").symlink_to(shared)

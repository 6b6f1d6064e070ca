# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How to reach a Git repository, and as whom."""

    DOCUMENTATION = r"""
requirements:
  - git
  - ssh (only for an address of SSH)
options:
  url:
    description:
      - The address of the repository, as V(https://host/team/values.git), V(ssh://git@host:22/team/values.git),
        V(git@host:team/values.git), or the full path of a folder on the machine on which the module runs.
      - It must hold no password and, with C(http) and C(https), no user.
    type: str
    required: true
  branch:
    description: The name of the branch.
    type: str
    default: main
  username:
    description: The user at an address with C(http) or C(https).
    type: str
  password:
    description: The password or the token of O(username).
    type: str
  ssh_private_key:
    description: The text of the private key for an address of SSH. It must have no passphrase.
    type: str
  ssh_known_hosts:
    description:
      - The host keys of the server in the format of C(known_hosts), as C(ssh-keyscan) prints them.
      - An address of SSH needs it, because a host key that nobody has checked is never trusted.
    type: str
  timeout:
    description: How many seconds one call of C(git) may take.
    type: int
    default: 30
notes:
  - The Git and SSH configuration and the stored credentials of the user have no influence. Proxies in the environment
    have, and so have E(GIT_SSL_CAINFO) and E(GIT_SSL_CAPATH).
  - Secrets are in no argument of a process, in no address and in no message. A private key is in a temporary folder,
    which is removed at the end.
  - A server that lets everybody read asks for no credentials when it is read, so that wrong ones show only at a push.
"""

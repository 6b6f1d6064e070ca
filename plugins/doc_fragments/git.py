# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How to reach a Git repository, and with which credentials."""

    DOCUMENTATION = r"""
requirements:
  - git
  - ssh (only for SSH URLs)
options:
  url:
    description:
      - The URL of the repository, such as V(https://host/team/values.git), V(ssh://git@host:22/team/values.git) or
        V(git@host:team/values.git), or the absolute path of a directory on the machine on which the module runs.
      - It must not contain a password or, with C(http) and C(https), a user.
    type: str
    required: true
  branch:
    description: The name of the branch.
    type: str
    default: main
  username:
    description: The user for an C(http) or C(https) URL.
    type: str
  password:
    description: The password or the token of O(username).
    type: str
  ssh_private_key:
    description: The content of the private key for an SSH URL. The key must not have a passphrase.
    type: str
  ssh_known_hosts:
    description:
      - The host keys of the server in the format of C(known_hosts), as printed by C(ssh-keyscan).
      - Required for an SSH URL, because an unverified host key is never trusted.
    type: str
  timeout:
    description: The maximum number of seconds for one C(git) command.
    type: int
    default: 30
notes:
  - The user's Git and SSH configuration and stored credentials are ignored. Proxies in the environment are used, and so
    are E(GIT_SSL_CAINFO) and E(GIT_SSL_CAPATH).
  - Secrets never appear in the arguments of a process, in a URL or in a message. A private key is kept in a temporary
    directory, which is removed at the end.
  - A server that allows anonymous reads does not ask for credentials on reads, so wrong credentials only show on a
    push.
"""

#!/usr/bin/python
# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: machine
short_description: Check that a machine can be the control host
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Inspects the machine that it runs on before anything is changed there, and returns facts that later tasks need.
  - Fails with all problems in one message. Each of them says what is wrong and what to do.
  - Queries Docker with the command C(docker), as the user of the task. An engine that only root can use is not a
    problem.
options:
  engine:
    description:
      - Whether a container engine is required on this machine. A missing one is not a problem on Debian and Ubuntu.
      - If V(false), Docker is ignored, and RV(machine.engine) says that there is none.
    type: bool
    default: true
  builds:
    description: Whether images are built from Debian packages on this machine.
    type: bool
    default: false
  installed:
    description:
      - Check only what is needed to use or to remove an existing installation.
      - Then a missing Docker is not a problem, but one that does not answer is.
    type: bool
    default: false
  home:
    description:
      - The home directory in the environment of the command. It must belong to the user of this task.
      - Only for root without C(sudo) may it belong to another user, as in containers of CI services.
    type: path
  ports:
    description:
      - Ports that must be free to listen on. Leave out those that this installation already uses.
      - The address may be one that the machine does not have yet.
    type: list
    elements: dict
    default: []
    suboptions:
      port:
        description: The port.
        type: int
        required: true
      address:
        description: The address to listen on, or a host name. Empty for that of a network that does not exist yet.
        type: str
        default: 127.0.0.1
      purpose:
        description: What will listen on the port, for the message.
        type: str
        required: true
      variable:
        description: The variable that sets the port, for the message.
        type: str
        required: true
extends_documentation_fragment:
  - airfield.airflow.attributes
  - airfield.airflow.attributes.info_module
"""

EXAMPLES = r"""
- name: Check that this machine can run a cluster
  airfield.airflow.machine:
    home: "{{ lookup('ansible.builtin.env', 'HOME') }}"
    ports:
      - port: 32080
        purpose: Airflow's UI and API
        variable: airfield_host_port
      - port: 5000
        address: 172.18.0.1
        purpose: the host worker
        variable: airfield_host_worker_port
  register: control_host

- name: Check that Docker can be queried for what to remove
  airfield.airflow.machine:
    installed: true

- name: Check a machine that only talks to an existing cluster
  airfield.airflow.machine:
    engine: false
"""

RETURN = r"""
machine:
  description: The facts about the machine.
  returned: always
  type: dict
  contains:
    hostname:
      description: The name of the machine.
      type: str
    architecture:
      description:
        - The processor in the terms of downloads and images, V(amd64) or V(arm64).
        - Any other one as printed by C(uname -m).
      type: str
    distribution:
      description: Name and version of the Linux distribution.
      type: str
    is_root:
      description: Whether the task runs as root.
      type: bool
    user:
      description: The name of the user of the task.
      type: str
    uid:
      description: The user id.
      type: int
    gid:
      description: The id of this user's group.
      type: int
    home_owner:
      description: The name of the user that O(home) belongs to. Empty if the directory does not exist.
      type: str
    engine:
      description: The Docker installation.
      type: dict
      contains:
        command:
          description: The path of C(docker), or empty.
          type: str
        daemon:
          description: The path of C(dockerd), or empty.
          type: str
        running:
          description: Whether the engine answers, or rejects only this user.
          type: bool
        version:
          description: The version of the engine. Empty if it could not be queried.
          type: str
        access:
          description: Whether this user may use the engine, or could if it were running.
          type: bool
        install:
          description: Whether the engine must be installed, because none answers and there is no C(dockerd).
          type: bool
  sample:
    hostname: laptop
    architecture: amd64
    distribution: Debian GNU/Linux 13
    is_root: false
    user: me
    uid: 1000
    gid: 1000
    home_owner: me
    engine:
      command: /usr/bin/docker
      daemon: /usr/sbin/dockerd
      running: true
      version: 26.1.5+dfsg1
      access: true
      install: false
problems:
  description: The problems, each in a sentence or two.
  returned: always
  type: list
  elements: str
  sample: []
"""

import os
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._machine.engine import Engine, read_engine
from ansible_collections.airfield.airflow.plugins.module_utils._machine.ports import ports_of, taken_ports
from ansible_collections.airfield.airflow.plugins.module_utils._machine.problems import (
    Machine,
    Needs,
    message,
    problems_of,
)
from ansible_collections.airfield.airflow.plugins.module_utils._machine.system import read_system

PORT_ARGUMENTS: dict[str, dict[str, Any]] = {
    "port": {"type": "int", "required": True},
    "address": {"type": "str", "default": "127.0.0.1"},
    "purpose": {"type": "str", "required": True},
    "variable": {"type": "str", "required": True},
}


def look(parameters: dict[str, Any]) -> Machine:
    system = read_system(parameters["home"], os.environ)
    engine = read_engine(os.environ, system.is_root) if parameters["engine"] else Engine(needed=False)
    ports = ports_of(parameters["ports"])
    return Machine(system, engine, ports, taken_ports(ports))


def facts_of(machine: Machine) -> dict[str, Any]:
    system = machine.system
    return {
        "hostname": system.hostname,
        "architecture": system.architecture,
        "distribution": system.distribution,
        "is_root": system.is_root,
        "user": system.user,
        "uid": system.uid,
        "gid": system.gid,
        "home_owner": system.home_owner,
        "engine": machine.engine.facts(),
    }


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "engine": {"type": "bool", "default": True},
            "builds": {"type": "bool", "default": False},
            "installed": {"type": "bool", "default": False},
            "home": {"type": "path"},
            "ports": {"type": "list", "elements": "dict", "default": [], "options": PORT_ARGUMENTS},
        },
        supports_check_mode=True,
    )
    machine = look(module.params)
    needs = Needs(module.params["engine"], module.params["builds"], module.params["installed"])
    problems = problems_of(machine, needs)
    result = {"machine": facts_of(machine), "problems": problems}
    if problems:
        module.fail_json(msg=message(machine.system.hostname, problems, needs), **result)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()

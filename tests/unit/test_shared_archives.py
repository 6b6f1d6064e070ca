# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""That the playbooks of a run of the tests share the archives of modules, as Ansible uses them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOK = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.ping:
"""


def test_the_second_playbook_uses_the_archive_of_the_first(tmp_path: Path) -> None:
    playbook = tmp_path / "ping.yml"
    playbook.write_text(PLAYBOOK)
    inventory = tmp_path / "hosts"
    inventory.write_text(f"here ansible_connection=local ansible_python_interpreter={sys.executable}\n")
    archives = tmp_path / "archives"
    environment = {
        **os.environ,
        "ANSIBLE_CALLBACKS_ENABLED": "shared_archives",
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests/callbacks"),
        "ANSIBLE_SHARED_ARCHIVES": str(archives),
    }
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(inventory), str(playbook)]
    written = []
    for _run in range(2):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert "[WARNING]" not in done.stdout + done.stderr
        written.append({file.name: file.stat().st_mtime_ns for file in archives.iterdir() if file.suffix != ".lock"})
    assert len(written[0]) == 1, "where Ansible keeps its archives has changed"
    assert written[1] == written[0]

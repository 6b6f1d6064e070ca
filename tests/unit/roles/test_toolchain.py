# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role toolchain: what it refuses before it builds anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import run_playbook


@pytest.mark.parametrize(
    ("program", "version", "directory"),
    [("coredns", "coredns", "coredns"), ("local-path-provisioner", "local_path_provisioner", "components")],
)
def test_a_version_that_the_go_module_does_not_have_is_refused(
    tmp_path: Path, program: str, version: str, directory: str
) -> None:
    role = {
        "ansible.builtin.include_role": {"name": "airfield.airflow.toolchain", "tasks_from": "go_programs"},
        "vars": {
            "airfield_cache_dir": str(tmp_path / "cache"),
            "airfield_version_overrides": {version: "9.9.9"},
            "toolchain_go_programs": [program],
        },
    }
    said = {"ansible.builtin.debug": {"msg": "{{ ansible_failed_result.results[0].msg }}"}}
    output = run_playbook(tmp_path, [{"block": [role], "rescue": [said]}])
    assert f"{program} cannot be built in version 9.9.9: images/{directory}/go.mod has another version" in output
    assert not (tmp_path / "cache").exists()

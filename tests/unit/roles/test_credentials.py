# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets that the role credentials generates."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import run_playbook

Secrets = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Secrets]]:
    """Return what two new installations get: the copy's path, and its content."""
    folder = tmp_path_factory.mktemp("credentials")
    paths = [folder / name / "credentials" / "credentials.yml" for name in ("one", "two")]
    tasks: list[dict[str, Any]] = [
        {
            "name": f"Generate {path}",
            "ansible.builtin.include_role": {"name": "airfield.airflow.credentials", "tasks_from": "copy"},
            "vars": {
                "airfield_data_dir": str(path.parent.parent),
                "credentials_values": "{{ credentials_generated }}",
            },
        }
        for path in paths
    ]
    output = run_playbook(folder, tasks)
    secrets = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    for values in secrets:
        assert values["airflow-admin"]["password"] not in output
    return list(zip(paths, secrets, strict=True))


def test_copy_is_private(generated: list[tuple[Path, Secrets]]) -> None:
    for path, _secrets in generated:
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_installations_share_no_secret(generated: list[tuple[Path, Secrets]]) -> None:
    (_one, first), (_two, second) = generated
    assert first.keys() == second.keys()
    public = {("airflow-admin", "username"), ("airflow-postgres", "username"), ("airflow-postgres", "database")}
    same = {(name, key) for name in first for key in first[name] if first[name][key] == second[name][key]}
    assert same == public


def test_fernet_key_is_a_fernet_key(generated: list[tuple[Path, Secrets]]) -> None:
    for _path, secrets in generated:
        key = secrets["airflow-fernet-key"]["fernet-key"]
        raw = base64.urlsafe_b64decode(key)
        assert len(raw) == 32
        assert base64.urlsafe_b64encode(raw).decode() == key

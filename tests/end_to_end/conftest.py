# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.tests.end_to_end.mirror import Mirror, run_mirror
from ansible_collections.airfield.airflow.tests.end_to_end.playbook import ROOT
from ansible_collections.airfield.airflow.tests.end_to_end.registry import Registry, run_registry


@pytest.fixture(scope="session")
def versions() -> dict[str, Any]:
    """The versions that the collection pins."""
    content = yaml.safe_load((ROOT / "roles/airfield/vars/main/versions.yml").read_text())
    return dict(content["airfield_tested_versions"])


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory, versions: dict[str, Any]) -> Iterator[Mirror]:
    """A mirror that has every download of the source `upstream`."""
    with run_mirror(tmp_path_factory.mktemp("mirror")) as running:
        running.add_kind(versions["kind"])
        running.add_kubectl(versions["kubernetes"])
        running.add_helm(versions["helm"])
        yield running


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """An empty registry."""
    with run_registry(tmp_path_factory.mktemp("registry")) as running:
        yield running

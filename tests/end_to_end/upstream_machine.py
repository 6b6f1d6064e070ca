# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An installation with the source `upstream`, which the tests run step by step."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.airfield.airflow.tests.end_to_end.playbook import Run, Values, run_playbook, write_inventory

NAME = "airfield-upstream-test"
MACHINE = {"role": "airfield.airflow.machine"}
ENGINE = {"role": "airfield.airflow.container_engine"}
TOOLCHAIN = {"role": "airfield.airflow.toolchain"}
# Only the downloads: the engine, which is there, is not looked at.
DOWNLOADS = {**TOOLCHAIN, "vars": {"airfield_container_engine": False}}
IMAGES = {"role": "airfield.airflow.images"}
# What the role toolchain does first.
PREPARE = {"ansible.builtin.include_role": {"name": "airfield.airflow.toolchain", "tasks_from": "prepare"}}
# The choice of the source, without a look at the engine.
SOURCE = {"gather_facts": True, "roles": [{**MACHINE, "vars": {"machine_engine": False}}], "tasks": [PREPARE]}


@dataclass
class Machine:
    """The directories of one installation, with the addresses from which it gets its artifacts."""

    home: Path
    mirror: str
    registry: str

    def run(self, *options: str, **changes: Any) -> Run:
        """Provide programs and images, as site.yml does; ``changes`` are extra variables."""
        return self.play({"gather_facts": True, "roles": [MACHINE, ENGINE, TOOLCHAIN, IMAGES]}, *options, **changes)

    def download(self, **changes: Any) -> Run:
        return self.play({"roles": [DOWNLOADS]}, **changes)

    def pull(self, **changes: Any) -> Run:
        return self.play({"pre_tasks": [PREPARE], "roles": [IMAGES]}, **changes)

    def choose_source(self, **changes: Any) -> Run:
        return self.play(SOURCE, airfield_source="auto", **changes)

    def play(self, content: Values, *options: str, **changes: Any) -> Run:
        directory = self.home.parent
        playbook = directory / "play.yml"
        play = {"name": "Test the source upstream", "hosts": "control_host", "gather_facts": False, **content}
        playbook.write_text(yaml.safe_dump([play], sort_keys=False))
        inventory = write_inventory(
            directory / "hosts.yml",
            NAME,
            self.home,
            airfield_source="upstream",
            airfield_download_mirror=self.mirror,
            airfield_image_registry=self.registry,
        )
        return run_playbook(playbook, inventory, *options, variables=changes)

    def program(self, name: str) -> str:
        """What a program of this installation says of itself."""
        file = self.home / ".cache/airfield/bin" / name
        return subprocess.run([file], capture_output=True, text=True, check=True).stdout.strip()

    def download_manifest(self, **changes: Any) -> Run:
        include = {"name": "airfield.airflow.argocd", "tasks_from": "download"}
        return self.play({"tasks": [{"ansible.builtin.include_role": include}]}, **changes)

    def remove_images(self) -> Run:
        """What teardown.yml does with the images."""
        include = {"name": "airfield.airflow.images", "tasks_from": "absent"}
        facts = {"ansible.builtin.include_role": {"name": "airfield.airflow.machine", "tasks_from": "facts"}}
        return self.play({"pre_tasks": [facts], "tasks": [{"ansible.builtin.include_role": include}]})

    @property
    def recorded_images(self) -> list[str]:
        """The images that the teardown would remove."""
        record = self.home / f".local/state/airfield/{NAME}/images.json"
        recorded: list[str] = json.loads(record.read_text())
        return recorded

    @property
    def source_file(self) -> Path:
        return self.home / f".local/state/airfield/{NAME}/source"

    @property
    def source(self) -> str:
        return self.source_file.read_text()

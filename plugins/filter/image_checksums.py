# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.image_checksums``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: image_checksums
short_description: Checksums of everything that images are built from
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Gives a checksum for each image, which changes when its recipe, a file of its directory or one of its parts does.
  - An image carries its checksum as a label. It is built again when the two differ.
positional: files, release, root
options:
  _input:
    description:
      - The recipe of each image, by its name.
      - One with C(contents) depends on the images that it names as well.
      - One with C(debian) depends on the files in C(images/debian/), which install its packages.
    type: dict
    required: true
  files:
    description:
      - The files of all build contexts, as M(ansible.builtin.find) returns them with C(get_checksum).
      - Each is below C(images/NAME/).
    type: list
    elements: dict
    required: true
  release:
    description: The Debian release under the images.
    type: str
    required: true
  root:
    description:
      - A path that is removed from the recipes, so that the same sources have the same checksums on every machine.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the checksums of the images
  ansible.builtin.debug:
    msg: "{{ builds | airfield.airflow.image_checksums(contexts.files, 'trixie', role_path) }}"
"""

RETURN = r"""
_value:
  description: The checksum of each image, by its name.
  type: dict
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def image_checksums(
    builds: Mapping[str, Mapping[str, Any]], files: Iterable[Mapping[str, Any]], release: str, root: str
) -> dict[str, str]:
    """Return the SHA-256 of each image's release, files and recipes, those of its parts included."""
    listed = list(files)
    recipes = {name: json.dumps(build).replace(root, "") for name, build in builds.items()}
    checksums = {}
    for name, build in builds.items():
        names = [*build.get("contents", ()), name]
        if any("debian" in builds[part] for part in names):
            names.insert(0, "debian")
        inside = re.compile(f"/images/({'|'.join(map(re.escape, names))})/")
        contents = sorted(file["checksum"] for file in listed if inside.search(file["path"]))
        parts = [release, *contents, *(recipes[part] for part in names if part in recipes)]
        checksums[name] = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return checksums


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"image_checksums": image_checksums}

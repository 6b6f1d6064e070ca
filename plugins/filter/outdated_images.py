# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.outdated_images``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: outdated_images
short_description: Images that are missing or were built from something else
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Names the images to build, in the order of the recipes.
  - A part is built when the image that it goes into is. By itself it is nobody's image.
positional: wanted, checksums, present
options:
  _input:
    description: The recipe of each image, by its name. One that is C(part_of) another goes into that image.
    type: dict
    required: true
  wanted:
    description: The names of the images that are needed.
    type: list
    elements: str
    required: true
  checksums:
    description: The checksum of each image, as the filter P(airfield.airflow.image_checksums#filter) returns it.
    type: dict
    required: true
  present:
    description: The checksums of the images that are there.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show which images must be built
  ansible.builtin.debug:
    msg: "{{ builds | airfield.airflow.outdated_images(['airflow'], checksums, labels) }}"
"""

RETURN = r"""
_value:
  description: The names of the images to build.
  type: list
  elements: str
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any


def outdated_images(
    builds: Mapping[str, Mapping[str, Any]],
    wanted: Collection[str],
    checksums: Mapping[str, str],
    present: Collection[str],
) -> list[str]:
    """Return the names of the wanted images, and of their parts, whose checksum no present image has."""
    owners = {name: build.get("part_of", name) for name, build in builds.items()}
    return [name for name, owner in owners.items() if owner in wanted and checksums[owner] not in present]


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"outdated_images": outdated_images}

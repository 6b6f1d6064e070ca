# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.missing_images``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: missing_images
short_description: List the Docker images that a kind node does not have
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Compares Docker images with the image store of a node.
  - The node has an image when its store contains the same build under the full name.
  - The label C(airfield.build) in the store identifies the build.
positional: references, images
options:
  _input:
    description: Output of C(ctr images list) in the node.
    type: str
    required: true
  references:
    description: The images that the node must have, by their names in Docker.
    type: list
    elements: str
    required: true
  images:
    description: The same images as M(community.docker.docker_image_info) describes them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the images that the node does not have
  ansible.builtin.debug:
    msg: "{{ node.stdout | airfield.airflow.missing_images(['postgres:17'], docker.images) }}"
"""

RETURN = r"""
_value:
  description: The missing images, in the order of the references.
  type: list
  elements: dict
  contains:
    reference:
      description: The name in Docker.
      type: str
      sample: postgres:17
    name:
      description: The name in the node's image store.
      type: str
      sample: docker.io/library/postgres:17
    build:
      description: The ID of the image in Docker.
      type: str
      sample: sha256:0f2c4f7d5b6e1f0a9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f2e1d0c9b8a7f6e
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

DOCKER_HUB = "docker.io"


def full_name(reference: str) -> str:
    """Return a reference with its registry and tag, as containerd stores it.

    Source: ParseNormalizedNamed and TagNameOnly of github.com/distribution/reference.
    """
    first, slash, rest = reference.partition("/")
    has_registry = bool(slash) and ("." in first or ":" in first or first == "localhost" or first != first.lower())
    registry, path = (first, rest) if has_registry else (DOCKER_HUB, reference)
    if registry == f"index.{DOCKER_HUB}":
        registry = DOCKER_HUB
    if registry == DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    tagged = ":" in path.rpartition("/")[2] or "@" in path
    return f"{registry}/{path}" if tagged else f"{registry}/{path}:latest"


def missing_images(
    listing: str, references: Iterable[str], images: Iterable[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """Return reference, name and build of each image of which the node's listing does not contain this build.

    Raises AnsibleFilterError for a reference that Docker does not have, since it could not be loaded.
    """
    builds = {full_name(tag): str(image["Id"]) for image in images for tag in image.get("RepoTags") or []}
    rows = [line.split() for line in listing.splitlines()]
    # The last column has the labels, separated by commas.
    present = {(row[0], label) for row in rows if len(row) > 1 for label in row[-1].split(",")}
    missing = []
    for reference in references:
        name = full_name(reference)
        if name not in builds:
            raise AnsibleFilterError(f"Docker has no image {reference}. Pull or build it first.")
        if (name, f"airfield.build={builds[name]}") not in present:
            missing.append({"reference": reference, "name": name, "build": builds[name]})
    return missing


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"missing_images": missing_images}

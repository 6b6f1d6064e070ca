# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory must say about images: pure functions that return sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

IMAGES = "airfield_images"


def image_problems(values: Mapping[str, Any]) -> list[str]:
    """The nodes of kind have images by their tags only: one with a digest would be pulled from its registry again.

    ``values`` are the control host's variables.
    """
    images = values.get(IMAGES)
    if values.get("cluster_driver") != "kind" or not isinstance(images, Mapping):
        return []
    return [_digest(name, image) for name, image in images.items() if isinstance(image, str) and "@" in image]


def _digest(name: str, image: str) -> str:
    reference = image.partition("@")[0]
    tagged = reference if ":" in reference.rpartition("/")[2] else f"{reference}:TAG"
    reason = "the nodes of kind get images by their tags only"
    return f"`{IMAGES}.{name}: {image}` has a digest, but {reason}. Write `{tagged}`."

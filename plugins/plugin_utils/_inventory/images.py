# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory must say about images: pure functions that return sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

IMAGES = "airfield_images"
REGISTRY = "airfield_built_registry"


def image_problems(values: Mapping[str, Any], *, loads_images: bool) -> list[str]:
    """``values`` are the control host's variables. With ``loads_images`` the nodes pull nothing."""
    return [*_registry(values), *(_digests(values) if loads_images else [])]


def _registry(values: Mapping[str, Any]) -> list[str]:
    """A name without these marks belongs to Docker Hub, where somebody may own it, and containerd expands it."""
    registry = values.get(REGISTRY)
    if registry is None:
        return []
    host = str(registry).partition("/")[0]
    if host == "localhost" or "." in host or ":" in host:
        return []
    return [
        f"`{REGISTRY}: {registry}` is a name on Docker Hub. Write `localhost/{registry}`, or a name with a dot or a"
        " port that no registry has."
    ]


def _digests(values: Mapping[str, Any]) -> list[str]:
    """Images are loaded by their tags only: one with a digest would be pulled from its registry again."""
    images = values.get(IMAGES)
    if not isinstance(images, Mapping):
        return []
    return [_digest(name, image) for name, image in images.items() if isinstance(image, str) and "@" in image]


def _digest(name: str, image: str) -> str:
    reference = image.partition("@")[0]
    tagged = reference if ":" in reference.rpartition("/")[2] else f"{reference}:TAG"
    reason = "images are loaded into the nodes by their tags only"
    return f"`{IMAGES}.{name}: {image}` has a digest, but {reason}. Write `{tagged}`."

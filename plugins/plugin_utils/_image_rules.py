# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory must say about images: pure functions that return sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

IMAGES = "airfield_images"


def image_problems(values: Mapping[str, Any]) -> list[str]:
    """An image that is named by its digest does not run everywhere.

    ``values`` are the control host's variables. Until ``auto`` has chosen a source, the default of ``airflow_chart`` is
    not known, and the role airflow judges.
    """
    images = values.get(IMAGES)
    image = images.get("airflow") if isinstance(images, Mapping) else None
    if (
        values.get("cluster_driver") != "kind"
        or values.get("airflow_chart") != "official"
        or values.get("airfield_resolved_source") == "auto"
        or not isinstance(image, str)
        or "@" not in image
    ):
        return []
    name = image.partition("@")[0]
    tagged = name if ":" in name.rpartition("/")[2] else f"{name}:TAG"
    return [
        f"`{IMAGES}.airflow: {image}` has a digest, but the nodes of kind have images under their tags only, and the"
        f" pods of the official chart would pull this one from its registry. Write `{tagged}`."
    ]

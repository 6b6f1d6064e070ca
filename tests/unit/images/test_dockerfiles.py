# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every Dockerfile in images/ keeps to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

IMAGES = Path(__file__).parents[3] / "images"


@pytest.mark.parametrize("path", sorted(IMAGES.glob("*/Dockerfile")), ids=lambda path: path.parent.name)
def test_no_program_is_in_an_image_twice(path: Path) -> None:
    # A file whose mode is set again, even to the one that it has, is copied into the new layer.
    assert not re.search(r"chmod \S+ \S*\*", path.read_text(encoding="utf-8"))

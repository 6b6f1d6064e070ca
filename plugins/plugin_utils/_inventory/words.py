# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Phrases that the sentences about an inventory have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names, without its length.
def quoted_list(words: Iterable[str]) -> str:
    """Every word in backquotes, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)


def quoted(value: Any) -> str:
    """A value as it is shown in a sentence."""
    return "nothing" if value is None else f"`{value}`"

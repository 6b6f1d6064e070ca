# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Label selectors with the semantics of the Kubernetes API.

Several expectations for one namespace share one list of its pods, so their selectors are applied here.
Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ansible_collections.airfield.airflow.plugins.module_utils._kube.names import LABEL_KEY, LABEL_VALUE

_VALUES = rf"{LABEL_VALUE}(?:\s*,\s*{LABEL_VALUE})*"
_SET = re.compile(rf"({LABEL_KEY})\s+(in|notin)\s*\(\s*({_VALUES})\s*\)")
_EQUAL = re.compile(rf"({LABEL_KEY})\s*(==|=|!=)\s*({LABEL_VALUE})")
_EXISTS = re.compile(rf"(!?)\s*({LABEL_KEY})")
_COMMA = re.compile(r",(?![^(]*\))")


class Requirement(NamedTuple):
    """One part of a selector; ``values`` is None when only the presence of the key matters."""

    key: str
    values: frozenset[str] | None
    wanted: bool

    def matches(self, labels: Mapping[str, str]) -> bool:
        present = self.key in labels if self.values is None else labels.get(self.key) in self.values
        return present is self.wanted


def parse_selector(text: str) -> tuple[Requirement, ...]:
    """Turn ``a=b,c in (d, e),!f`` into requirements. Raises ValueError with a sentence."""
    return tuple(_requirement(part.strip(), text) for part in _COMMA.split(text)) if text.strip() else ()


def selects(requirements: tuple[Requirement, ...], labels: Mapping[str, str]) -> bool:
    return all(requirement.matches(labels) for requirement in requirements)


def _requirement(part: str, text: str) -> Requirement:
    if match := _SET.fullmatch(part):
        values = frozenset(value.strip() for value in match[3].split(","))
        return Requirement(match[1], values, match[2] == "in")
    if match := _EQUAL.fullmatch(part):
        return Requirement(match[1], frozenset([match[3]]), match[2] != "!=")
    if match := _EXISTS.fullmatch(part):
        return Requirement(match[2], None, not match[1])
    raise ValueError(
        f"The label selector `{text}` is not valid at `{part}`. Write parts such as `component=scheduler`, "
        "`tier!=web`, `component in (scheduler, triggerer)`, `canary` or `!canary`, with commas between them."
    )

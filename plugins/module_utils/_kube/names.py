# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names Kubernetes accepts: keys and values of labels and taints, and DNS labels such as names of namespaces.

Sources: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set and
https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

from __future__ import annotations

import re
from typing import Any

LONGEST_LABEL = 63
_WORD = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_PREFIX = rf"(?=[-.a-z0-9]{{1,253}}/){_WORD}(?:\.{_WORD})*/"
_NAME = r"[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?"
# For patterns that contain a key or a value, such as those of label selectors.
LABEL_KEY = rf"(?:{_PREFIX})?{_NAME}"
LABEL_VALUE = rf"(?:{_NAME})?"


def is_label_key(key: Any) -> bool:
    """``role`` or ``example.com/role``."""
    return isinstance(key, str) and re.fullmatch(LABEL_KEY, key) is not None


def is_label_value(value: Any) -> bool:
    """A string, which may be empty."""
    return isinstance(value, str) and re.fullmatch(LABEL_VALUE, value) is not None


def is_dns_label(name: Any, longest: int = LONGEST_LABEL) -> bool:
    """The name of a namespace, or, with a smaller ``longest``, the beginning of longer names."""
    return isinstance(name, str) and len(name) <= longest and re.fullmatch(_WORD, name) is not None

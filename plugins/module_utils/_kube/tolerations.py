# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a pod tolerates what it must (https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Toleration = Mapping[str, Any]


def not_tolerated(wanted: Iterable[Toleration], have: Iterable[Toleration]) -> list[Toleration]:
    """Those of ``wanted`` that are not covered by ``have``."""
    present = list(have)
    return [toleration for toleration in wanted if not any(_covers(other, toleration) for other in present)]


def describe(toleration: Toleration) -> str:
    """``dedicated=airflow:NoSchedule``, as kubectl writes taints; ``*`` stands for any value."""
    value = "" if _exists(toleration) else f"={toleration.get('value') or ''}"
    seconds = toleration.get("tolerationSeconds")
    ending = "" if seconds is None else f" for {seconds} s"
    return f"{toleration.get('key') or '*'}{value}:{toleration.get('effect') or '*'}{ending}"


def _covers(have: Toleration, wanted: Toleration) -> bool:
    if have.get("effect") and have["effect"] != wanted.get("effect"):
        return False
    if have.get("tolerationSeconds") not in (None, wanted.get("tolerationSeconds")):
        return False
    if not have.get("key"):  # any key, which is allowed with Exists only
        return _exists(have)
    if have["key"] != wanted.get("key"):
        return False
    return _exists(have) or (not _exists(wanted) and str(have.get("value") or "") == str(wanted.get("value") or ""))


def _exists(toleration: Toleration) -> bool:
    return toleration.get("operator") == "Exists"

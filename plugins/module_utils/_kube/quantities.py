# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantities as Kubernetes writes them."""

from __future__ import annotations

_BINARY = {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
_UNITS = {**_BINARY, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "n": 1e-9, "u": 1e-6, "m": 1e-3}


def quantity(text: str) -> float:
    """A Kubernetes quantity as a number: ``250m`` is 0.25 (cores), ``1Ki`` is 1024 (bytes).

    Source: k8s.io/apimachinery/pkg/api/resource/quantity.go. Raises ValueError for anything else.
    """
    for suffix, size in _UNITS.items():
        if text.endswith(suffix):
            return float(text[: -len(suffix)]) * size
    return float(text)

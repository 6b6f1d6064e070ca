# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the module argocd_application, and what they say about waiting."""

from __future__ import annotations

from typing import Any

ARGUMENTS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str", "default": "argocd"},
    "project": {"type": "str", "default": "default"},
    "source": {"type": "dict"},
    "sources": {"type": "list", "elements": "dict"},
    "destination": {
        "type": "dict",
        "options": {"server": {"type": "str"}, "name": {"type": "str"}, "namespace": {"type": "str"}},
    },
    "sync_policy": {"type": "dict"},
    "ignore_differences": {"type": "list", "elements": "dict"},
    "labels": {"type": "dict"},
    "annotations": {"type": "dict"},
    "finalizer": {"type": "bool", "default": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "refresh": {"type": "str", "choices": ["none", "normal", "hard"], "default": "normal"},
    "sync_again": {"type": "bool", "default": True},
    "revision": {"type": "str"},
    "revisions": {"type": "list", "elements": "str"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 600},
    "poll": {"type": "float", "default": 1},
}
EXCLUSIVE = [("source", "sources"), ("revision", "revisions")]

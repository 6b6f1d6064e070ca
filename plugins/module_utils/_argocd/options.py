# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the module argocd_application, and what they say about waiting."""

from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.module_utils._argocd.wait import Wish

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


def wish_of(params: dict[str, Any]) -> Wish:
    """What to wait for. Raises ValueError with a sentence."""
    revisions = params["revisions"] or [one for one in [params["revision"]] if one]
    if not any(revisions):
        revisions = []
    if revisions and not params["wait"]:
        raise ValueError("A revision can only be waited for: set `wait: true`, or leave it out.")
    return Wish(
        revisions=revisions,
        refresh="" if params["refresh"] == "none" or not params["wait"] else params["refresh"],
        sync_again=params["sync_again"],
        timeout=params["wait_timeout"],
        poll=params["poll"],
    )

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that create, change and delete connections, variables and pools, users and roles.

Airflow's bulk request does so with many items at once. It answers 200 even when it rejected some, see
``services/public/*.py`` of Airflow's API: each action has its ``success``, a list of names, and its ``errors``, whose
messages may name several items, or repeat a secret.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ansible_collections.airfield.airflow.plugins.module_utils._admin.fab import Fab
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import (
    LONGEST_EXCERPT,
    NotFound,
    NotJson,
    Unprocessable,
)

LARGEST = 1000
# Airflow compiles a pattern of all known passwords again for each one that is new to it: with two thousand of them that
# took 0.3 s each (3.3.2).
SECONDS_EACH = 0.5
# What may have happened in the meantime, or in a first attempt whose answer was lost, is not an error, so that the
# request is safe to repeat.
POLICY = {
    "create": {"action_on_existence": "overwrite"},
    "update": {"action_on_non_existence": "fail"},
    "delete": {"action_on_non_existence": "skip"},
}


@dataclass(frozen=True)
class Step:
    """The change of one item: ``fields`` are its new values, ``body`` is what is sent, restricted to ``mask``."""

    verb: str
    name: str
    fields: JsonObject = field(default_factory=dict)
    body: JsonObject = field(default_factory=dict)
    mask: list[str] = field(default_factory=list)

    @property
    def entity(self) -> JsonObject | str:
        return self.name if self.verb == "delete" else self.body


def send_alone(client: ApiClient, path: str, step: Step) -> None:
    if step.verb == "create":
        client.request("POST", path, body=step.body)
    elif step.verb == "update":
        query = {"update_mask": step.mask} if step.mask else None
        client.request("PATCH", path, step.name, query=query, body=step.body, repeatable=True)
    else:
        # Not found: another client, or the first of two attempts, was faster, and it is gone.
        with contextlib.suppress(NotFound):
            client.request("DELETE", path, step.name, repeatable=True)


def bulk(client: ApiClient, noun: str, path: str, steps: list[Step], finished: list[Step]) -> list[str]:
    """Apply the steps; return a sentence for each that failed. Successful ones are added to ``finished`` on the way."""
    failures: list[str] = []
    for start in range(0, len(steps), LARGEST):
        batch = steps[start : start + LARGEST]
        groups = {verb: [step for step in batch if step.verb == verb] for verb in POLICY}
        groups = {verb: group for verb, group in groups.items() if group}
        actions = [
            {"action": verb, "entities": [step.entity for step in group], **POLICY[verb]}
            for verb, group in groups.items()
        ]
        try:
            body, patience = {"actions": actions}, SECONDS_EACH * len(batch)
            answer = client.request("PATCH", path, body=body, repeatable=True, patience=patience)
        except Unprocessable as error:
            raise Unprocessable(named(str(error), noun, list(groups.values())), status=error.status) from error
        for verb, group in groups.items():
            outcome = answer.get(verb) or {}
            refused = dict(failures_in(noun, group, outcome))
            finished += [step for step in group if step.name not in refused]
            failures += refused.values()
    return failures


def failures_in(noun: str, group: list[Step], outcome: JsonObject) -> Iterator[tuple[str, str]]:
    """The name of each item that failed, and the sentence about it."""
    succeeded = set(outcome.get("success") or [])
    errors = [str(error.get("error") if isinstance(error, dict) else error) for error in outcome.get("errors") or []]
    for step in group:
        # An item to delete that no longer exists is in neither list.
        if step.name in succeeded or (step.verb == "delete" and not errors):
            continue
        about = [error for error in errors if f"'{step.name}'" in error or f"`{step.name}`" in error]
        reason = reason_of((about or errors or ["no reason given"])[0])
        yield step.name, f"{noun} {step.name} was not {step.verb}d: {reason.rstrip('.')}."


def reason_of(error: str) -> str:
    """An error message without the input that pydantic repeats, because it may contain a password."""
    if error.startswith("[{"):
        return "; ".join(said for _quote, said in re.findall(r"'msg': (['\"])(.*?)\1", error)) or "invalid values"
    return error if len(error) <= LONGEST_EXCERPT else f"{error[:LONGEST_EXCERPT]} ..."


def named(message: str, noun: str, groups: list[list[Step]]) -> str:
    """A message that refers to the items by their names instead of their positions in the request."""

    def name(place: re.Match[str]) -> str:
        action, entity = int(place[1]), int(place[2])
        try:
            return f"{noun} {groups[action][entity].name}"
        except IndexError:
            return place[0]

    return re.sub(r"actions\.(\d+)\.(?:\w+\.)?entities\.(\d+)", name, message)


def create_in_fab(fab: Fab, kind: str, body: JsonObject) -> JsonObject:
    return fab.request("POST", kind, body=body)


def change_in_fab(fab: Fab, kind: str, name: str, body: JsonObject) -> JsonObject:
    return fab.request("PATCH", kind, name, body=body, repeatable=True)


def delete_in_fab(fab: Fab, kind: str, name: str) -> None:
    # Not found: another client, or the first of two attempts, was faster, and it is gone.
    # Not JSON: the answer to the deletion of a role is null.
    with contextlib.suppress(NotFound, NotJson):
        fab.request("DELETE", kind, name, repeatable=True)

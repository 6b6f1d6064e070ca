# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring one or many connections, variables or pools to the wanted state: one read and one write for all of them.

What the three have in common is here; an ``ItemType`` knows how one item is compared, sent and shown.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.airfield.airflow.plugins.module_utils._admin.requests import Step, bulk, send_alone
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._api.for_each import ITEM_ERRORS
from ansible_collections.airfield.airflow.plugins.module_utils._api.masking import prune_no_log_values
from ansible_collections.airfield.airflow.plugins.module_utils._api.module import api_module

Item = Mapping[str, Any]

MANY_ARGUMENTS: dict[str, dict[str, Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "purge": {"type": "bool", "default": False},
    "protected": {"type": "list", "elements": "str", "default": []},
}


class ItemType(ABC):
    """What the engine must know. An *item* is what the user wants, *stored* is what Airflow has."""

    noun: str
    path: str  # of the API, and the name of the option with many items, and of the list in answers
    key: str  # the field with the name
    kept: frozenset[str] = frozenset()  # never deleted

    def check(self, item: Item) -> None:
        """Raise ``ApiError`` if the item is not valid."""
        return

    @abstractmethod
    def new(self, item: Item) -> JsonObject:
        """The body to create it; ``ApiError`` if something is missing for that."""

    @abstractmethod
    def changes(self, item: Item, stored: JsonObject) -> JsonObject:
        """The fields that differ, with their new values."""

    @abstractmethod
    def update(self, item: Item, stored: JsonObject, changes: JsonObject) -> tuple[JsonObject, list[str]]:
        """The body to change it, and the fields to which Airflow must restrict the change; none: all that is sent."""

    @abstractmethod
    def visible(self, thing: JsonObject, stored: JsonObject | None = None, item: Item | None = None) -> JsonObject:
        """An item without its name and its secrets. ``stored`` shows what Airflow hides of it."""

    @staticmethod
    def secrets(item: Item) -> set[str]:
        """The secrets in an item, in addition to those that its options' ``no_log`` marks."""
        return set()

    def hidden(self, item: Item) -> JsonObject:
        """The options of an item that may contain secrets, without these."""
        return {}


def item_module(kind: type[ItemType], fields: dict[str, Any], policy: dict[str, Any] | None = None) -> AnsibleModule:
    """A module for one item by its options, or for a list of them. ``policy``: further options, for all items."""
    # Ansible takes an option called key for a secret.
    name = {"type": "str", "no_log": False}
    items = {"type": "list", "elements": "dict", "options": {kind.key: {**name, "required": True}, **fields}}
    module = api_module(
        {kind.key: name, **fields, kind.path: items, **(policy or {}), **MANY_ARGUMENTS},
        required_one_of=[[kind.key, kind.path]],
        mutually_exclusive=[[kind.path, option] for option in (kind.key, *fields)],
        required_if=[("purge", True, [kind.path])],
        no_log=True,  # Ansible would write the arguments to the system log: it cannot know each secret in them
    )
    for item in entries_of(kind, module.params):
        module.no_log_values.update(kind.secrets(item))
    return module


def entries_of(kind: type[ItemType] | ItemType, params: Mapping[str, Any]) -> Sequence[Item]:
    return [params] if params[kind.path] is None else params[kind.path]


def sync_items(module: AnsibleModule, client: ApiClient, kind: ItemType) -> dict[str, Any]:
    """Bring the items that the module's options name to their state, and return the module's result."""
    params = module.params
    single = params[kind.path] is None
    entries = entries_of(kind, params)
    items = {item[kind.key]: item for item in entries}
    facts = {"invocation": {"module_args": invocation(kind, params, single)}}
    try:
        refuse(kind, params, entries, items)
        stored = read(client, kind, items, single)
        steps = list(plan(kind, params, items, stored))
        if steps and not module.check_mode:
            write(client, kind, steps, single)
    except ApiError as error:
        error.facts |= facts
        prune_no_log_values(module, {"msg": str(error), **error.facts})
        raise
    now = {**stored, **{step.name: {**stored.get(step.name, {}), **step.fields} for step in steps}}
    # Of many only those that change: Ansible takes seconds to pass on a thousand.
    returned = items if single else [step.name for step in steps if step.verb != "delete"]
    # Unknown fields, such as those of a newer Airflow, are passed on.
    things = [
        {**now[name], kind.key: name, **kind.visible(now[name], stored.get(name), items[name])}
        for name in returned
        if params["state"] == "present"
    ]
    result = {
        **done(steps),
        **({kind.noun: things[0] if things else None} if single else {kind.path: things}),
        "diff": diff(kind, items, stored, now, steps, single),
        **facts,
    }
    prune_no_log_values(module, result)
    return result


def refuse(kind: ItemType, params: Mapping[str, Any], entries: Sequence[Item], items: Mapping[str, Item]) -> None:
    """Raise ``ApiError`` if the options are not valid, before any request is sent."""
    if "" in items:
        raise ApiError(f"{kind.key} is empty: give each {kind.noun} a name.")
    names = [item[kind.key] for item in entries]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(items) < len(names) else []
    if twice:
        raise ApiError(f"{kind.path} names {', '.join(twice)} more than once: leave one of each.")
    if params["state"] == "absent":
        for name in sorted(kind.kept & items.keys()):
            raise ApiError(f"The {kind.noun} {name} cannot be deleted: Airflow needs it.")
        if params["purge"]:
            raise ApiError(f"purge requires state=present: {kind.path} is then the complete list of what remains.")
        return
    if params["purge"] and not items:
        raise ApiError(
            f"{kind.path} is empty, and purge would delete every {kind.noun} of Airflow: name at least one to keep."
        )
    for item in entries:
        kind.check(item)


def read(client: ApiClient, kind: ItemType, items: Mapping[str, Item], single: bool) -> dict[str, JsonObject]:
    """What exists, by name: the one item, or everything, since the API cannot filter by names."""
    if not items:
        return {}
    if single and has_address(name := next(iter(items))):
        try:
            return {name: client.get(kind.path, name)}
        except NotFound:
            return {}
    return {thing[kind.key]: thing for thing in client.pages(kind.path, items=kind.path)}


def has_address(name: str) -> bool:
    """Airflow 3.0 does not find an item with a slash in its name when it is requested by name."""
    return "/" not in name


def plan(
    kind: ItemType, params: Mapping[str, Any], items: Mapping[str, Item], stored: Mapping[str, JsonObject]
) -> Iterator[Step]:
    if params["state"] == "absent":
        yield from (Step("delete", name) for name in items if name in stored)
        return
    for name, item in items.items():
        if name not in stored:
            made = kind.new(item)
            yield Step("create", name, made, made)
        elif changes := kind.changes(item, stored[name]):
            body, mask = kind.update(item, stored[name], changes)
            yield Step("update", name, changes, body, mask)
    for name in stored:
        spared = name in items or name in kind.kept
        if params["purge"] and not spared and not any(fnmatchcase(name, each) for each in params["protected"]):
            yield Step("delete", name)


def write(client: ApiClient, kind: ItemType, steps: list[Step], single: bool) -> None:
    if single and has_address(steps[0].name):
        send_alone(client, kind.path, steps[0])
        return
    # Old versions of the bulk request have no mask, so the few changes that need one are sent on their own, after it.
    masked = [step for step in steps if step.mask]
    finished: list[Step] = []
    try:
        failures = bulk(client, kind.noun, kind.path, [step for step in steps if not step.mask], finished)
        for step in masked:
            try:
                send_alone(client, kind.path, step)
                finished.append(step)
            except ITEM_ERRORS as error:
                failures.append(f"{kind.noun} {step.name} was not updated: {error}")
        if failures:
            message = f"Airflow refused {len(failures)} of {len(steps)} changes: {' '.join(failures[:10])}"
            more = f" ... and {len(failures) - 10} more." if len(failures) > 10 else ""
            raise ApiError(f"{message}{more}")
    except ApiError as error:
        error.facts |= done(finished)
        raise


def done(steps: Sequence[Step]) -> dict[str, Any]:
    names = {f"{verb}d": [step.name for step in steps if step.verb == verb] for verb in ("create", "update", "delete")}
    return {"changed": bool(steps), **names}


def diff(
    kind: ItemType,
    items: Mapping[str, Item],
    stored: Mapping[str, JsonObject],
    now: Mapping[str, JsonObject],
    steps: Sequence[Step],
    single: bool,
) -> dict[str, JsonObject]:
    """What changes, by name if the items came as a list; of one item everything, since that is clearer than nothing."""
    before: JsonObject = {}
    after: JsonObject = {}
    verbs = {step.name: step.verb for step in steps}
    for name in items if single else verbs:
        item, verb = items.get(name), verbs.get(name)
        if name in stored:
            before[name] = kind.visible(stored[name], None, item)
        if name in now and verb != "delete":
            after[name] = kind.visible(now[name], stored.get(name), item)
    if single:
        return {"before": next(iter(before.values()), {}), "after": next(iter(after.values()), {})}
    return {"before": before, "after": after}


def invocation(kind: ItemType, params: Mapping[str, Any], single: bool) -> JsonObject:
    """The options to show, of a list of items only their names."""
    if single:
        return {**params, **kind.hidden(params)}
    return {**params, kind.path: [item[kind.key] for item in entries_of(kind, params)]}

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
    def visible(self, found: JsonObject, stored: JsonObject | None = None, item: Item | None = None) -> JsonObject:
        """An item without its name and its secrets. ``stored`` shows what Airflow hides of it."""

    @staticmethod
    def secrets(item: Item) -> set[str]:
        """The secrets in an item, in addition to those that its options' ``no_log`` marks."""
        return set()

    def hidden(self, item: Item) -> JsonObject:
        """The options of an item that may contain secrets, without these."""
        return {}


def item_module(
    item_type: type[ItemType], fields: dict[str, Any], policy: dict[str, Any] | None = None
) -> AnsibleModule:
    """A module for one item by its options, or for a list of them. ``policy``: further options, for all items."""
    # Ansible takes an option called key for a secret.
    name = {"type": "str", "no_log": False}
    items = {"type": "list", "elements": "dict", "options": {item_type.key: {**name, "required": True}, **fields}}
    module = api_module(
        {item_type.key: name, **fields, item_type.path: items, **(policy or {}), **MANY_ARGUMENTS},
        required_one_of=[[item_type.key, item_type.path]],
        mutually_exclusive=[[item_type.path, option] for option in (item_type.key, *fields)],
        required_if=[("purge", True, [item_type.path])],
        no_log=True,  # Ansible would write the arguments to the system log: it cannot know each secret in them
    )
    for item in entries_of(item_type, module.params):
        module.no_log_values.update(item_type.secrets(item))
    return module


def entries_of(item_type: type[ItemType] | ItemType, params: Mapping[str, Any]) -> Sequence[Item]:
    return [params] if params[item_type.path] is None else params[item_type.path]


def sync_items(module: AnsibleModule, client: ApiClient, item_type: ItemType) -> dict[str, Any]:
    """Bring the items that the module's options name to their state, and return the module's result."""
    params = module.params
    single = params[item_type.path] is None
    entries = entries_of(item_type, params)
    items = {item[item_type.key]: item for item in entries}
    facts = {"invocation": {"module_args": invocation(item_type, params, single)}}
    try:
        refuse(item_type, params, entries, items)
        stored = read(client, item_type, items, single)
        steps = list(plan(item_type, params, items, stored))
        if steps and not module.check_mode:
            write(client, item_type, steps, single)
    except ApiError as error:
        error.facts |= facts
        prune_no_log_values(module, {"msg": str(error), **error.facts})
        raise
    now = {**stored, **{step.name: {**stored.get(step.name, {}), **step.fields} for step in steps}}
    # Of many only those that change: Ansible takes seconds to pass on a thousand.
    returned = items if single else [step.name for step in steps if step.verb != "delete"]
    # Unknown fields, such as those of a newer Airflow, are passed on.
    objects = [
        {**now[name], item_type.key: name, **item_type.visible(now[name], stored.get(name), items[name])}
        for name in returned
        if params["state"] == "present"
    ]
    result = {
        **done(steps),
        **({item_type.noun: objects[0] if objects else None} if single else {item_type.path: objects}),
        "diff": diff(item_type, items, stored, now, steps, single),
        **facts,
    }
    prune_no_log_values(module, result)
    return result


def refuse(item_type: ItemType, params: Mapping[str, Any], entries: Sequence[Item], items: Mapping[str, Item]) -> None:
    """Raise ``ApiError`` if the options are not valid, before any request is sent."""
    if "" in items:
        raise ApiError(f"{item_type.key} is empty: give each {item_type.noun} a name.")
    names = [item[item_type.key] for item in entries]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(items) < len(names) else []
    if twice:
        raise ApiError(f"{item_type.path} names {', '.join(twice)} more than once: leave one of each.")
    if params["state"] == "absent":
        for name in sorted(item_type.kept & items.keys()):
            raise ApiError(f"The {item_type.noun} {name} cannot be deleted: Airflow needs it.")
        if params["purge"]:
            raise ApiError(f"purge requires state=present: {item_type.path} is then the complete list of what remains.")
        return
    if params["purge"] and not items:
        raise ApiError(
            f"{item_type.path} is empty, and purge would delete every {item_type.noun} of Airflow: name at least "
            "one to keep."
        )
    for item in entries:
        item_type.check(item)


def read(client: ApiClient, item_type: ItemType, items: Mapping[str, Item], single: bool) -> dict[str, JsonObject]:
    """What exists, by name: the one item, or everything, since the API cannot filter by names."""
    if not items:
        return {}
    if single and has_address(name := next(iter(items))):
        try:
            return {name: client.get(item_type.path, name)}
        except NotFound:
            return {}
    return {found[item_type.key]: found for found in client.pages(item_type.path, items=item_type.path)}


def has_address(name: str) -> bool:
    """Airflow 3.0 does not find an item with a slash in its name when it is requested by name."""
    return "/" not in name


def plan(
    item_type: ItemType, params: Mapping[str, Any], items: Mapping[str, Item], stored: Mapping[str, JsonObject]
) -> Iterator[Step]:
    if params["state"] == "absent":
        yield from (Step("delete", name) for name in items if name in stored)
        return
    for name, item in items.items():
        if name not in stored:
            made = item_type.new(item)
            yield Step("create", name, made, made)
        elif changes := item_type.changes(item, stored[name]):
            body, mask = item_type.update(item, stored[name], changes)
            yield Step("update", name, changes, body, mask)
    for name in stored:
        spared = name in items or name in item_type.kept
        if params["purge"] and not spared and not any(fnmatchcase(name, each) for each in params["protected"]):
            yield Step("delete", name)


def write(client: ApiClient, item_type: ItemType, steps: list[Step], single: bool) -> None:
    if single and has_address(steps[0].name):
        send_alone(client, item_type.path, steps[0])
        return
    # Old versions of the bulk request have no mask, so the few changes that need one are sent on their own, after it.
    masked = [step for step in steps if step.mask]
    finished: list[Step] = []
    try:
        failures = bulk(client, item_type.noun, item_type.path, [step for step in steps if not step.mask], finished)
        for step in masked:
            try:
                send_alone(client, item_type.path, step)
                finished.append(step)
            except ITEM_ERRORS as error:
                failures.append(f"{item_type.noun} {step.name} was not updated: {error}")
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
    item_type: ItemType,
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
            before[name] = item_type.visible(stored[name], None, item)
        if name in now and verb != "delete":
            after[name] = item_type.visible(now[name], stored.get(name), item)
    if single:
        return {"before": next(iter(before.values()), {}), "after": next(iter(after.values()), {})}
    return {"before": before, "after": after}


def invocation(item_type: ItemType, params: Mapping[str, Any], single: bool) -> JsonObject:
    """The options to show, of a list of items only their names."""
    if single:
        return {**params, **item_type.hidden(params)}
    return {**params, item_type.path: [item[item_type.key] for item in entries_of(item_type, params)]}

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparison of variables with the roles' argument specifications: pure functions that return sentences."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

COMMON_PREFIX = "airfield"
WORDS = {"list": "list", "dict": "dictionary"}


def did_you_mean(word: str, choices: Iterable[Any], likeness: float = 0.6) -> str:
    """`` Did you mean kind?``, with a space before it, or nothing if no choice is similar."""
    near = difflib.get_close_matches(word, [str(choice) for choice in choices], n=1, cutoff=likeness)
    return f" Did you mean `{near[0]}`?" if near else ""


def argument_problems(
    role: str,
    options: Mapping[str, Mapping[str, Any]],
    values: Mapping[str, Any],
    *,
    with_default: Collection[str] = (),
    places: Mapping[str, str] | None = None,
) -> list[str]:
    """Every way in which ``values`` violate the ``options`` of a role's entry point.

    ``values`` holds what is already known. A required option may be absent if the role has a default for it.
    ``places`` says where a variable was set, such as ``group_vars/all.yml:3``.
    """
    problems = []
    for name, option in options.items():
        place = (places or {}).get(name)
        where = f"`{name}` ({place})" if place else f"`{name}`"
        if values.get(name) is None:
            if option.get("required") and name not in with_default:
                problems.append(_missing(role, name, option))
        else:
            problems += [f"{where} of role {role}: {words}" for words in _wrong_value(name, option, values[name])]
    return problems


def _missing(role: str, name: str, option: Mapping[str, Any]) -> str:
    description = option.get("description") or ""
    lines = [description] if isinstance(description, str) else [str(line) for line in description]
    meaning = f" It is: {lines[0].strip().rstrip('.')}." if lines and lines[0].strip() else ""
    return f"`{name}` of role {role} has no value. Write `{name}:` in the inventory's group_vars/all.yml.{meaning}"


def _wrong_value(name: str, option: Mapping[str, Any], value: Any) -> list[str]:
    choices = option.get("choices")
    is_one_value = option.get("type", "str") not in ("list", "dict") and isinstance(value, (str, int, float))
    if choices and is_one_value and str(value) not in {str(choice) for choice in choices}:
        allowed = ", ".join(f"`{choice}`" for choice in choices)
        return [f"`{value}` is not a valid value. Write one of {allowed}.{did_you_mean(str(value), choices)}"]
    scalars = list(_scalars(name, option, value))
    if scalars and not option.get("no_log"):
        return scalars
    specification = {name: {key: content for key, content in option.items() if key != "required"}}
    messages = (
        ArgumentSpecValidator(specification).validate({name: value}, validate_role_argument_spec=True).error_messages
    )
    if (messages or scalars) and option.get("no_log"):
        # The validator's message contains the value.
        return [f"its value (not shown) must be of type {option.get('type', 'str')}."]
    return [_sentence(message) for message in messages]


def _scalars(name: str, option: Mapping[str, Any], value: Any, place: str = "") -> Iterator[str]:
    """Scalars where a list or a dictionary is required.

    Ansible would validate a string, such as ``a,b``, but leave it a string, of which a loop gets every character.
    ``place`` is where ``value`` is in the value of the variable; empty: it is all of it.
    """
    kind, words = option.get("type", "str"), WORDS.get(option.get("type", "str"))
    if words and isinstance(value, (str, int, float)):
        where = f" in `{place}`" if place else ""
        example = f"`--extra-vars '{_example(name, option, value)}'`"
        how = "" if place else f" in the inventory, or JSON on the command line: {example}"
        yield f"`{value}`{where} is not a {words}. Write a YAML {words}{how}."
    items = {"list": value if isinstance(value, list) else [], "dict": [value]}.get(kind, [])
    for position, item in enumerate(items):
        if isinstance(item, Mapping):
            parent = f"{place}[{position}]." if kind == "list" else f"{place}." if place else ""
            for key, suboption in (option.get("options") or {}).items():
                yield from _scalars(key, suboption, item.get(key), f"{parent}{key}")


def _example(name: str, option: Mapping[str, Any], value: Any) -> str:
    """What a scalar probably means, as JSON for the command line."""
    try:
        meant = json.loads(str(value))
    except ValueError:
        meant = None
    if isinstance(meant, list if option["type"] == "list" else dict):
        content = json.dumps(meant)
    elif option["type"] == "dict":
        content = "{...}"
    elif option.get("elements") == "dict":
        content = "[{...}]"
    else:
        content = json.dumps([part.strip() for part in str(value).split(",") if part.strip()])
    return f"{{{json.dumps(name)}: {content}}}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


def known_names(specifications: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, Collection[str]]) -> set[str]:
    """The variables of all roles: the options of every entry point, and the defaults.

    ``specifications`` maps a role's name to the content of its meta/argument_specs.yml.
    """
    names: set[str] = set()
    for specification in specifications.values():
        for entry_point in (specification.get("argument_specs") or {}).values():
            names.update((entry_point or {}).get("options") or {})
    for role_defaults in defaults.values():
        names.update(role_defaults)
    return names


def unknown_variable_problems(
    defined: Mapping[str, str], known: Collection[str], roles: Iterable[str], *, internal: Collection[str] = ()
) -> list[str]:
    """Variables of the inventory that look like ours but that no role reads: typing errors would be silently ignored.

    ``defined`` maps each variable's name to where it was set.
    """
    prefixes = tuple(sorted(f"{prefix}_" for prefix in {*roles, COMMON_PREFIX}))
    problems = []
    for name in sorted(defined):
        if not name.startswith(prefixes) or name in known or name in internal:
            continue
        prefix = max((prefix for prefix in prefixes if name.startswith(prefix)), key=len)
        near = did_you_mean(name, known, 0.8)  # the prefix alone makes names alike
        advice = near or f" Remove it, or rename your own variable so that it does not start with `{prefix}`."
        problems.append(f"`{name}` ({defined[name]}) is not used by any role.{advice}")
    return problems

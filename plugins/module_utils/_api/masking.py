# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that must not be shown: which ones they are, and how to compare with what Airflow's API hides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

# What Airflow's API shows instead of a secret, or instead of the secret part of a string.
MASK = "***"
# At least what Airflow considers a secret's name, see DEFAULT_SENSITIVE_FIELDS in its secrets masker.
SENSITIVE = re.compile(
    r"pass(word|wd|phrase)|secret|token|credential|authorization|auth\W*_?header|bearer|keyfile|dsn|prox(y|ies)"
    r"|(api|private|access|service)[\W_]*key|service[\W_]*account|connection[\W_]*string|webhook[\W_]*url",
    re.IGNORECASE,
)


# A shorter one would mask half of the output; Airflow does not mask it in logs either.
SHORTEST_SECRET = 5


def is_sensitive(name: Any) -> bool:
    return bool(SENSITIVE.search(str(name)))


def has_mask(stored: Any) -> bool:
    """Whether Airflow hides a part of a value, at any depth."""
    return MASK in stored if isinstance(stored, str) else any(has_mask(part) for part in _parts(stored))


def matches_masked(wanted: Any, stored: Any) -> bool:
    """Whether a value is as wanted, as far as Airflow shows it."""
    if isinstance(stored, str) and MASK in stored:
        if stored == MASK:
            return wanted is not None
        visible = ".*".join(re.escape(part) for part in stored.split(MASK))
        return isinstance(wanted, str) and re.fullmatch(visible, wanted, re.DOTALL) is not None
    if isinstance(wanted, Mapping) and isinstance(stored, Mapping):
        return wanted.keys() == stored.keys() and all(matches_masked(wanted[key], stored[key]) for key in wanted)
    if isinstance(wanted, list) and isinstance(stored, list):
        return len(wanted) == len(stored) and all(map(matches_masked, wanted, stored))
    # Not ==, for which True is 1.
    return json.dumps(wanted, sort_keys=True) == json.dumps(stored, sort_keys=True)


def hide_secrets(value: Any, stored: Any) -> Any:
    """``value`` to show to people: masked where its key sounds like a secret, or where Airflow hides ``stored``."""
    if isinstance(value, Mapping):
        known = stored if isinstance(stored, Mapping) else {}
        return {key: MASK if is_sensitive(key) else hide_secrets(part, known.get(key)) for key, part in value.items()}
    if isinstance(value, list):
        stored_items = stored if isinstance(stored, list) else []
        padded = [*stored_items, *[None] * (len(value) - len(stored_items))]
        return [hide_secrets(part, other) for part, other in zip(value, padded, strict=False)]
    return MASK if isinstance(stored, str) and MASK in stored else value


def secrets_in(value: Any, hidden: bool = False) -> Iterator[str]:
    """The values in a structure whose keys sound like secrets; all of them with ``hidden``."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from secrets_in(part, hidden or is_sensitive(key))
    elif isinstance(value, list):
        for part in value:
            yield from secrets_in(part, hidden)
    elif hidden and value is not None and len(str(value)) >= SHORTEST_SECRET and not isinstance(value, bool):
        yield str(value)


def prune_no_log_values(module: AnsibleModule, result: Mapping[str, Any]) -> None:
    """Save Ansible the search for secrets that are not in the result.

    It searches each string for each secret, which takes seconds for a thousand of both. One search of all strings at
    once finds the same much faster.
    """
    text = json.dumps(result, ensure_ascii=False, default=str)
    module.no_log_values = {
        secret for secret in module.no_log_values if json.dumps(secret, ensure_ascii=False)[1:-1] in text
    }


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list):
        yield from value

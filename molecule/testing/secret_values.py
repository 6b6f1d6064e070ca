# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret values, and the search for them. Nothing here ever shows one, not even a failing test."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

# Signed tokens of Airflow and Kubernetes, and private keys.
TOKEN = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")
PRIVATE_KEY = re.compile(r"PRIVATE KEY-----|client-key-data: *[A-Za-z0-9+/]{20,}")


class Hidden(str):
    """A text that a traceback shows as stars."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class Secrets:
    """Values by the name of their Secret and key, as ``airflow-admin/password``."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name: Hidden(value) for name, value in values.items()}

    def __repr__(self) -> str:
        return f"<{len(self._values)} secrets>"

    def __getitem__(self, name: str) -> Hidden:
        return self._values[name]

    @property
    def names(self) -> set[str]:
        return set(self._values)

    @property
    def shortest(self) -> int:
        """The length of the shortest value: a short one would be found by accident."""
        return min(map(len, self._values.values()), default=0)

    def found_in(self, text: str) -> list[str]:
        """The names of what stands in a text: the values as they are, escaped, or in base64."""
        found = [name for name, value in self._values.items() if any(form in text for form in forms(value))]
        found += [f"a token ({len(TOKEN.findall(text))} times)"] if TOKEN.search(text) else []
        return found + (["a private key"] if PRIVATE_KEY.search(text) else [])


def forms(value: str) -> Iterator[str]:
    """A value as it may stand in an output."""
    yield value
    yield quote(value, safe="")
    yield json.dumps(value)[1:-1]
    raw = value.encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        # Three bytes make four characters. In the middle of a longer text there are three ways to divide them.
        for shift in range(3):
            encoded = encode(b"\0" * shift + raw).decode().rstrip("=")
            yield encoded[4 if shift else 0 : -1]


# Airflow itself gives each task pod a token for its one task, as an argument.
TASK_TOKEN = re.compile(r'(airflow\.sdk\.execution_time\.execute_workload --json-string \{"token":")[^"]*')


def process_arguments() -> set[str]:
    """The arguments of every process of this machine, each process one line, without the tokens of task pods."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = path.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:  # it has just ended
            continue
        found.add(TASK_TOKEN.sub(r"\1...", arguments))
    return found

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The validated body of ``POST /run-task``."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

LONGEST_REQUEST_ID = 1200
LONGEST_NAME = 250  # Airflow's own limit for the ids of dags, runs and tasks
DEEPEST_NESTING = 50
LARGEST_INTEGER = 2**31 - 1


class InvalidRequest(Exception):
    """What is wrong with the body, as a sentence for the caller."""


@dataclass(frozen=True)
class RunRequest:
    """A request to run one task. ``request_id`` is the idempotency key: it runs once, however often it is sent."""

    request_id: str
    task: str
    parameters: dict[str, Any]
    dag_id: str
    run_id: str
    task_id: str
    try_number: int
    map_index: int

    @classmethod
    def parse(cls, body: bytes) -> RunRequest:
        """Read a JSON object ``{request_id, task, parameters?, context: {dag_id, run_id, task_id, try_number}}``.

        Raises InvalidRequest with the first thing that is wrong.
        """
        content = _object(_json(body), "the body", {"request_id", "task", "context"}, {"parameters"})
        names = {"dag_id", "run_id", "task_id", "try_number"}
        context = _object(content["context"], "context", names, {"map_index"})
        parameters = content.get("parameters", {})
        if not isinstance(parameters, dict):
            raise InvalidRequest(f"parameters is {_kind(parameters)}: send an object.")
        _check_values(parameters, DEEPEST_NESTING)
        return cls(
            request_id=_text(content["request_id"], "request_id", LONGEST_REQUEST_ID),
            task=_text(content["task"], "task", LONGEST_NAME),
            parameters=parameters,
            dag_id=_text(context["dag_id"], "context.dag_id", LONGEST_NAME),
            run_id=_text(context["run_id"], "context.run_id", LONGEST_NAME),
            task_id=_text(context["task_id"], "context.task_id", LONGEST_NAME),
            try_number=_integer(context["try_number"], "context.try_number", 0),
            map_index=_integer(context.get("map_index", -1), "context.map_index", -1),
        )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise InvalidRequest("The body is not UTF-8.") from error
    except RecursionError as error:
        raise InvalidRequest("The body is nested too deeply.") from error
    except ValueError as error:  # also an integer of thousands of digits
        raise InvalidRequest(f"The body is not JSON: {error}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidRequest(f"The body is not JSON: {name} is not a valid JSON number.")


def _check_values(value: Any, levels_left: int) -> None:
    """Reject what can be parsed but not serialized again: a number beyond every float, extremely deep nesting."""
    if levels_left == 0:
        raise InvalidRequest(f"parameters is nested deeper than {DEEPEST_NESTING} levels.")
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidRequest("parameters contains a number that is too large.")
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        _check_values(child, levels_left - 1)


def _object(value: Any, place: str, required: set[str], optional: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidRequest(f"{place} is {_kind(value)}: send an object.")
    missing = sorted(required - value.keys())
    if missing:
        raise InvalidRequest(f"{place} has no {', '.join(missing)}.")
    unknown = sorted(value.keys() - required - optional)
    if unknown:
        known = ", ".join(sorted(required | optional))
        raise InvalidRequest(f"{place} has the unknown key {', '.join(unknown)}: known are {known}.")
    return value


def _text(value: Any, place: str, longest: int) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidRequest(f"{place} is {_kind(value)}: send a non-empty string.")
    if len(value) > longest:
        raise InvalidRequest(f"{place} has {len(value)} characters: at most {longest} are allowed.")
    if not value.isprintable():  # also rejects lone surrogates, which no database can store
        raise InvalidRequest(f"{place} contains characters that are not printable.")
    return value


def _integer(value: Any, place: str, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST_INTEGER:
        raise InvalidRequest(f"{place} must be an integer of at least {least}.")
    return value


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return "an empty string" if value == "" else kinds.get(type(value), "a number")

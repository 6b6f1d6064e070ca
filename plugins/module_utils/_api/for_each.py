# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do something with each of many items: one failure does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import (
    ApiError,
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    Unprocessable,
)

T = TypeVar("T")
S = TypeVar("S")


class Refused(ApiError):
    """What was requested for one item is not possible."""


# Errors that concern one item only; after any other error there is no point in going on.
ITEM_ERRORS = (Refused, BadRequest, Forbidden, NotFound, Conflict, Unprocessable)


def for_each(items: Iterable[S], do: Callable[[S], T]) -> list[T]:
    """The results of ``do`` for each item; raises one error for all that fail, after it has tried all."""
    made, errors = [], []
    for item in items:
        try:
            made.append(do(item))
        except ApiError as error:
            errors.append(error)
            if not isinstance(error, ITEM_ERRORS):
                break
    if errors:
        raise combine(errors)
    return made


def combine(errors: Sequence[ApiError]) -> ApiError:
    if len(errors) == 1:
        return errors[0]
    kinds = {type(error) for error in errors}
    kind = kinds.pop() if len(kinds) == 1 else ApiError
    return kind("\n".join(str(error) for error in errors), status=errors[0].status)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.conflicts import ATTEMPTS, change_newest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError


def changed(*errors: int | None) -> tuple[str, list[str]]:
    """Change version 0 with attempts that fail with these statuses; return the result, and the tried versions."""
    left = list(errors)
    tried: list[str] = []

    def change(live: str) -> str:
        tried.append(live)
        status = left.pop(0)
        if status:
            raise KubeError(f"refused {live}", status)
        return f"changed {live}"

    return change_newest("0", change, lambda: str(len(tried))), tried


def test_what_nobody_else_changed_is_not_read_again() -> None:
    assert changed(None) == ("changed 0", ["0"])


def test_a_conflict_is_tried_on_the_newest_version() -> None:
    assert changed(409, 409, None) == ("changed 2", ["0", "1", "2"])


def test_the_last_conflict_is_raised() -> None:
    with pytest.raises(KubeError, match=f"refused {ATTEMPTS - 1}"):
        changed(*[409] * ATTEMPTS)


def test_any_other_error_is_raised_at_once() -> None:
    with pytest.raises(KubeError, match="refused 1"):
        changed(409, 500, None)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes to an object that others change as well: optimistic locking of the Kubernetes API by resourceVersion.

https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError

ATTEMPTS = 5

Live = TypeVar("Live")
Result = TypeVar("Result")


def change_newest(live: Live, change: Callable[[Live], Result], read: Callable[[], Live]) -> Result:
    """Return the result of ``change`` on ``live``; after a conflict (409) on the result of ``read``, a few times.

    Raises KubeError: the conflict of the last attempt, or any other error at once.
    """
    for _attempt in range(1, ATTEMPTS):
        try:
            return change(live)
        except KubeError as error:
            if error.status != 409:
                raise
        live = read()
    return change(live)

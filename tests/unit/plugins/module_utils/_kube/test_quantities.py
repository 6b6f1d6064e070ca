# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._kube import quantities


@pytest.mark.parametrize(
    ("quantity", "number"),
    [("250m", 0.25), ("2", 2.0), ("1234567n", 0.001234567), ("5u", 5e-6), ("1Ki", 1024), ("3M", 3e6), ("2Gi", 2**31)],
)
def test_quantities_are_numbers(quantity: str, number: float) -> None:
    assert quantities.quantity(quantity) == pytest.approx(number)


def test_what_is_no_quantity_is_refused() -> None:
    with pytest.raises(ValueError, match="many"):
        quantities.quantity("many")

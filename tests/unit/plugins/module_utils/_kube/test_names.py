# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._kube.names import (
    is_dns_label,
    is_label_key,
    is_label_value,
)


@pytest.mark.parametrize(
    ("key", "valid"),
    [
        ("role", True),
        ("A", True),
        ("a.b_c-D", True),
        ("a" * 63, True),
        ("a" * 64, False),
        ("node-role.kubernetes.io/worker", True),
        ("a-1.b2/X", True),
        (f"{'a' * 253}/x", True),
        (f"{'a' * 254}/x", False),
        ("a..b/c", False),
        ("a.-b/c", False),
        ("A.b/c", False),
        ("a/b/c", False),
        ("/c", False),
        ("a/", False),
        ("-a", False),
        ("a-", False),
        ("a b", False),
        ("a\n", False),
        ("", False),
        (3, False),
        (None, False),
    ],
)
def test_keys_of_labels(key: Any, valid: bool) -> None:
    assert is_label_key(key) is valid


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("", True),
        ("airflow-worker", True),
        ("X.y_z", True),
        ("x" * 63, True),
        ("x" * 64, False),
        ("-x", False),
        ("x.", False),
        ("x y", False),
        ("x/y", False),
        (True, False),
    ],
)
def test_values_of_labels(value: Any, valid: bool) -> None:
    assert is_label_value(value) is valid


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("airflow", True),
        ("a-1", True),
        ("7", True),
        ("a" * 63, True),
        ("a" * 64, False),
        ("Airflow", False),
        ("a_b", False),
        ("a.b", False),
        ("-a", False),
        ("a-", False),
        ("", False),
        (None, False),
    ],
)
def test_names_of_namespaces(name: Any, valid: bool) -> None:
    assert is_dns_label(name) is valid


def test_a_name_to_which_something_is_added_is_shorter() -> None:
    assert is_dns_label("a" * 48, longest=48)
    assert not is_dns_label("a" * 49, longest=48)

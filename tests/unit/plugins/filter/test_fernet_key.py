# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.airfield.airflow.plugins.filter.fernet_key import fernet_key


def test_a_key_is_the_bytes_in_url_safe_base64() -> None:
    key = fernet_key("fbEFbf" + "00" * 29)
    assert key.startswith("---_")
    assert len(base64.urlsafe_b64decode(key)) == 32


@pytest.mark.parametrize("digits", ["", "ab", "0" * 63 + "x", "0" * 66])
def test_anything_else_is_refused_without_showing_it(digits: str) -> None:
    with pytest.raises(AnsibleFilterError, match=r"^fernet_key needs 64 hexadecimal digits\.$"):
        fernet_key(digits)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import bcrypt as library
import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.airfield.airflow.plugins.filter import bcrypt


def test_the_hash_is_of_the_password_and_new_each_time() -> None:
    first, second = (bcrypt.hashed("pässword") for _time in range(2))
    assert first != second
    for hashed in (first, second):
        assert library.checkpw("pässword".encode(), hashed.encode())
        assert not library.checkpw(b"password", hashed.encode())
        # Argo CD's own cost.
        assert hashed.startswith("$2b$10$")


def test_a_password_that_bcrypt_would_cut_off_is_refused_by_its_bytes() -> None:
    assert library.checkpw(b"x" * 72, bcrypt.hashed("x" * 72).encode())
    with pytest.raises(AnsibleFilterError, match="at most 72 bytes, and this password has 73"):
        bcrypt.hashed("x" * 71 + "ä")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bcrypt, "HAS_BCRYPT", False)
    with pytest.raises(AnsibleFilterError, match="library bcrypt is missing on the control host: pip install bcrypt"):
        bcrypt.hashed("password")

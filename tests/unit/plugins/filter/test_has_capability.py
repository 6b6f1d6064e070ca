# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.airfield.airflow.plugins.filter.has_capability import has_capability

STATUS = "Name:\tcat\nCapEff:\t{0}\nCapBnd:\t{0}\nCapAmb:\t0000000000000000\n"


@pytest.mark.parametrize(
    ("bounding_set", "resource", "admin"),
    [("000001ffffffffff", True, True), ("000001fffeffffff", False, True), ("00000000a80425fb", False, False)],
)
def test_the_bit_of_the_bounding_set_decides(bounding_set: str, resource: bool, admin: bool) -> None:
    status = STATUS.format(bounding_set)
    assert has_capability(status, "CAP_SYS_RESOURCE") is resource
    assert has_capability(status, "CAP_SYS_ADMIN") is admin


@pytest.mark.parametrize(("status", "name"), [("Name:\tcat\n", "CAP_SYS_RESOURCE"), (STATUS.format("0"), "CAP_X")])
def test_what_it_cannot_answer_is_an_error(status: str, name: str) -> None:
    with pytest.raises(AnsibleFilterError):
        has_capability(status, name)

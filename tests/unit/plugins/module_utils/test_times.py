# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import datetime, timezone

from ansible_collections.airfield.airflow.plugins.module_utils._times import age_of
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.status import NOW, ago


def test_ages_are_never_negative_and_know_every_form_of_time() -> None:
    assert age_of(ago(90), NOW) == 90
    assert age_of(ago(-90), NOW) == 0
    assert age_of("2026-11-21T11:59:00.123456Z", NOW) == 59
    assert age_of("2026-11-21T11:59:00", datetime(2026, 11, 21, 12, tzinfo=timezone.utc)) == 60
    assert age_of(None, NOW) is None

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal

import pytest
from ansible_collections.airfield.airflow.plugins.module_utils._signals import signals_raise


class Stopped(Exception):
    """Created with the number of a signal."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_raises(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(Stopped) as raised, signals_raise(Stopped, signal.SIGTERM, signal.SIGHUP):
        os.kill(os.getpid(), number)
    assert raised.value.args == (number,)
    assert signal.getsignal(number) is before


def test_other_signals_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    with signals_raise(Stopped, signal.SIGTERM):
        assert signal.getsignal(signal.SIGINT) is before

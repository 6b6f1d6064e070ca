# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs named tasks on a machine outside the cluster, on request over HTTP, and keeps a record of them."""

from __future__ import annotations

__version__ = "0.1.0"

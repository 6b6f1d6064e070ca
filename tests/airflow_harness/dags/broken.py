# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that Airflow cannot import, to test what the API reports about it.

Airflow parses only files that contain the words airflow and dag: this one does.
"""

from __future__ import annotations

import nothing_like_this  # type: ignore[import-not-found]

nothing_like_this.happens()

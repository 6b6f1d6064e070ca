# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a module that waits reports its progress to the user at the terminal.

Ansible shows nothing of a module until it ends. The callback plugin ``airfield.airflow.progress`` names a file in the
environment, a module with a local connection inherits it, and the callback prints the file's line every few seconds.
"""

from __future__ import annotations

import os
from pathlib import Path

PROGRESS_FILE_VARIABLE = "AIRFIELD_PROGRESS_FILE"


def report_progress(line: str) -> None:
    """Write one line for the progress callback; do nothing without a callback, for example on a remote host."""
    path = os.environ.get(PROGRESS_FILE_VARIABLE)
    if not path:
        return
    beside = Path(f"{path}.{os.getpid()}")
    try:
        beside.write_text(line.replace("\n", " "), encoding="utf-8")
        beside.replace(path)
    except OSError:  # progress is optional: a full or read-only disk must not fail the task itself
        return

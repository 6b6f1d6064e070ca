# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Building the documentation replaces an earlier site, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.docs import build


def test_a_directory_with_other_files_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    monkeypatch.setattr(build, "build", lambda html: pytest.fail(f"{html} would be replaced"))
    monkeypatch.setattr(sys, "argv", ["build.py", str(tmp_path)])
    assert build.main() == 2
    assert "has other files than a site that was built here" in capsys.readouterr().err


def test_an_earlier_site_and_an_empty_directory_are_replaced(tmp_path: Path) -> None:
    assert build.is_replaceable(tmp_path)
    assert build.is_replaceable(tmp_path / "new")
    (tmp_path / "objects.inv").touch()
    (tmp_path / "index.html").touch()
    assert build.is_replaceable(tmp_path)

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role images says about a pull that failed: the advice must fit the cause."""

from __future__ import annotations

from typing import Any

import pytest

from .rendering import render_texts

Json = dict[str, Any]


FAILURES: dict[str, tuple[Json, str]] = {
    "limited": ({"images_reason": "toomanyrequests: You have reached your pull rate limit"}, "Run `docker login`"),
    "our pin": ({"images_reason": "manifest unknown: manifest unknown"}, "report this as a fault of airfield"),
    "no repository": (
        {"images_reason": "pull access denied for postgre, repository does not exist or may require 'docker login'"},
        "report this as a fault of airfield",
    ),
    "a mirror without it": (
        {"images_reason": "manifest unknown", "airfield_image_registry": "mirror.example.com"},
        "Copy it to mirror.example.com.",
    ),
    "no network": ({"images_reason": "net/http: TLS handshake timeout"}, "Docker has proxy settings of its own"),
    "no engine": (
        {"images_reason": "Error connecting: Error while fetching server API version: Connection refused"},
        "Docker itself does not answer. Start it",
    ),
    # As community.docker does with errors that newer engines report in another field.
    "in silence": (
        {"images_reason": ""},
        "Docker reported no error when it pulled postgres:999, but does not have it.",
    ),
}


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what is said in each case."""
    shared = {"airfield_resolved_source": "upstream", "airfield_image_registry": "", "images_reference": "postgres:999"}
    cases = {name: {**shared, **case} for name, (case, _advice) in FAILURES.items()}
    return render_texts(tmp_path_factory.mktemp("failures"), "images", "pull_failure.j2", cases)


@pytest.mark.parametrize("name", FAILURES)
def test_the_advice_fits_the_cause(explained: dict[str, str], name: str) -> None:
    words = " ".join(explained[name].split())
    assert "postgres:999" in words
    assert FAILURES[name][0]["images_reason"] in words
    assert FAILURES[name][1] in words
    others = {advice for _case, advice in FAILURES.values()} - {FAILURES[name][1]}
    assert not [advice for advice in others if advice in words]

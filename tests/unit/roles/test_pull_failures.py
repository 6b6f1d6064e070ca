# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role images says about a pull that failed: the advice must fit the cause."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .rendering import render_texts

Json = dict[str, Any]


def failed(reason: str) -> Json:
    """What the task that pulls registers."""
    return {"images_pull": {"failed": True, "results": [{"item": "postgres:999", "failed": True, "msg": reason}]}}


FAILURES: dict[str, tuple[Json, str]] = {
    "limited": (failed("toomanyrequests: You have reached your pull rate limit"), "Run `docker login`"),
    "our pin": (failed("manifest unknown: manifest unknown"), "report this as a fault of airfield"),
    "no repository": (
        failed("pull access denied for postgre, repository does not exist or may require 'docker login'"),
        "report this as a fault of airfield",
    ),
    "a mirror without it": (
        {**failed("manifest unknown"), "airfield_image_registry": "mirror.example.com"},
        "Copy it to mirror.example.com.",
    ),
    "no network": (failed("net/http: TLS handshake timeout"), "Docker has proxy settings of its own"),
    # As community.docker does with errors that newer engines report in another field.
    "in silence": (
        {
            "images_pull": {"results": [{"item": "postgres:999", "changed": True}]},
            "images_to_pull": ["apache/airflow:3.3.2", "postgres:999"],
            "images_found": ["apache/airflow:3.3.2"],
        },
        "Docker reported no error when it pulled postgres:999, but does not have it.",
    ),
}


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return the sentences of each case."""
    shared = {"airfield_resolved_source": "upstream", "airfield_image_registry": "", "images_found": []}
    cases = {name: {**shared, **case} for name, (case, _advice) in FAILURES.items()}
    texts = render_texts(tmp_path_factory.mktemp("failures"), "images", "pull_failures.json.j2", cases)
    return {name: json.loads(text) for name, text in texts.items()}


@pytest.mark.parametrize("name", FAILURES)
def test_the_advice_fits_the_cause(explained: dict[str, list[str]], name: str) -> None:
    (sentence,) = explained[name]
    assert "postgres:999" in sentence
    assert FAILURES[name][1] in sentence
    others = {advice for _case, advice in FAILURES.values()} - {FAILURES[name][1]}
    assert not [advice for advice in others if advice in sentence]

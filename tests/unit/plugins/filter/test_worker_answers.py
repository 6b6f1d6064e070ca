# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.filter.worker_answers import worker_answers


def test_an_answer_has_the_record_and_no_token() -> None:
    asked = {"invocation": {"module_args": {"headers": {"Authorization": "Bearer a-secret"}}}}
    results: list[dict[str, Any]] = [
        {**asked, "item": ["w1", "a"], "status": 200, "msg": "OK (2 bytes)", "json": {"requests": [{"task": "t"}]}},
        {**asked, "item": ["w2", "a"], "msg": "Connection refused"},
    ]
    assert worker_answers(results) == [
        {"host": "w1", "status": 200, "error": "OK (2 bytes)", "requests": [{"task": "t"}]},
        {"host": "w2", "status": -1, "error": "Connection refused", "requests": []},
    ]


@pytest.mark.parametrize(
    "content", [["a"], "a", None, 1, {}, {"requests": "a"}, {"requests": ["a"]}, {"requests": None}]
)
def test_what_is_not_a_host_workers_answer_is_an_error(content: Any) -> None:
    answers = worker_answers([{"item": ["w1", "a"], "status": 200, "msg": "OK (2 bytes)", "json": content}])
    assert answers == [
        {"host": "w1", "status": -1, "error": "it did not answer like a host worker", "requests": []},
    ]


@pytest.mark.parametrize("content", [["a"], {"detail": "no"}])
def test_an_http_error_is_told_whatever_its_content_is(content: Any) -> None:
    answers = worker_answers([{"item": ["w1", "a"], "status": 401, "msg": "HTTP Error 401", "json": content}])
    assert answers == [{"host": "w1", "status": 401, "error": "HTTP Error 401", "requests": []}]

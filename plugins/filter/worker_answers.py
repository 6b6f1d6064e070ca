# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.worker_answers``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: worker_answers
short_description: What host workers answered about runs
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Keeps of each answer what the proof needs, and nothing of the request, which had the token.
options:
  _input:
    description: The results of M(ansible.builtin.uri). The C(item) of each is a list that begins with the host.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the answers
  ansible.builtin.debug:
    msg: "{{ asked.results | airfield.airflow.worker_answers }}"
"""

RETURN = r"""
_value:
  description:
    - The answers, each with C(host), C(status), C(error) and C(requests).
    - The status is V(-1) if there was no answer, or none of a host worker. C(error) says which.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def worker_answers(results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return host, HTTP status (-1 without an answer of a worker), error and the requests of the worker's record."""
    return [_answer(result) for result in results]


def _answer(result: Mapping[str, Any]) -> dict[str, Any]:
    host, status, error = result["item"][0], result.get("status", -1), result.get("msg", "")
    if status != 200:
        return {"host": host, "status": status, "error": error, "requests": []}
    content = result.get("json")
    requests = content.get("requests") if isinstance(content, Mapping) else None
    if not isinstance(requests, list) or not all(isinstance(request, Mapping) for request in requests):
        # Something else listens on the port.
        return {"host": host, "status": -1, "error": "it did not answer like a host worker", "requests": []}
    return {"host": host, "status": status, "error": error, "requests": requests}


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"worker_answers": worker_answers}

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter ``airfield.airflow.image_reference``."""

from __future__ import annotations

DOCUMENTATION = r"""
name: image_reference
short_description: The parts of an image's reference
version_added: 0.1.0
author: The airfield.airflow authors (@airfield)
description:
  - Takes a reference such as C(registry:5000/team/airflow:3.3.2@sha256:...) apart.
options:
  _input:
    description: The reference of an image.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the tag of an image
  ansible.builtin.debug:
    msg: "{{ ('quay.io/argoproj/argocd:v3.2.11' | airfield.airflow.image_reference).tag }}"
"""

RETURN = r"""
_value:
  description: The parts of the reference.
  type: dict
  contains:
    repository:
      description: Registry and path, without tag and digest.
      type: str
      sample: registry:5000/team/airflow
    tag:
      description: The tag, empty without one.
      type: str
      sample: 3.3.2
    digest:
      description: The digest, empty without one.
      type: str
      sample: ""
    pinned_repository:
      description:
        - The first half of the whole reference, for programs that join a repository and a tag by a colon.
      type: str
      sample: registry:5000/team/airflow
    pinned_tag:
      description: The second half, which is the end of the digest where there is one. C(latest) without a tag.
      type: str
      sample: 3.3.2
"""

import re
from collections.abc import Callable
from typing import Any

# host:port/name:tag@algorithm:hash
REFERENCE = re.compile(r"(?P<repository>.+?)(?::(?P<tag>[^:/@]+))?(?:@(?P<digest>.+))?")


def image_reference(reference: str) -> dict[str, str]:
    """Return the parts of a reference; what it does not have is empty."""
    match = REFERENCE.fullmatch(reference)
    parts = {name: value or "" for name, value in (match.groupdict() if match else {"repository": ""}).items()}
    before, colon, after = reference.rpartition(":")
    separated = bool(colon) and "/" not in after
    parts["pinned_repository"] = before if separated else reference
    parts["pinned_tag"] = after if separated else "latest"
    return parts


class FilterModule:
    """What Ansible loads."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters of this file by name."""
        return {"image_reference": image_reference}

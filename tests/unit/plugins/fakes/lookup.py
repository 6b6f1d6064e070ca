# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lookup with Ansible's own options and templates, on an exact fake of the HTTP calls."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import ansible.template
import yaml
from ansible import constants
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.airfield.airflow.plugins.doc_fragments.api_lookup import ModuleDocFragment
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import JsonObject
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.http_calls import (
    PASSWORD,
    URL,
    USER,
    HttpCall,
    fake_world,
)

VARIABLES: JsonObject = {
    "airfield_api_url": URL,
    "airfield_api_username": USER,
    "airfield_api_password": PASSWORD,
}


def look_up(
    module: ModuleType, calls: list[HttpCall], *terms: str, variables: JsonObject | None = None, **options: Any
) -> list[Any]:
    """What the lookup returns in a task with these variables; by default the required ones."""
    known = VARIABLES if variables is None else variables
    plugin = module.LookupModule(loader=DataLoader(), templar=Templar(loader=DataLoader(), variables=known))
    # The same as Ansible's loader does with a plugin and its documentation.
    plugin._load_name = module.__name__
    documented = [yaml.safe_load(text)["options"] for text in (ModuleDocFragment.DOCUMENTATION, module.DOCUMENTATION)]
    constants.config.initialize_plugin_configuration_definitions(
        "lookup", module.__name__, {**documented[0], **documented[1]}
    )
    with fake_world(calls):
        found: list[Any] = plugin.run(list(terms), variables=known, **options)
    return found


def missing(kind: str, name: str) -> HttpCall:
    return HttpCall("GET", f"/api/v2/{kind}/{name}").answers({"detail": "It was not found"}, status=404)


def template(text: str) -> Any:
    """A string as it is read from a playbook: since ansible-core 2.19 only such strings are templated."""
    trust = getattr(ansible.template, "trust_as_template", None)
    return text if trust is None else trust(text)

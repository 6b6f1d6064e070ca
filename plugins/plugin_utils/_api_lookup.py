# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lookups of Airflow's REST API have in common: options, client, default, and error handling."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import ApiError, NotFound
from ansible_collections.airfield.airflow.plugins.module_utils._api.transport import ApiSettings

VARIABLES = "airfield_api_"


class ApiLookup(LookupBase):  # type: ignore[misc]  # ansible-core has no types
    """Looks each term up in one collection of the API, such as ``variables``."""

    collection: str

    @abstractmethod
    def value_of(self, key: str, stored: JsonObject) -> Any:
        """What the lookup returns for Airflow's answer."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        # Ansible passes a lookup its variables untemplated, and looks up options in them without templating.
        known = {name: value for name, value in (variables or {}).items() if name.startswith(VARIABLES)}
        self.set_options(var_options=self._templar.template(known), direct=kwargs)
        try:
            client = ApiClient(ApiSettings.of(self.get_option))
            return [self._look_up(client, str(term), kwargs) for term in terms]
        except ApiError as error:
            # From None: Ansible would append the message of each cause, which is the same again.
            raise AnsibleLookupError(str(error)) from None

    def _look_up(self, client: ApiClient, key: str, given: dict[str, Any]) -> Any:
        try:
            stored = client.get(self.collection, key)
        except NotFound as error:
            # null is a valid default, too.
            if "default" not in given:
                raise NotFound(f"{error} Set default if it may be missing.", status=404) from None
            return given["default"]
        return self.value_of(key, stored)

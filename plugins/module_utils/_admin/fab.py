# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API of Airflow's FAB auth manager: users and roles. It is not below ``/api/v2``; other managers have none.

Its provider has its own version. Before 3.2 it takes a user's name and password with each request, if
``[fab] auth_backends`` allows that, and no token. Before 3.8.1 updating a role adds permissions but removes none.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterable

from ansible_collections.airfield.airflow.plugins.module_utils._api.client import ApiClient, JsonObject, Query, numbers
from ansible_collections.airfield.airflow.plugins.module_utils._api.errors import (
    ApiError,
    BadRequest,
    NotFound,
    NotJson,
    Unauthorized,
)
from ansible_collections.airfield.airflow.plugins.module_utils._api.transport import ApiSettings, send

ROOT = "auth/fab/v1"
PROVIDER = "apache-airflow-providers-fab"
TAKES_TOKENS = "3.2.0"
REMOVES_PERMISSIONS = "3.8.1"


class NotSupported(ApiError):
    """The auth manager, or the version of its provider, does not support it."""


class PasswordClient(ApiClient):
    """Sends user and password with each request, for providers that do not accept tokens."""

    def _authorized(
        self, settings: ApiSettings, method: str, url: str, body: JsonObject | None, anonymous: bool
    ) -> JsonObject:
        user = f"{settings.username}:{settings.password}"
        return send(settings, method, url, body, base64.b64encode(user.encode()).decode(), scheme="Basic")


class Fab:
    """Users and roles; ``kind`` is ``users`` or ``roles``. The writes are in ``requests``."""

    def __init__(self, client: ApiClient) -> None:
        self._airflow = client
        self._client = client

    def request(
        self,
        method: str,
        *path: str,
        query: Query | None = None,
        body: JsonObject | None = None,
        repeatable: bool = False,
    ) -> JsonObject:
        def ask() -> JsonObject:
            return self._client.request(method, *path, query=query, body=body, repeatable=repeatable, root=ROOT)

        try:
            return ask()
        except Unauthorized as error:
            if ROOT not in str(error):
                raise  # the login itself was refused
            if isinstance(self._client, PasswordClient) or not self._airflow.can_log_in:
                raise Unauthorized(f"{error} {_old_provider()}", status=401) from error
        self._client = PasswordClient(self._airflow.settings)
        return self.request(method, *path, query=query, body=body, repeatable=repeatable)

    def find(self, kind: str, name: str) -> JsonObject | None:
        """The user or role with this name. Raises ``NotSupported`` where there is no such API."""
        try:
            return self.request("GET", kind, name, repeatable=True)
        except (NotFound, NotJson) as error:
            missing: ApiError = error
        try:
            # No such user, or no such API? SimpleAuthManager answers every path with its login page.
            self.request("GET", kind, query={"limit": 1}, repeatable=True)
        except (NotFound, NotJson):
            with contextlib.suppress(ApiError):
                if self._airflow.airflow:
                    missing = NotSupported(
                        f"The {kind} of Airflow are not supported by this auth manager: {self._airflow.root}/{ROOT} "
                        "does not answer. Only FAB's has such an API: set [core] auth_manager to "
                        "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager."
                    )
            raise missing from None
        return None

    def password_is_valid(self, username: str, password: str) -> bool:
        """Whether Airflow lets the user log in with this password."""
        body = {"username": username, "password": password}
        try:
            self._airflow.request("POST", "token", root="auth", body=body, anonymous=True, repeatable=True)
        except (BadRequest, Unauthorized):
            return False
        return True

    def demand_removal(self, role: str, permissions: Iterable[str]) -> None:
        """Raise ``NotSupported`` if the provider cannot remove these permissions from a role."""
        version = self._provider_version()
        if version is None or numbers(version) < numbers(REMOVES_PERMISSIONS):
            raise NotSupported(
                f"The role {role} has permissions that are not wanted ({', '.join(sorted(permissions))}). Removing "
                f"them requires {PROVIDER} {REMOVES_PERMISSIONS} or later; this Airflow has {version or 'none'}, which "
                "can only add. Remove them in Airflow's UI, or set append to true to keep them."
            )

    def _provider_version(self) -> str | None:
        for provider in self._airflow.pages("providers", items="providers"):
            if provider.get("package_name") == PROVIDER:
                return str(provider.get("version"))
        return None


def _old_provider() -> str:
    return (
        f"If other modules can log in: {PROVIDER} accepts tokens for users and roles from {TAKES_TOKENS} on. An older "
        "version accepts only api_username and api_password, when [fab] auth_backends contains "
        "airflow.providers.fab.auth_manager.api.auth.backend.basic_auth."
    )

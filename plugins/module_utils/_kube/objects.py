# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of any kinds: one request for each query, and one for the description of each API version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError


class ResourceType(NamedTuple):
    """What the API says of a kind: its name in a path, and whether its objects are in namespaces."""

    plural: str
    namespaced: bool


class ObjectReader:
    """Reads objects of one cluster."""

    def __init__(self, client: KubeClient) -> None:
        self._client = client
        self._types: dict[str, dict[str, ResourceType]] = {}

    def read(self, query: Mapping[str, Any]) -> list[Json]:
        """The objects of a query, sorted as the API does, without ``managedFields``; none if a name does not exist.

        ``query`` has api_version, kind, and as needed namespace, name, label_selectors and field_selectors. Raises
        KubeError, also for a kind that the cluster does not have.
        """
        version, kind, name = query["api_version"], query["kind"], query.get("name")
        resource_type = self._type(version, kind)
        namespace = query.get("namespace") if resource_type.namespaced else None
        path = f"{root(version)}{f'/namespaces/{namespace}' if namespace else ''}/{resource_type.plural}"
        labels, fields = query.get("label_selectors") or [], query.get("field_selectors") or []
        if name and (namespace or not resource_type.namespaced) and not labels and not fields:
            found = self._get(f"{path}/{quote(name, safe=':')}")
        else:
            fields = [*fields, *([f"metadata.name={name}"] if name else [])]
            selectors = {"labelSelector": labels, "fieldSelector": fields}
            found = self._client.list(path, {key: ",".join(terms) for key, terms in selectors.items() if terms})
        return [_cleaned(item, version, kind) for item in found]

    def _get(self, path: str) -> list[Json]:
        """A list of one object, or of none. Unlike a list, it can be allowed for this object only."""
        try:
            return [self._client.get(path)]
        except KubeError as error:
            if error.status != 404:
                raise
            return []

    def _type(self, version: str, kind: str) -> ResourceType:
        if version not in self._types:
            self._types[version] = self._types_of(version)
        if kind not in self._types[version]:
            raise KubeError(f"The cluster has no kind {kind} in {version}. Correct `kind` or `api_version`.", 404)
        return self._types[version][kind]

    def _types_of(self, version: str) -> dict[str, ResourceType]:
        """The types of an API version, by kind; none if the cluster does not have this version."""
        try:
            return dict(_types(self._client.get(root(version)).get("resources") or []))
        except KubeError as error:
            if error.status != 404:
                raise
            return {}


def root(api_version: str) -> str:
    """The path of an API version, such as ``/api/v1`` and ``/apis/apps/v1``."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _types(resources: Iterable[Json]) -> Iterable[tuple[str, ResourceType]]:
    for resource in resources:
        if "/" not in resource["name"]:  # pods/log and its like are no lists of their own
            yield resource["kind"], ResourceType(resource["name"], resource["namespaced"])


def _cleaned(item: Json, version: str, kind: str) -> Json:
    metadata = {key: value for key, value in item["metadata"].items() if key != "managedFields"}
    return {**item, "apiVersion": version, "kind": kind, "metadata": metadata}

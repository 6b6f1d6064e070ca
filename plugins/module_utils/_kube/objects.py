# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of any kinds, each kind with one list and the description of its API group read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ansible_collections.airfield.airflow.plugins.module_utils._kube.client import Json, KubeClient
from ansible_collections.airfield.airflow.plugins.module_utils._kube.errors import KubeError


class Kind(NamedTuple):
    """What the API says of a kind: its name in a path, and whether its objects are in namespaces."""

    plural: str
    namespaced: bool


class ObjectReader:
    """Reads objects of one cluster."""

    def __init__(self, client: KubeClient) -> None:
        self._client = client
        self._kinds: dict[str, dict[str, Kind]] = {}

    def read(self, query: Mapping[str, Any]) -> list[Json]:
        """The objects of a query, sorted as the API does, without ``managedFields``; none if a name does not exist.

        ``query`` has api_version, kind, and as needed namespace, name, label_selectors and field_selectors. Raises
        KubeError, also for a kind that the cluster does not have.
        """
        version, kind = query["api_version"], query["kind"]
        known = self._kind(version, kind)
        namespace = query.get("namespace")
        place = f"/namespaces/{namespace}" if namespace and known.namespaced else ""
        params: dict[str, str | int] = {
            parameter: ",".join(selectors)
            for parameter, selectors in (
                ("labelSelector", query.get("label_selectors") or []),
                (
                    "fieldSelector",
                    [
                        *(query.get("field_selectors") or []),
                        *([f"metadata.name={query['name']}"] if query.get("name") else []),
                    ],
                ),
            )
            if selectors
        }
        return [
            _shown(item, version, kind) for item in self._client.list(f"{root(version)}{place}/{known.plural}", params)
        ]

    def _kind(self, version: str, kind: str) -> Kind:
        if version not in self._kinds:
            self._kinds[version] = dict(_kinds(self._client.get(root(version)).get("resources") or []))
        if kind not in self._kinds[version]:
            raise KubeError(f"The cluster has no kind {kind} in {version}. Correct `kind` or `api_version`.", 404)
        return self._kinds[version][kind]


def root(api_version: str) -> str:
    """The path of an API version, such as ``/api/v1`` and ``/apis/apps/v1``."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _kinds(resources: Iterable[Json]) -> Iterable[tuple[str, Kind]]:
    for resource in resources:
        if "/" not in resource["name"]:  # pods/log and its like are no lists of their own
            yield resource["kind"], Kind(resource["name"], resource["namespaced"])


def _shown(item: Json, version: str, kind: str) -> Json:
    metadata = {key: value for key, value in item["metadata"].items() if key != "managedFields"}
    return {**item, "apiVersion": version, "kind": kind, "metadata": metadata}

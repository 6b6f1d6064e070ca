# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wanted state of an Argo CD Application, and the changes needed to reach it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

API = "/apis/argoproj.io/v1alpha1"
REFRESH = "argocd.argoproj.io/refresh"
FINALIZER = "resources-finalizer.argocd.argoproj.io"
IN_CLUSTER = "https://kubernetes.default.svc"

# Argo CD's Go types omit zero values, and its controller removes empty parts of a source: neither is a difference.
# These are pointers in its types, where present and empty is not the same as absent.
_MEANT_EVEN_EMPTY = {"automated", "enabled", "retry", "managedNamespaceMetadata"}
# The user's own data, where each null, false and "" matters.
_VERBATIM = {"valuesObject", "plugin"}


@dataclass(frozen=True)
class Wanted:
    """The parts of an Application that this module manages. In ``spec``, None means that the key must be absent."""

    name: str
    namespace: str
    spec: Json
    labels: dict[str, str]
    annotations: dict[str, str]
    finalizer: bool


@dataclass(frozen=True)
class Plan:
    """A JSON patch (RFC 6902) without the version, or the whole object to create; both are empty if nothing differs."""

    patch: list[Json]
    create: Json | None
    before: Json
    after: Json

    @property
    def changed(self) -> bool:
        return bool(self.patch or self.create)


def wanted_of(params: Json) -> Wanted | None:
    """Check the options. None means that an existing Application is only read. Raises ValueError."""
    sources = params["sources"]
    if params["source"] is None and sources is None:
        given = [
            key
            for key in ("destination", "sync_policy", "ignore_differences", "labels", "annotations")
            if params[key] is not None
        ]
        if given:
            raise ValueError(
                f"`{given[0]}` is given without `source` or `sources`. Add the source, or leave out all of these to "
                "wait for an existing Application."
            )
        return None
    for number, source in enumerate([params["source"]] if sources is None else sources, 1):
        if not source.get("repoURL"):
            raise ValueError(f"Source {number} has no `repoURL`. Set it to the URL of its Git or chart repository.")
    if sources == []:
        raise ValueError("`sources` is empty. Add at least one source.")
    if REFRESH in (params["annotations"] or {}):
        raise ValueError(f"The annotation {REFRESH} is a signal that Argo CD removes. Use the option `refresh`.")
    return Wanted(
        name=params["name"],
        namespace=params["namespace"],
        spec=_spec_of(params),
        labels=_texts(params["labels"]),
        annotations=_texts(params["annotations"]),
        finalizer=params["finalizer"],
    )


def plan_for(live: Json | None, wanted: Wanted) -> Plan:
    """Compare an Application as the API returns it (None: it does not exist) with its wanted state."""
    spec = {key: value for key, value in wanted.spec.items() if value is not None}
    finalizers = [FINALIZER] if wanted.finalizer else []
    if live is None:
        metadata: Json = {"name": wanted.name, "namespace": wanted.namespace}
        optional = {"labels": wanted.labels, "annotations": wanted.annotations, "finalizers": finalizers}
        metadata.update({key: value for key, value in optional.items() if value})
        create = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata, "spec": spec}
        return Plan([], create, {}, _shown(wanted.labels, wanted.annotations, finalizers, spec))

    metadata = live["metadata"]
    present: Json = live.get("spec") or {}
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    patch = _added("labels", labels, wanted.labels) + _added("annotations", annotations, wanted.annotations)
    present_finalizers = metadata.get("finalizers") or []
    finalizers = _finalizers(present_finalizers, wanted.finalizer)
    if finalizers != present_finalizers:
        patch.append({"op": "add", "path": "/metadata/finalizers", "value": finalizers})
    for key, value in wanted.spec.items():
        if value is None and trimmed(present.get(key)) is not None:
            patch.append({"op": "remove", "path": f"/spec/{key}"})
        elif value is not None and trimmed(value) != trimmed(present.get(key)):
            patch.append({"op": "add", "path": f"/spec/{key}", "value": value})
    before = _shown(
        {key: labels[key] for key in wanted.labels if key in labels},
        {key: annotations[key] for key in wanted.annotations if key in annotations},
        present_finalizers,
        {key: present[key] for key in wanted.spec if key in present},
    )
    return Plan(patch, None, before, _shown(wanted.labels, wanted.annotations, finalizers, spec))


def shown_before(live: Json) -> Json:
    """Everything that a user declares of an Application, for the diff when it is deleted."""
    metadata = live["metadata"]
    labels, annotations = metadata.get("labels") or {}, metadata.get("annotations") or {}
    return _shown(labels, annotations, metadata.get("finalizers") or [], live.get("spec") or {})


def refresh_patch(live: Json, kind: str) -> list[Json]:
    """The JSON patch that asks Argo CD to compare at once."""
    return [{"op": "add", "path": "/metadata/annotations", "value": {**_annotations(live), REFRESH: kind}}]


def with_refresh(plan: Plan, live: Json | None, kind: str) -> tuple[list[Json], Json | None]:
    """The change and the refresh request in one write, so that Argo CD cannot see the second without the first."""
    if plan.create:
        metadata = plan.create["metadata"]
        annotations = {**(metadata.get("annotations") or {}), REFRESH: kind}
        return [], {**plan.create, "metadata": {**metadata, "annotations": annotations}}
    annotations = _annotations(live or {})
    for step in plan.patch:
        if step["path"] == "/metadata/annotations":
            annotations = step["value"]
    rest = [step for step in plan.patch if step["path"] != "/metadata/annotations"]
    return [*rest, {"op": "add", "path": "/metadata/annotations", "value": {**annotations, REFRESH: kind}}], None


def compared_to_spec(live: Json) -> bool:
    """Whether the status is of the current source, destination and ignored differences."""
    spec = live.get("spec") or {}
    compared = ((live.get("status") or {}).get("sync") or {}).get("comparedTo") or {}
    source = "sources" if spec.get("sources") else "source"
    keys = (source, "destination", "ignoreDifferences")
    return all(trimmed(spec.get(key)) == trimmed(compared.get(key)) for key in keys)


def trimmed(value: Any) -> Any:
    """The same without zero values of Argo CD's types; None for a value that is zero itself."""
    if isinstance(value, dict):
        members = {key: inner if key in _VERBATIM else trimmed(inner) for key, inner in value.items()}
        for key in _MEANT_EVEN_EMPTY & set(value):
            if members[key] is None and value[key] is not None:
                members[key] = False if key == "enabled" else {}
        return {key: inner for key, inner in members.items() if inner is not None} or None
    if isinstance(value, list):
        return [trimmed(inner) for inner in value] or None
    return value or None


def without_nulls(value: Any) -> Any:
    """The same without null, which Argo CD's schema rejects; the user's own data keeps it."""
    if isinstance(value, dict):
        return {
            key: inner if key in _VERBATIM else without_nulls(inner)
            for key, inner in value.items()
            if inner is not None
        }
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


def _spec_of(params: Json) -> Json:
    destination = without_nulls(params["destination"] or {})
    if not destination.get("server") and not destination.get("name"):
        destination["server"] = IN_CLUSTER
    spec: Json = {
        "project": params["project"],
        "source": without_nulls(params["source"]),
        "sources": without_nulls(params["sources"]),
        "destination": destination,
    }
    for option, key in (("sync_policy", "syncPolicy"), ("ignore_differences", "ignoreDifferences")):
        if params[option] is not None:
            spec[key] = without_nulls(params[option]) or None  # given and empty: to be removed
    return spec


def _texts(values: Json | None) -> dict[str, str]:
    return {
        str(key): str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        for key, value in (values or {}).items()
    }


def _added(kind: str, present: dict[str, str], wanted: dict[str, str]) -> list[Json]:
    if all(present.get(key) == value for key, value in wanted.items()):
        return []
    return [{"op": "add", "path": f"/metadata/{kind}", "value": {**present, **wanted}}]


def _finalizers(present: list[str], wanted: bool) -> list[str]:
    # Argo CD knows the same finalizer with the suffix /foreground or /background: each of them is accepted.
    ours = [finalizer for finalizer in present if finalizer.partition("/")[0] == FINALIZER]
    if wanted:
        return present if ours else [*present, FINALIZER]
    return [finalizer for finalizer in present if finalizer not in ours]


def _annotations(live: Json) -> dict[str, str]:
    return (live.get("metadata") or {}).get("annotations") or {}


def _shown(labels: Json, annotations: Json, finalizers: list[str], spec: Json) -> Json:
    metadata = {"labels": labels, "annotations": annotations, "finalizers": finalizers}
    return {"metadata": metadata, "spec": trimmed(spec)}

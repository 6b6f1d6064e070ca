# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argo CD compares the embedded chart with the cluster all the time, and must see no difference that nobody made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.airfield.airflow.tests.unit.roles.chart_documents import Documents, Render, Values

CHART = Path(__file__).parents[3] / "roles" / "airflow" / "files" / "chart"
CASES = [
    None,
    "embedded",
    "large",
    "namespaces",
    "git_bundle_basic",
    "git_bundle_ssh",
    "git_sync_basic",
    "git_sync_ssh",
    "node_groups",
    "argocd",
]
# Functions that give another answer at each render, or another one outside of a cluster.
UNSTABLE = (
    r"\b(rand\w+|lookup|now|genCA|genSignedCert|genSelfSignedCert|genPrivateKey|uuidv4|htpasswd|derivePassword)\b"
)


@pytest.fixture(params=CASES, ids=str)
def documents(request: pytest.FixtureRequest, render_chart: Render, rendered: dict[str, Values]) -> Documents:
    """Return the documents of each inventory in turn, and those of the chart's own values."""
    return render_chart(rendered[request.param] if request.param else {})


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield what has nothing below it, with its place."""
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from leaves(below, f"{path}.{key}")
    elif isinstance(value, list) and value:
        for number, below in enumerate(value):
            yield from leaves(below, f"{path}[{number}]")
    else:
        yield path, value


def everything(documents: Documents) -> Iterator[tuple[str, Any]]:
    for (kind, name), document in documents.items():
        yield from leaves(document, f"{kind} {name}")
        if kind == "ConfigMap" and "pod_template_file.yaml" in document["data"]:
            yield from leaves(yaml.safe_load(document["data"]["pod_template_file.yaml"]), "pod template")


def test_nothing_is_empty(documents: Documents) -> None:
    """Kubernetes drops an empty map, list or null; only that of an emptyDir it keeps."""
    empty = [path for path, value in everything(documents) if value in ({}, [], None)]
    assert [path for path in empty if not path.endswith(".emptyDir")] == []


def test_quantities_and_ports_are_as_kubernetes_writes_them(documents: Documents) -> None:
    for path, value in everything(documents):
        if re.search(r"\.(requests|limits)\.\w+$", path):
            assert re.fullmatch(r"[1-9][0-9]*(m|[KMGT]i)?", str(value)), path
        if re.search(r"[pP]ort$", path):
            assert isinstance(value, int), path
        if re.search(r"\.env\[\d+\]\.value$|\.(labels|annotations|nodeSelector|data)\.", path):
            assert isinstance(value, str), path


def test_every_container_port_names_its_protocol(documents: Documents) -> None:
    found = dict(everything(documents))
    ports = [path for path in found if path.endswith(".containerPort")]
    assert ports
    assert {found.get(path.replace("containerPort", "protocol")) for path in ports} == {"TCP"}


def test_no_hook_and_no_job_that_goes_away(documents: Documents) -> None:
    for (kind, name), document in documents.items():
        assert not re.search(r"helm\.sh/hook|argocd\.argoproj\.io", str(document.get("metadata"))), name
        if kind == "Job":
            assert re.search(r"-[0-9a-f]{10}$", name)
            assert "ttlSecondsAfterFinished" not in document["spec"]
        assert document["metadata"]["labels"]["release"] == "airflow"


def test_two_renders_are_the_same(render_chart: Render, rendered: dict[str, Values]) -> None:
    values = rendered["node_groups"]
    first, second = (render_chart({**values, "airfieldChartChecksum": checksum}) for checksum in "ab")
    assert first == second
    for template in sorted((CHART / "templates").glob("*.tpl")):
        code = " ".join(re.findall(r"{{.*?}}", template.read_text(encoding="utf-8"), re.DOTALL))
        code = re.sub(r"{{-? ?/\*.*?\*/", "", code, flags=re.DOTALL)
        assert not re.search(UNSTABLE, code), template.name


def test_the_way_of_installing_changes_nothing(rendered: dict[str, Values]) -> None:
    assert rendered["argocd"] == rendered["embedded"]

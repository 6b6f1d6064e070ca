# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents: README.md stays one page, variables are documented once, nothing is left out, no link is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
ROLES = sorted(path.parent for path in ROOT.glob("roles/*/meta"))
GUIDES = sorted(ROOT.glob("docs/docsite/rst/*.rst"))
DOCUMENTS = [README, ROOT / "CONTRIBUTING.md", ROOT / "bench/README.md", ROOT / "worker/README.md"]
DOCUMENTS += [role / "README.md" for role in ROLES]
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# Where GitHub shows a file or a directory of this repository.
REPOSITORY_LINK = re.compile(r"https://github\.com/airfield/airflow/(?:blob|tree)/main/([^\s>`]+)")


def text_of(document: Path) -> str:
    """The document without its code blocks."""
    return re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)


def table_cells(document: Path) -> str:
    """The first cells of all rows of the document's tables."""
    return "\n".join(line.split("|")[1] for line in text_of(document).splitlines() if line.startswith("|"))


def anchors(document: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a Markdown file."""
    headings = re.findall(r"^#+ (.+)$", text_of(document), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(document: Path, links: list[str]) -> Iterator[str]:
    """Those of the links, relative to the document, that lead to no file or to no heading of it."""
    for link in links:
        path, _hash, anchor = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def options(specification: dict[str, Any]) -> Iterator[str]:
    for entry_point in specification["argument_specs"].values():
        yield from entry_point.get("options") or {}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


VARIABLES = {name for role in ROLES for name in options(yaml.safe_load((role / "meta/argument_specs.yml").read_text()))}


def test_the_readme_is_one_page() -> None:
    assert len(README.read_bytes()) <= 10 * 1024


@pytest.mark.parametrize("kind", ["modules", "lookup", "filter", "callback", "action"])
def test_every_plugin_is_named_once_in_the_readme(kind: str) -> None:
    prefix = "" if kind == "modules" else f"{kind} "
    plugins = sorted(path.stem for path in ROOT.glob(f"plugins/{kind}/*.py"))
    assert plugins
    rows = [row.strip() for row in table_cells(README).splitlines() if row.startswith(f" {prefix}`")]
    named = [name for row in rows for name in row.removeprefix(prefix).replace("`", "").split(", ")]
    assert sorted(named) == plugins


def test_every_module_that_is_not_for_the_rest_api_has_its_row_in_the_guide() -> None:
    groups = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())["action_groups"]
    others = {path.stem for path in ROOT.glob("plugins/modules/*.py")} - set(groups["airflow"])
    guide = (ROOT / "docs/docsite/rst/guide_operations.rst").read_text()
    rows = re.findall(r"^   \* - :ansplugin:`(\w+) <airfield\.airflow\.\1#module>`$", guide, flags=re.MULTILINE)
    assert sorted(rows) == sorted(others)


@pytest.mark.parametrize("places", ["roles/*/meta/", "inventories/*/hosts.yml", "docs/docsite/rst/*.rst"])
def test_every_role_inventory_and_guide_has_its_line_in_the_readme(places: str) -> None:
    found = sorted(path if path.suffix == ".rst" else path.parent for path in ROOT.glob(places))
    assert found
    cells = table_cells(README)
    assert [name_of(path) for path in found if not re.search(rf"\({re.escape(name_of(path))}[)/]", cells)] == []


@pytest.mark.parametrize("document", [README, *(role / "README.md" for role in ROLES)], ids=name_of)
def test_variables_are_documented_in_the_argument_specs_only(document: Path) -> None:
    first = set(re.findall(r"^ `(\w+)`", table_cells(document), flags=re.MULTILINE))
    assert first & VARIABLES == set(), "describe them in meta/argument_specs.yml, from which the pages are built"


@pytest.mark.parametrize("role", ROLES, ids=name_of)
def test_the_readme_of_a_role_leads_to_its_variables(role: Path) -> None:
    assert "(meta/argument_specs.yml)" in (role / "README.md").read_text()


def test_every_guide_is_in_the_index() -> None:
    index = yaml.safe_load((ROOT / "docs/docsite/extra-docs.yml").read_text())
    listed = [guide for section in index["sections"] for guide in section["toctree"]]
    assert sorted(listed) == [guide.stem for guide in GUIDES]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_relative_links_lead_to_a_file(document: Path) -> None:
    links = [link for link in MARKDOWN_LINK.findall(text_of(document)) if "://" not in link]
    assert list(broken(document, links)) == []


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_links_of_a_guide_into_the_repository_lead_to_a_file(guide: Path) -> None:
    assert list(broken(README, REPOSITORY_LINK.findall(guide.read_text()))) == []


def test_there_are_links_and_tables() -> None:
    """Without them, the tests above would pass whatever the documents say."""
    assert len(MARKDOWN_LINK.findall(text_of(README))) > 30
    assert sum(len(REPOSITORY_LINK.findall(guide.read_text())) for guide in GUIDES) > 5
    assert len(VARIABLES) > 100
    assert list(broken(README, ["gone.md", "CONTRIBUTING.md#gone", "CONTRIBUTING.md#add-a-role"])) == [
        "gone.md",
        "CONTRIBUTING.md#gone",
    ]

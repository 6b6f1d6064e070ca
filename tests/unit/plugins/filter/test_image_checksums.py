# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.airfield.airflow.plugins.filter.image_checksums import image_checksums

BUILDS: dict[str, Any] = {
    "mysql": {"debian": ["mysql-server-core"]},
    "mysqlclient": {"part_of": "airflow", "arguments": {"MYSQLCLIENT": "2.3.1"}},
    "airflow": {"contents": ["mysqlclient"], "files": {"shim": "/somewhere/roles/images/../shim"}},
}


def files(**changed: str) -> list[dict[str, Any]]:
    names = (*BUILDS, "debian")
    return [{"path": f"/x/images/{name}/Dockerfile", "checksum": changed.get(name, name)} for name in names]


def checksums(builds: dict[str, Any] | None = None, *, release: str = "trixie", **changed: str) -> dict[str, str]:
    return image_checksums(builds or BUILDS, files(**changed), release, "/somewhere/roles/images")


def differ(other: dict[str, str]) -> set[str]:
    return {name for name, checksum in checksums().items() if checksum != other[name]}


def test_a_checksum_stays_as_it_was() -> None:
    # Another value would build every image on every machine again.
    assert checksums()["mysql"] == "604ed5ccfb755bd95aad720f355b97953450783945274afcfeb6cb59fd36f837"
    assert checksums()["airflow"] == "7e47d93e4185d6de9ea79d5d567b1a80a56bf133eaa80f98ba58ff8bfe46e3f2"


def test_a_part_changes_the_image_that_it_goes_into_and_not_one_whose_name_begins_alike() -> None:
    assert differ(checksums(mysqlclient="other")) == {"mysqlclient", "airflow"}
    assert differ(checksums(mysql="other")) == {"mysql"}


def test_what_installs_debian_packages_changes_the_images_that_have_some() -> None:
    assert differ(checksums(debian="other")) == {"mysql"}
    part = {**BUILDS, "mysqlclient": {"debian": ["gcc"]}}
    changed = checksums(part, debian="other")
    assert {name for name, checksum in checksums(part).items() if checksum != changed[name]} == set(BUILDS)


def test_recipe_and_release_count() -> None:
    recipe = {**BUILDS, "mysql": {"debian": ["mysql-client-core"]}}
    assert differ(checksums(recipe)) == {"mysql"}
    assert differ(checksums(release="forky")) == set(BUILDS)


def test_the_place_of_the_sources_does_not_count() -> None:
    elsewhere = {**BUILDS, "airflow": {"contents": ["mysqlclient"], "files": {"shim": "/a/b/../shim"}}}
    assert image_checksums(elsewhere, files(), "trixie", "/a/b") == checksums()

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.images import image_problems
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory.rules import inventory_problems

DIGEST = "sha256:" + "a" * 64
VALUES: dict[str, Any] = {
    "airfield_cluster_driver": "any",
    "airfield_images": {"airflow": f"registry.example.com:5000/airflow:3.3.2@{DIGEST}"},
}


def test_digest_of_an_image_that_is_loaded_is_refused() -> None:
    assert image_problems(VALUES, loads_images=True) == [
        f"`airfield_images.airflow: registry.example.com:5000/airflow:3.3.2@{DIGEST}` has a digest, but images "
        "are loaded into the nodes by their tags only. Write `registry.example.com:5000/airflow:3.3.2`."
    ]


def test_every_image_is_looked_at() -> None:
    images = {"airflow": "airflow:3", "git_sync": f"git-sync:v4@{DIGEST}", "mysql": f"mysql:8@{DIGEST}"}
    problems = image_problems({**VALUES, "airfield_images": images}, loads_images=True)
    assert [problem.partition(":")[0] for problem in problems] == [
        "`airfield_images.git_sync",
        "`airfield_images.mysql",
    ]


def test_image_without_a_tag_needs_one() -> None:
    values = {**VALUES, "airfield_images": {"airflow": f"example.com:5000/airflow@{DIGEST}"}}
    (problem,) = image_problems(values, loads_images=True)
    assert problem.endswith("Write `example.com:5000/airflow:TAG`.")


@pytest.mark.parametrize(
    "changes",
    [
        {"airfield_images": {"airflow": "registry.example.com:5000/airflow:3.3.2"}},
        {"airfield_images": {}},
        {"airfield_images": "text"},
        {"airfield_images": {"airflow": None}},
    ],
)
def test_everything_else_is_accepted(changes: dict[str, Any]) -> None:
    assert image_problems({**VALUES, **changes}, loads_images=True) == []


def test_an_image_that_the_nodes_pull_may_have_a_digest() -> None:
    assert image_problems(VALUES, loads_images=False) == []


@pytest.mark.parametrize("loads_images", [True, False])
def test_inventory_check_has_the_rule(loads_images: bool) -> None:
    groups, drivers = {"control_host": ["c"], "kube_nodes": ["n"]}, {"any": {"loads_images": loads_images}}
    problems = inventory_problems(groups, VALUES, {}, {}, ["airfield_"], drivers)
    assert problems == image_problems(VALUES, loads_images=loads_images)


@pytest.mark.parametrize("registry", ["localhost", "localhost/mine", "images.example", "images:5000/mine", None])
def test_built_images_may_be_called_what_no_registry_has(registry: str | None) -> None:
    assert image_problems({"airfield_built_registry": registry}, loads_images=False) == []


@pytest.mark.parametrize("registry", ["mycompany", "mycompany/images", ""])
def test_built_images_may_not_be_called_as_those_of_docker_hub(registry: str) -> None:
    (problem,) = image_problems({"airfield_built_registry": registry}, loads_images=False)
    assert problem.startswith(
        f"`airfield_built_registry: {registry}` is a name on Docker Hub. Write `localhost/{registry}`"
    )

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.airfield.airflow.plugins.filter.missing_images import full_name, missing_images

HEADER = "REF TYPE DIGEST SIZE PLATFORMS LABELS"
NAMES = {
    "postgres:17": "docker.io/library/postgres:17",
    "postgres": "docker.io/library/postgres:latest",
    "apache/airflow:3.3.2": "docker.io/apache/airflow:3.3.2",
    "docker.io/postgres:17": "docker.io/library/postgres:17",
    "index.docker.io/apache/airflow:3.3.2": "docker.io/apache/airflow:3.3.2",
    "localhost/x:1": "localhost/x:1",
    "reg:5000/x:1": "reg:5000/x:1",
    "reg:5000/x": "reg:5000/x:latest",
    "quay.io/a/b:1": "quay.io/a/b:1",
    "registry.k8s.io/pause:3.10.1": "registry.k8s.io/pause:3.10.1",
}
POSTGRES = {"Id": "sha256:aa", "RepoTags": ["postgres:latest", "postgres:17", "team.example.com/postgres:dev"]}
AIRFLOW = {"Id": "sha256:bb", "RepoTags": ["apache/airflow:3.3.2"]}


def row(name: str, labels: str) -> str:
    """A line of `ctr images list`."""
    return f"{name} application/vnd.oci.image.manifest.v1+json sha256:00 78.5 MiB linux/amd64 {labels}"


@pytest.mark.parametrize(("reference", "name"), NAMES.items(), ids=NAMES)
def test_the_full_name_is_the_one_of_the_nodes_image_store(reference: str, name: str) -> None:
    assert full_name(reference) == name


def test_only_the_wanted_tag_is_loaded_whatever_else_the_user_calls_the_image() -> None:
    assert missing_images(HEADER, ["postgres:17", "apache/airflow:3.3.2"], [POSTGRES, AIRFLOW]) == [
        {"reference": "postgres:17", "name": "docker.io/library/postgres:17", "build": "sha256:aa"},
        {"reference": "apache/airflow:3.3.2", "name": "docker.io/apache/airflow:3.3.2", "build": "sha256:bb"},
    ]


def test_an_image_in_the_same_build_is_not_missing() -> None:
    labels = "airfield.build=sha256:aa,io.cri-containerd.image=managed,io.cri-containerd.pinned=pinned"
    listing = f"{HEADER}\n{row('docker.io/library/postgres:17', labels)}"
    assert missing_images(listing, ["postgres:17"], [POSTGRES]) == []


@pytest.mark.parametrize(
    "line",
    [
        row("docker.io/library/postgres:17", "airfield.build=sha256:aaa"),
        row("docker.io/library/postgres:17", "io.cri-containerd.image=managed"),
        row("docker.io/library/postgres:17", "-"),
        row("docker.io/library/postgres:16", "airfield.build=sha256:aa"),
        # With Docker's containerd store the ID is the digest, which any image in the node shows without our label.
        "docker.io/library/postgres:17 application/vnd.oci.image.index.v1+json sha256:aa 1 MiB linux/amd64 -",
    ],
)
def test_another_build_or_name_or_one_without_the_label_is_missing(line: str) -> None:
    assert [image["reference"] for image in missing_images(line, ["postgres:17"], [POSTGRES])] == ["postgres:17"]


def test_an_image_that_docker_does_not_have_is_named() -> None:
    with pytest.raises(AnsibleFilterError, match=r"Docker has no image redis:8\. Pull or build it first\."):
        missing_images(HEADER, ["redis:8"], [POSTGRES])

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source `upstream` against a mirror and a registry of this machine: what it brings, and what it says otherwise."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from ansible_collections.airfield.airflow.tests.end_to_end.mirror import Mirror
from ansible_collections.airfield.airflow.tests.end_to_end.playbook import Run, Values, closed_address, tree
from ansible_collections.airfield.airflow.tests.end_to_end.registry import Registry, docker, image_identity
from ansible_collections.airfield.airflow.tests.end_to_end.upstream_machine import IMAGES, PREPARE, Machine

PROGRAMS = ("kind", "kubectl", "helm")


@pytest.fixture(scope="module")
def references(registry: Registry, versions: Values) -> dict[str, str]:
    """The references of the images that `upstream` pulls, each with the ID under which it was pushed."""
    names = [
        f"apache/airflow:{versions['airflow']}",
        f"kindest/node:v{versions['kind_node']}",
        f"postgres:{versions['postgres']}",
    ]
    pushed = {registry.reference(name): registry.add_image(name) for name in names}
    assert not any(image_identity(reference) for reference in pushed)
    return pushed


@pytest.fixture(scope="module")
def first_run(
    tmp_path_factory: pytest.TempPathFactory, mirror: Mirror, registry: Registry, references: dict[str, str]
) -> tuple[Machine, Run]:
    """An installation from mirror and registry, and the run that made it."""
    machine = Machine(tmp_path_factory.mktemp("installed") / "home", mirror.address, registry.address)
    return machine, machine.run()


@pytest.fixture
def installed(first_run: tuple[Machine, Run]) -> Machine:
    first_run[1].check()
    return first_run[0]


@pytest.fixture
def clean(tmp_path: Path, mirror: Mirror, registry: Registry, references: dict[str, str]) -> Machine:
    """A machine on which nothing is installed; the images' references are others, so that none is there either."""
    return Machine(tmp_path / "home", mirror.address, registry.other_address)


def test_programs_and_images_come_from_the_mirrors(
    first_run: tuple[Machine, Run], references: dict[str, str], versions: Values
) -> None:
    machine, run = first_run
    run.check()
    assert {name: machine.program(name) for name in PROGRAMS} == {
        "kind": f"kind {versions['kind']}",
        "kubectl": f"kubectl {versions['kubernetes']}",
        "helm": f"helm {versions['helm']}",
    }
    assert {reference: image_identity(reference) for reference in references} == references
    assert machine.source == "upstream"


def test_a_second_run_changes_nothing_and_needs_no_mirror(installed: Machine) -> None:
    before = tree(installed.home)
    run = installed.run(airfield_download_mirror=f"http://{closed_address()}").check()
    assert run.count("changed") == 0, run.changed_tasks
    assert tree(installed.home) == before


def test_a_check_of_what_is_installed_finds_nothing_to_change(installed: Machine) -> None:
    run = installed.run("--check", "--diff").check()
    assert run.count("changed") == 0, run.changed_tasks


def test_a_check_of_a_clean_machine_says_what_would_change_and_changes_nothing(clean: Machine) -> None:
    run = clean.run("--check", "--diff").check()
    assert not clean.home.exists()
    assert not any(image_identity(f"{clean.registry}/{name}") for name in ("apache/airflow", "kindest/node"))
    for name in PROGRAMS:
        assert any(name in task for task in run.changed_tasks), run.changed_tasks
    assert any("images" in task for task in run.changed_tasks), run.changed_tasks


def test_a_check_without_an_engine_says_which_images_would_be_pulled(clean: Machine, versions: Values) -> None:
    play = {"environment": {"DOCKER_HOST": "unix:///nonexistent"}, "pre_tasks": [PREPARE], "roles": [IMAGES]}
    engine = {"running": False, "access": True}
    run = clean.play(play, "--check", machine_facts={"is_root": True, "engine": engine}).check()
    run.says(f"Would pull {clean.registry}/postgres:{versions['postgres']}.")
    assert not clean.home.exists()


@pytest.mark.parametrize("pinned", [False, True], ids=["checksum of the mirror", "checksum of the inventory"])
def test_a_wrong_checksum_refuses_the_file_and_the_old_program_stays(
    installed: Machine, mirror: Mirror, versions: Values, pinned: bool
) -> None:
    version = "99.0.1" if pinned else "99.0.0"
    before = tree(installed.home / ".cache/airfield/bin")
    file = mirror.add_kind(version)
    changes: Values = {"airfield_version_overrides": {"kind": version}}
    if pinned:
        download = {"name": "kind", "version": version, "url": f"{mirror.address}/{file.relative_to(mirror.directory)}"}
        changes["airfield_downloads"] = [{**download, "sha256": "0" * 64}]
    else:
        file.write_bytes(file.read_bytes() + b"rm -rf /\n")
    installed.download(**changes).refused(
        f"Downloading kind {version} from {mirror.address}/kind.sigs.k8s.io/dl/v{version}/kind-linux-amd64",
        "did not match",
        "The program that was there before, if any, is untouched.",
    )
    assert installed.program("kind") == f"kind {versions['kind']}"
    assert tree(installed.home / ".cache/airfield/bin") == before
    assert not list(installed.home.rglob(f"kind-{version}/*"))


def test_a_new_version_replaces_the_link(clean: Machine, mirror: Mirror, versions: Values) -> None:
    """Without it the test above could pass because no version is ever replaced."""
    mirror.add_kind("98.0.0")
    clean.download().check()
    run = clean.download(airfield_versions={**versions, "kind": "98.0.0"}).check()
    assert clean.program("kind") == "kind 98.0.0"
    assert clean.program("helm") == f"helm {versions['helm']}"
    assert run.changed_tasks
    assert all("kind" in task for task in run.changed_tasks), run.changed_tasks


def test_an_interrupted_unpacking_is_finished(clean: Machine, versions: Values) -> None:
    clean.download().check()
    helm = (clean.home / ".cache/airfield/bin/helm").resolve()
    helm.write_bytes(helm.read_bytes()[:5])
    clean.download().check()
    assert clean.program("helm") == f"helm {versions['helm']}"


def test_an_unreachable_mirror_is_named_with_what_to_set(clean: Machine, versions: Values) -> None:
    address = closed_address()
    clean.download(airfield_download_mirror=f"http://{address}").refused(
        f"Downloading kind {versions['kind']} from http://{address}/kind.sigs.k8s.io/",
        "Connection refused",
        "Set airfield_download_mirror to a mirror",
        'or airfield_source to "packages"',
    )


def test_a_version_that_the_mirror_lacks_is_named(clean: Machine, versions: Values) -> None:
    clean.download(airfield_versions={**versions, "kind": "97.0.0"}).refused(
        f"Downloading kind 97.0.0 from {clean.mirror}/kind.sigs.k8s.io/dl/v97.0.0/kind-linux-amd64",
        "HTTP Error 404",
    )


def test_an_unreachable_registry_is_named_with_what_to_set(clean: Machine, versions: Values) -> None:
    address = closed_address()
    images = [
        f"apache/airflow:{versions['airflow']}",
        f"kindest/node:v{versions['kind_node']}",
        f"postgres:{versions['postgres']}",
    ]
    clean.pull(airfield_image_registry=address).refused(
        *(f"Pulling {address}/{image} failed: " for image in images),
        "connection refused",
        f"Images come from {address}.",
        "set airfield_image_registry to a registry",
        'or set airfield_source to "packages"',
    )
    # What is pulled by hand now is none of this installation's.
    assert clean.recorded_images == []


def test_a_missing_image_is_named_alone(installed: Machine, registry: Registry, versions: Values) -> None:
    run = installed.pull(airfield_versions={**versions, "postgres": 999})
    run.refused(f"Pulling {registry.address}/postgres:999 failed: ")
    assert f"Pulling {registry.address}/kindest" not in run.words


def test_the_manifest_of_argo_cd_comes_from_the_mirror(clean: Machine, mirror: Mirror, versions: Values) -> None:
    digest = mirror.add_argocd(versions["argocd"], b"kind: Namespace\n")
    address = (
        f"{mirror.address}/raw.githubusercontent.com/argoproj/argo-cd/v{versions['argocd']}/manifests/install.yaml"
    )
    # It is pinned by its contents: what the mirror has is another file.
    clean.download_manifest().refused("did not match", f"it was {digest}")
    assert not list(clean.home.rglob("install.yaml"))
    clean.download_manifest(airfield_argocd_manifests={"install.yaml": {"url": address, "sha256": digest}}).check()
    (file,) = clean.home.rglob("install.yaml")
    assert file.read_bytes() == b"kind: Namespace\n"


def test_auto_takes_upstream_where_it_answers_and_stays_with_it(clean: Machine) -> None:
    clean.choose_source().check().says('The source is "upstream", because', "Set airfield_source to choose yourself.")
    assert clean.source == "upstream"
    run = clean.choose_source(airfield_download_mirror=f"http://{closed_address()}").check()
    assert run.count("changed") == 0
    assert clean.source == "upstream"


def test_auto_takes_packages_where_nothing_answers_and_asks_again_next_time(clean: Machine) -> None:
    address = closed_address()
    run = clean.choose_source(airfield_download_mirror=f"http://{address}").check()
    run.says(
        f'The source is "packages", because http://{address}/kind.sigs.k8s.io',
        "did not answer (",
        "Connection refused",
        "The next run asks again, until there is a cluster",
        "Check the public downloads again",
    )
    assert not clean.source_file.exists()
    clean.choose_source().check()
    assert clean.source == "upstream"


def test_auto_does_not_wait_for_a_network_that_is_silent(clean: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        run = clean.choose_source(airfield_download_mirror=address, machine_source_timeout=1).check()
    run.says('The source is "packages"', "timed out")


def test_only_images_that_were_pulled_here_are_removed(clean: Machine, registry: Registry, versions: Values) -> None:
    """PostgreSQL's image was there before, as that of a developer would be."""
    before = f"{clean.registry}/postgres:{versions['postgres']}"
    docker("pull", "--quiet", before)
    clean.pull().check()
    pulled = f"{clean.registry}/apache/airflow:{versions['airflow']}"
    assert image_identity(pulled)
    clean.remove_images().check()
    assert image_identity(before)
    assert not image_identity(pulled)
    assert clean.remove_images().check().count("changed") == 0


def test_an_image_that_a_container_uses_stays(clean: Machine, registry: Registry, versions: Values) -> None:
    # One without a second name in Docker, by which it would live on.
    registry.add_image("postgres:98")
    registry.reference("postgres:98")
    clean.pull(airfield_versions={**versions, "postgres": 98}).check()
    used = f"{clean.registry}/postgres:98"
    container = docker("create", used, "name")
    try:
        clean.remove_images().check()
        assert image_identity(used)
        assert clean.recorded_images == [used]
        assert not image_identity(f"{clean.registry}/kindest/node:v{versions['kind_node']}")
    finally:
        docker("rm", container)

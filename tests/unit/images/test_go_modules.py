# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Go modules in images/: their versions are the collection's, and CoreDNS has the plugins of its Corefile."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).parents[3]
IMAGES = REPOSITORY / "images"
VERSIONS = yaml.safe_load((REPOSITORY / "roles/airfield/vars/main/versions.yml").read_text(encoding="utf-8"))
TESTED = VERSIONS["airfield_tested_versions"]
TOOLCHAIN = yaml.safe_load((REPOSITORY / "roles/toolchain/vars/main.yml").read_text(encoding="utf-8"))
PROGRAMS: list[dict[str, Any]] = [item for item in TOOLCHAIN["toolchain_go_modules"] if "directory" in item]

# CoreDNSConfigMap in cmd/kubeadm/app/phases/addons/dns/manifests.go of Kubernetes. kind and this collection keep it.
KUBEADM = f"k8s.io/kubernetes@v{TESTED['kubernetes']}/cmd/kubeadm/app/phases/addons/dns/manifests.go"
DIRECTIVES = [
    "errors",
    "health",
    "ready",
    "kubernetes",
    "prometheus",
    "forward",
    "cache",
    "loop",
    "reload",
    "loadbalance",
]
# The only one whose package has another name: plugin.cfg of CoreDNS.
PACKAGES = {"prometheus": "metrics"}


def required(directory: str) -> dict[str, str]:
    """Each module that a go.mod requires, with its version."""
    text = (IMAGES / directory / "go.mod").read_text(encoding="utf-8")
    lines = (line.removeprefix("require ").split() for line in text.partition("\nreplace")[0].splitlines())
    return {words[0]: words[1].removeprefix("v") for words in lines if len(words) > 1 and words[1].startswith("v")}


@pytest.mark.parametrize("program", PROGRAMS, ids=[item["name"] for item in PROGRAMS])
def test_go_mod_has_the_version_of_the_collection(program: dict[str, Any]) -> None:
    (name,) = re.findall(r"airfield_versions\.(\w+)", program["version"])
    assert required(program["directory"])[program["module"]] == str(TESTED[name])


@pytest.mark.parametrize("directory", sorted({item["directory"] for item in PROGRAMS}))
def test_the_compiler_is_new_enough(directory: str) -> None:
    text = (IMAGES / directory / "go.mod").read_text(encoding="utf-8")
    (version,) = re.findall(r"^go (\d+)\.(\d+)", text, re.MULTILINE)
    assert tuple(map(int, version)) <= tuple(map(int, str(TESTED["go"]).split(".")[:2]))


def test_all_parts_of_kubernetes_have_one_version() -> None:
    text = (IMAGES / "components" / "go.mod").read_text(encoding="utf-8")
    replaced = re.findall(r"=> (k8s\.io/\S+) v0\.(\S+)", text)
    assert len(replaced) > 20
    assert {f"1.{version}" for _name, version in replaced} == {TESTED["kubernetes"]}


def test_coredns_has_the_plugins_of_its_corefile_and_no_others() -> None:
    source = (IMAGES / "coredns" / "main.go").read_text(encoding="utf-8")
    plugins = re.findall(r'_ "github\.com/coredns/coredns/plugin/(\w+)"', source)
    assert plugins == sorted(PACKAGES.get(name, name) for name in DIRECTIVES)


def module_caches() -> list[Path]:
    """Where Go keeps the source of Kubernetes once the tests or an installation have built it."""
    build_cache = os.environ.get("AIRFIELD_BUILD_CACHE_DIR")
    caches = [Path(build_cache)] if build_cache else []
    caches += [Path.home() / ".cache/airfield-test/kept", Path.home() / ".cache/airfield"]
    return [cache / "go/pkg/mod" for cache in caches]


def test_the_corefile_of_kubeadm_has_these_directives() -> None:
    path = next((cache / KUBEADM for cache in module_caches() if (cache / KUBEADM).is_file()), None)
    if path is None:
        pytest.skip(f"No module cache has {KUBEADM}: nothing was built on this machine yet.")
    corefile = path.read_text(encoding="utf-8").partition("Corefile: |")[2].partition("`")[0]
    assert re.findall(r"^ {8}(\w+)", corefile, re.MULTILINE) == DIRECTIVES

# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory import git as rules
from ansible_collections.airfield.airflow.plugins.plugin_utils._inventory import rules as inventory_rules

HTTPS = {"url": "https://git.example.com/team/dags.git", "username": "airflow", "password": "hidden-secret"}
SSH = {"url": "git@git.example.com:team/dags.git", "ssh_private_key": "hidden-secret", "ssh_known_hosts": "x"}
GITOPS = {"airfield_deployer": "argocd", "airfield_dags_method": "git_bundle"}


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"airfield_git": {}, "airfield_deployer": "helm", "airfield_dags_method": "volume"}, []),
        ({"airfield_git": {"platform": HTTPS, "dags": SSH}, **GITOPS}, []),
        ({"airfield_git": {"dags": HTTPS}, "airfield_git_served": {"platform": None}, **GITOPS}, []),
        ({"airfield_git": {}, **GITOPS}, ["platform", "dags"]),
        ({"airfield_git": {"dags": HTTPS}, **GITOPS}, ["platform"]),
        ({"airfield_git": {}, "airfield_dags_method": "git_sync"}, ["dags"]),
        # Only known during the run.
        (GITOPS, []),
    ],
)
def test_what_comes_from_git_needs_a_repository(values: dict[str, Any], missing: list[str]) -> None:
    found = rules.git_problems(values)
    assert len(found) == len(missing)
    assert all(f"`airfield_git.{name}`, which is missing" in text for name, text in zip(missing, found, strict=True))


def test_a_missing_repository_is_said_with_what_to_write() -> None:
    assert rules.git_problems({"airfield_git": {}, "airfield_deployer": "argocd"}) == [
        "`airfield_deployer: argocd` reads what it installs from the Git repository `airfield_git.platform`, which is"
        " missing. Write `platform:` under `airfield_git` with `url`, `branch`, and `username` and `password`, or"
        " `ssh_private_key` and `ssh_known_hosts`; or write `platform: {}` under `airfield_git_served` to create it"
        " on the control host; or change `airfield_deployer`."
    ]


@pytest.mark.parametrize(
    ("repository", "words"),
    [
        (HTTPS, []),
        (SSH, []),
        ({"url": "http://git.example.com:3000/dags.git"}, []),
        ({**SSH, "url": "ssh://git@git.example.com:2222/dags.git"}, []),
        ({}, []),
        (None, []),
        (
            {"url": "https://airflow:hidden-secret@git.example.com/d.git"},
            ["contains credentials for https://git.example"],
        ),
        ({"url": "https://hidden-secret@git.example.com/d.git"}, ["give `username` and `password` instead"]),
        ({**SSH, "url": "ssh://git:hidden-secret@git.example.com/d.git"}, ["give `ssh_private_key` instead"]),
        ({"url": "git.example.com/d.git"}, ["is not a valid URL of a Git repository. Write https://"]),
        ({"url": "/srv/git/d.git"}, ["is a directory of this machine, which pods cannot read."]),
        ({"url": SSH["url"]}, ["`ssh_private_key` is missing", "`ssh-keyscan git.example.com`"]),
        ({**SSH, "ssh_known_hosts": ""}, ["but `ssh_known_hosts` is missing"]),
        ({**HTTPS, "username": ""}, ["`username` and `password` are only valid together"]),
        ({**HTTPS, "password": None}, ["`username` and `password` are only valid together"]),
    ],
)
def test_an_address_can_be_used_and_hides_no_secret(repository: Any, words: list[str]) -> None:
    found = rules.git_problems({"airfield_git": {"charts": repository}})
    assert len(found) == len(words)
    for word, problem in zip(words, found, strict=True):
        assert problem.startswith("`airfield_git.charts`: `")
        assert word in problem
        assert "hidden-secret" not in problem


def test_the_inventory_is_asked_about_git() -> None:
    values = {"airfield_git": {}, "airfield_deployer": "argocd"}
    assert len(inventory_rules.inventory_problems({"control_host": ["x"]}, values, {}, {}, ["airfield_"], {})) == 1

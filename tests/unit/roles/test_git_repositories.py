# Copyright: (c) 2026, The airfield.airflow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Git repositories: the entries of our own server, and the question to every server before anything is installed."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from ansible_collections.airfield.airflow.tests.unit.plugins.fakes.git_server import (
    PASSWORD,
    USER,
    Repository,
    git_server,
)

from .conftest import run_playbook
from .rendering import evaluate

Json = dict[str, Any]

WRONG = "a-wrong-word"


def test_served_repositories_get_an_address_and_the_password(tmp_path_factory: pytest.TempPathFactory) -> None:
    users = base64.b64encode(b"airfield:with:colon\n").decode()
    served = {
        "cluster_info": {"host_address": "172.18.0.1"},
        "airfield_git_served": {"platform": None, "dags": {"subdir": "dags"}, "charts": {}},
        "git_repositories_users": {"content": users},
    }
    cases = {"own": served, "port": {**served, "airfield_git_port": 4000, "git_repositories_username": "git"}}
    wanted = {"entries": "git_repositories_entries"}
    found = evaluate(tmp_path_factory.mktemp("entries"), ["git_repositories"], wanted, cases)
    entries = found["own"]["entries"]
    shared = {"username": "airfield", "password": "with:colon"}
    assert entries == {
        "platform": {"url": "http://172.18.0.1:3080/git/platform.git", **shared},
        "dags": {"url": "http://172.18.0.1:3080/git/dags.git", "subdir": "dags", **shared},
        "charts": {"url": "http://172.18.0.1:3080/git/charts.git", **shared},
    }
    other = found["port"]["entries"]["platform"]
    assert (other["url"], other["username"]) == ("http://172.18.0.1:4000/git/platform.git", "git")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what the role says of each case."""
    directory = tmp_path_factory.mktemp("repositories")
    (directory / "git").mkdir()
    Repository(directory / "git" / "platform.git")
    Repository(directory / "git" / "dags.git").commit({"dags/hello.py": "print('hello')\n"}, branch="live")
    with git_server(directory / "git") as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        shared = {"username": USER, "password": PASSWORD}
        platform = {"url": f"{server.url}/platform.git", **shared}
        dags = {"url": f"{server.url}/dags.git", "branch": "live", **shared}
        cases: dict[str, Json] = {
            "fine": {"airfield_git": {"platform": platform, "dags": dags}},
            "refused": {"airfield_git": {"platform": platform, "dags": {**dags, "password": WRONG}}},
            # The branch of the platform is made by the first push, that of the DAGs only by ours.
            "branch": {"airfield_git": {"dags": {**dags, "branch": "main"}}},
            "pushed": {"airfield_git": {"dags": {**dags, "branch": "main"}}, "airfield_dags_push": True},
            "remote": {
                "cluster_info": {"is_local": False},
                "airfield_git_served": {"platform": {}},
            },
        }
        tasks: list[Json] = []
        for name, variables in cases.items():
            role = {"ansible.builtin.include_role": {"name": "airfield.airflow.git_repositories"}, "vars": variables}
            end = {"ansible.builtin.debug": {"msg": f"END OF {name}: ok"}}
            sorry = {"ansible.builtin.debug": {"msg": f"END OF {name}: refused"}}
            tasks.append({"block": [role, end], "rescue": [sorry]})
        output = run_playbook(directory, tasks)
    assert [secret for secret in (WRONG, "pa55") if secret in output] == []
    parts = re.split(r"msg: 'END OF (\w+: \w+)'", " ".join(output.split()))
    told = {}
    for text, ending in zip(parts[::2], parts[1::2], strict=False):
        case, _colon, result = ending.partition(": ")
        told[case] = f"{result}: {text}"
    assert list(told) == list(cases)
    return told


def test_repositories_that_answer_are_accepted_without_a_server_of_our_own(said: dict[str, str]) -> None:
    assert said["fine"].startswith("ok: ")
    for name in ("platform", "dags"):
        assert f"(item={name})" in said["fine"]
    assert "docker" not in said["fine"]


def test_wrong_credentials_are_refused_in_words(said: dict[str, str]) -> None:
    assert said["refused"].startswith("refused: ")
    assert re.search(r"failed: \[localhost\] \(item=dags\)", said["refused"])
    assert "ok: [localhost] => (item=platform)" in said["refused"]
    sentence = r"msg: The Git server at http://\S+/dags\.git refused user robot\. Correct `username` and `password`"
    assert re.search(sentence, said["refused"])


def test_a_branch_must_be_there_unless_we_write_it(said: dict[str, str]) -> None:
    assert said["branch"].startswith("refused: ")
    assert "has no branch" in said["branch"]
    assert said["pushed"].startswith("ok: ")


def test_our_server_is_refused_where_pods_cannot_reach_it(said: dict[str, str]) -> None:
    assert said["remote"].startswith("refused: ")
    assert "which only a cluster on it can read. Put them on a Git server of your own" in said["remote"]
